import itertools
import random
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.contract.instance import InstanceState
from backend.discovery.kubernetes.drift import Disputes
from backend.discovery.kubernetes.facts import read_endpoints, read_pod, read_slice
from backend.discovery.kubernetes.merge import Memo, Observed, merge, observe
from tests.backend.discovery.kubernetes.cluster_objects import (
    Json,
    apply,
    by_uid,
    deleted,
    endpoint,
    pod,
    recorded,
    slice_of,
)

PENDING, BOOTING, READY = InstanceState.PENDING, InstanceState.BOOTING, InstanceState.READY
DEGRADED, TERMINATING, LOST = InstanceState.DEGRADED, InstanceState.TERMINATING, InstanceState.LOST
NINE = list(range(9))


class Replay:
    """Merges after each event of some recorded streams, in the order of their times."""

    def __init__(self, *resources: str) -> None:
        self.objects: dict[str, dict[str, Json]] = {"pods": {}, "endpointslices": {}, "endpoints": {}}
        self.resources = resources
        self.seen_ready: set[str] = set()
        self.story: dict[int, list[tuple[str, InstanceState | None]]] = {ordinal: [] for ordinal in NINE}
        self.disputes, self.lasting_disputes = Disputes(patience_s=0.0), Disputes(patience_s=1.0)
        events: list[tuple[float, str, Json]] = []
        for name in resources:
            _, items, told = recorded(name)
            self.objects[name] = by_uid(items)
            events += [(at, name, event) for at, event in told]
        self.now = self.take()
        for at, name, event in sorted(events, key=lambda each: each[0]):
            apply(self.objects[name], event)
            self.now = self.take()
            for disputes in (self.disputes, self.lasting_disputes):
                disputes.update([each.uid for each in self.now.values() if each.disputed], at)

    def take(self) -> dict[int, Observed]:
        pods = [pod for item in self.objects["pods"].values() if (pod := read_pod(item, "health"))]
        listed = [end for item in self.objects["endpointslices"].values() for end in read_slice(item, "health")]
        listed += [end for item in self.objects["endpoints"].values() for end in read_endpoints(item, "health")]
        known = "pods" in self.resources
        endpoints = listed if len(self.resources) > known else None
        now = merge(endpoints, pods, seen_ready=self.seen_ready, pods_known=known)
        self.seen_ready |= {each.uid for each in now.values() if each.state is READY}
        for ordinal in NINE:
            found = now.get(ordinal)
            step = (found.uid, found.state) if found else ("", None)
            if self.story[ordinal][-1:] != [step]:
                self.story[ordinal].append(step)
        return now

    def states(self, ordinal: int) -> list[InstanceState | None]:
        return [state for _, state in self.story[ordinal]]


@pytest.mark.parametrize(
    "resources",
    [
        ("pods",),
        ("endpointslices",),
        ("endpoints",),
        ("pods", "endpointslices"),
        ("pods", "endpoints"),
    ],
)
def test_every_recorded_stream_ends_with_the_same_nine_ready_instances(resources: tuple[str, ...]) -> None:
    now = Replay(*resources).now
    _, _, events = recorded("pods")
    last = {event["object"]["metadata"]["name"]: event["object"] for _, event in events}
    assert sorted(now) == NINE
    for ordinal in NINE[1:]:
        item = last[f"emu-{ordinal}"]
        found = now[ordinal]
        assert (found.uid, found.state, found.addresses) == (
            *(item["metadata"]["uid"], READY),
            (item["status"]["podIP"],),
        )
        assert (found.port, found.node) == (8080, "node-a")
    assert now[0].state is READY


@pytest.mark.parametrize("resources", [("pods",), ("pods", "endpointslices"), ("pods", "endpoints")])
def test_the_recorded_scaling_looks_as_it_was(resources: tuple[str, ...]) -> None:
    replay = Replay(*resources)
    assert replay.states(0) == [READY]
    for ordinal in [*NINE[1:7], 8]:
        assert replay.states(ordinal) == [READY, TERMINATING, None, PENDING, BOOTING, READY]
        uids = [uid for uid, _ in replay.story[ordinal]]
        assert len(set(uids)) == 3, "the old pod, none, the new pod"
    assert replay.states(7) == [READY, TERMINATING, None, PENDING, BOOTING, READY, DEGRADED, READY]


def test_slices_alone_tell_the_same_story_from_the_first_address_on() -> None:
    replay = Replay("endpointslices")
    assert replay.states(3) == [READY, TERMINATING, None, BOOTING, READY]
    assert replay.states(7) == [READY, TERMINATING, None, BOOTING, READY, DEGRADED, READY]


