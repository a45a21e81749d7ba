import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.discovery.kubernetes.errors import ApiStatusError, GarbledError, GoneError
from backend.discovery.kubernetes.store import Change, Listing, Object, Store, change_of, drop_fields, uid_of


def item(uid: str, version: int, **more: object) -> Object:
    return {"metadata": {"uid": uid, "resourceVersion": str(version), **more}}


def change(kind: str, uid: str, version: int) -> Change:
    return Change(kind, str(version), item(uid, version))


def listing(*objects: Object, version: int = 1) -> Listing:
    return Listing({uid_of(one): one for one in objects}, str(version))


UIDS = st.sampled_from("abcde")
CHANGES = st.builds(change, st.sampled_from(["ADDED", "MODIFIED", "DELETED", "BOOKMARK"]), UIDS, st.integers(1, 50))
LISTINGS = st.lists(st.builds(item, UIDS, st.integers(1, 50))).map(lambda objects: listing(*objects))


@given(st.lists(CHANGES | LISTINGS), LISTINGS, st.data())
def test_after_a_list_the_copy_equals_it_whatever_came_before_in_any_order_and_how_often(
    story: list[Change | Listing], last: Listing, data: st.DataObject
) -> None:
    store = Store()
    for step in data.draw(st.permutations(story + story[: len(story) // 2])):
        store.replace(step) if isinstance(step, Listing) else store.apply(step)
    store.replace(last)
    assert store.objects == last.objects
    assert not store.differing(last)
    assert store.replace(last) is False


@given(LISTINGS, st.lists(CHANGES))
def test_a_watch_that_tells_the_changes_of_a_list_ends_in_the_same_state(last: Listing, story: list[Change]) -> None:
    store = Store()
    for step in story:
        store.apply(step)
    for uid in store.differing(last):
        if uid in last.objects:
            store.apply(Change("MODIFIED", "50", last.objects[uid]))
        else:
            store.apply(change("DELETED", uid, 50))
    assert store.objects.keys() == last.objects.keys()
    assert not store.differing(last)


@given(st.lists(CHANGES))
def test_a_change_told_twice_changes_nothing_the_second_time(story: list[Change]) -> None:
    store = Store()
    for step in story:
        store.apply(step)
        before = dict(store.objects)
        assert store.apply(step) is False
        assert store.objects == before


def test_objects_that_were_handed_out_are_not_altered() -> None:
    store = Store()
    store.apply(change("ADDED", "a", 1))
    handed_out = store.objects["a"]
    store.apply(change("MODIFIED", "a", 2))
    assert handed_out == item("a", 1)


def test_it_collects_what_the_watch_touches_meanwhile() -> None:
    store = Store()
    store.apply(change("ADDED", "a", 1))
    with store.touched() as uids:
        store.apply(change("ADDED", "b", 2))
        store.apply(change("DELETED", "c", 3))
    store.apply(change("ADDED", "d", 4))
    assert uids == {"b", "c"}


def test_410_inside_the_stream_is_the_error_for_it() -> None:
    line = {"type": "ERROR", "object": {"code": 410, "reason": "Expired", "message": "too old resource version"}}
    with pytest.raises(GoneError, match="too old"):
        change_of(json.dumps(line).encode())


def test_any_other_error_inside_the_stream_is_told() -> None:
    with pytest.raises(ApiStatusError, match="500"):
        change_of(b'{"type": "ERROR", "object": {}}')


@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"type": "ADDED"}',
        b'{"type": "ADDED", "object": null}',
        b'{"type": "ADDED", "object": {"metadata": {}}}',
        b'{"type": "ADDED", "object": {"metadata": {"resourceVersion": 7}}}',
        b'{"type": "SHRUNK", "object": {"metadata": {"resourceVersion": "7"}}}',
        b'{"type": "ERROR", "object": 3}',
    ],
)
def test_a_line_that_is_no_event_is_refused(line: bytes) -> None:
    with pytest.raises(GarbledError):
        change_of(line)


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader_of_lines(line: bytes) -> None:
    with pytest.raises((GarbledError, ApiStatusError)):
        change_of(line)


@pytest.mark.parametrize("broken", [{}, {"metadata": None}, {"metadata": {"uid": ""}}, {"metadata": {"uid": 5}}])
def test_an_object_without_identity_is_refused(broken: Object) -> None:
    with pytest.raises(GarbledError):
        uid_of(broken)


def test_fields_are_dropped_where_they_are_and_ignored_where_they_are_not() -> None:
    drop = (("metadata", "managedFields"), ("spec", "volumes"), ("status", "a", "b"))
    shrunk = drop_fields({"metadata": {"uid": "a", "managedFields": []}, "spec": None, "status": {"a": 1}}, drop)
    assert shrunk == {"metadata": {"uid": "a"}, "spec": None, "status": {"a": 1}}


def test_fields_of_the_elements_of_a_list_are_dropped() -> None:
    containers = [{"name": "one", "env": []}, {"name": "two"}, None]
    shrunk = drop_fields({"spec": {"containers": containers}}, (("spec", "containers", "env"),))
    assert shrunk == {"spec": {"containers": [{"name": "one"}, {"name": "two"}, None]}}