def test_endpoints_alone_cannot_tell_terminating_but_lose_nothing() -> None:
    replay = Replay("endpoints")
    assert replay.states(3) == [READY, None, BOOTING, READY]
    assert replay.states(7)[-2:] == [DEGRADED, READY]


def test_pods_and_slices_of_a_healthy_cluster_never_differ_for_long() -> None:
    replay = Replay("pods", "endpointslices")
    assert replay.disputes.total
    assert replay.lasting_disputes.total == 0


def states(slices: Iterable[Json], pods: Iterable[Json], **more: Any) -> dict[int, InstanceState]:
    return {ordinal: each.state for ordinal, each in observe(slices, pods, **more).items()}


def test_scaling_from_one_to_nine_and_back_with_gaps_keeps_each_in_its_slot() -> None:
    pods = [pod(ordinal) for ordinal in NINE]
    all_nine = [slice_of(*(endpoint(ordinal) for ordinal in NINE))]
    assert states([slice_of(endpoint(0))], pods[:1]) == {0: READY}
    assert states(all_nine, pods) == dict.fromkeys(NINE, READY)
    ending = [pods[0], *map(deleted, pods[1:])]
    assert states(all_nine, ending) == {0: READY, **dict.fromkeys(NINE[1:], TERMINATING)}
    assert states(all_nine, [pods[0], deleted(pods[4])]) == {0: READY, 4: TERMINATING}
    assert states(all_nine, pods[:1]) == {0: READY}, "what the frozen slices still list does not come back"


def test_a_replaced_pod_of_the_same_name_is_the_new_one() -> None:
    old, new = deleted(pod(3, uid="old")), pod(3, uid="new", ready=False, ip=None)
    both = [slice_of(endpoint(3, uid="old", address="10.0.0.77"))]
    for pods in itertools.permutations([old, new]):
        found = observe(both, pods)[3]
        assert (found.uid, found.state, found.addresses) == ("new", PENDING, ())


def test_a_rolling_update_goes_through_every_state_in_order() -> None:
    seen = []
    for item in (
        pod(0, uid="a"),
        deleted(pod(0, uid="a")),
        None,
        pod(0, uid="b", ready=False, ip=None),
        pod(0, uid="b", ready=False),
        pod(0, uid="b"),
    ):
        found = observe([], [item] if item else [])
        seen.append(found[0].state if found else None)
    assert seen == [READY, TERMINATING, None, PENDING, BOOTING, READY]


def test_two_families_and_several_slices_are_one_instance() -> None:
    slices = [
        slice_of(endpoint(0), name="v4"),
        slice_of(endpoint(0, address="fd00::1"), name="v6", family="IPv6"),
        slice_of(endpoint(0), endpoint(1), name="overlap"),
    ]
    six_first = pod(0, podIPs=[{"ip": "fd00::1"}, {"ip": "10.0.0.0"}])
    for order in itertools.permutations(slices):
        found = observe(order, [pod(0, podIPs=[{"ip": "10.0.0.0"}, {"ip": "fd00::1"}]), pod(1)])
        assert [each.addresses for each in found.values()] == [("10.0.0.0", "fd00::1"), ("10.0.0.1",)]
        assert observe(order, [six_first])[0].addresses == ("fd00::1", "10.0.0.0")


def test_publishing_addresses_that_are_not_ready_makes_nothing_ready() -> None:
    published = endpoint(0, ready=True, serving=False)
    assert states([slice_of(published)], [pod(0, ready=False)]) == {0: BOOTING}
    assert states([slice_of(published)], []) == {}
    alone = merge(list(read_slice(slice_of(published), "http")), [], pods_known=False)
    assert alone[0].state is BOOTING


def test_a_pod_is_believed_before_its_slice_and_the_difference_is_marked() -> None:
    late = slice_of(endpoint(0, ready=False, serving=False))
    found = observe([late], [pod(0)])[0]
    assert (found.state, found.disputed) == (READY, True)
    assert not observe([slice_of(endpoint(0))], [pod(0)])[0].disputed
    assert observe([], [pod(0)])[0].disputed
    assert not merge(None, [known for known in [read_pod(pod(0), "http")] if known])[0].disputed


def test_a_slice_that_saw_the_deletion_first_is_believed() -> None:
    found = observe([slice_of(endpoint(0, ready=False, terminating=True))], [pod(0)])[0]
    assert (found.state, found.reason) == (TERMINATING, "It is being stopped on purpose.")


def test_who_was_ready_before_is_degraded_and_not_booting() -> None:
    assert states([], [pod(0, ready=False)], seen_ready={"uid-0"}) == {0: DEGRADED}
    assert states([], [pod(0, ready=False)], seen_ready={"uid-1"}) == {0: BOOTING}


def test_zone_and_port_come_from_the_slice_and_else_from_the_pod() -> None:
    found = observe([slice_of(endpoint(0), port=9000)], [pod(0)])[0]
    assert (found.port, found.zone, found.node) == (9000, "zone-a", "node-a")
    alone = pod(0)
    alone["metadata"]["labels"]["topology.kubernetes.io/zone"] = "zone-b"
    found = observe([], [alone])[0]
    assert (found.port, found.zone) == (8481, "zone-b")


def test_old_pods_only_add_what_endpoints_cannot_know() -> None:
    endpoints = list(read_slice(slice_of(endpoint(0), endpoint(1, serving=False, ready=False)), "http"))
    items = [pod(0), pod(1), pod(2), pod(3, ready=False, ip=None)]
    old = [known for known in (read_pod(item, "http") for item in items) if known]
    found = merge(endpoints, old, pods_known=False)
    assert {ordinal: each.state for ordinal, each in found.items()} == {0: READY, 1: DEGRADED, 3: PENDING}


pods_of_any_kind = st.builds(
    lambda ordinal, uid, ready, ip, mark: (deleted if mark else dict)(pod(ordinal, uid=uid, ready=ready, ip=ip)),
    st.integers(0, 3),
    st.sampled_from("abcdef"),
    st.booleans(),
    st.sampled_from([None, "10.0.0.1", "fd00::1"]),
    st.booleans(),
)
flag = st.sampled_from([None, True, False])
endpoints_of_any_kind = st.builds(
    lambda ordinal, uid, address, ready, serving, terminating: endpoint(
        ordinal, uid=uid, address=address, ready=ready, serving=serving, terminating=terminating
    ),
    *(st.integers(0, 3), st.sampled_from("abcdef"), st.sampled_from(["10.0.0.1", "fd00::1"]), flag, flag, flag),
)


@given(
    st.lists(pods_of_any_kind, max_size=6, unique_by=lambda item: item["metadata"]["uid"]),
    st.lists(st.lists(endpoints_of_any_kind, max_size=4), max_size=3),
    st.integers(),
    st.booleans(),
)
def test_neither_order_nor_doubles_change_what_is_seen(
    pods: list[Json], slices: list[list[Json]], seed: int, pods_known: bool
) -> None:
    shuffled = random.Random(seed)

    def look(pods: list[Json], slices: list[list[Json]]) -> dict[int, Observed]:
        endpoints = [end for each in slices for end in read_slice(slice_of(*each), "http")]
        return merge(endpoints, [p for p in (read_pod(i, "http") for i in pods) if p], pods_known=pods_known)

    expected = look(pods, slices)
    for _ in range(3):
        other = shuffled.sample(slices * 2, len(slices) * 2)
        assert look(shuffled.sample(pods, len(pods)), [shuffled.sample(e, len(e)) for e in other]) == expected
    assert all(each.state is READY or each.reason for each in expected.values())
    assert all(ordinal == each.ordinal for ordinal, each in expected.items())


@given(
    st.lists(
        st.tuples(
            st.lists(pods_of_any_kind, max_size=4, unique_by=lambda item: item["metadata"]["uid"]),
            st.none() | st.lists(endpoints_of_any_kind, max_size=4),
            st.sets(st.sampled_from("abcdef")),
        ),
        max_size=4,
    )
)
def test_what_is_kept_from_the_merges_before_changes_nothing(
    story: list[tuple[list[Json], list[Json] | None, set[str]]],
) -> None:
    memo = Memo()
    for raw, listed, seen_ready in story:
        pods = [p for p in (read_pod(item, "http") for item in raw) if p]
        endpoints = None if listed is None else list(read_slice(slice_of(*listed), "http"))
        kept = merge(endpoints, pods, seen_ready=seen_ready, memo=memo)
        assert kept == merge(endpoints, pods, seen_ready=seen_ready)
        again = merge(endpoints, pods, seen_ready=seen_ready, memo=memo)
        assert all(again[ordinal] is each for ordinal, each in kept.items()), "nobody need look at it again"
