import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.contract.events import Added, DiscoveryState, Event, FocusChanged, Freshness, Removed, Snapshot, Updated
from backend.contract.instance import Instance, InstanceState
from loco_kiosk.client.errors import BackendError
from loco_kiosk.client.roster import Roster


def instance(slot: int, state: InstanceState = InstanceState.READY) -> Instance:
    return Instance(id=f"instance-{slot}", slot=slot, name=str(slot), state=state)


def snapshot(revision: int, *slots: int) -> Snapshot:
    return Snapshot(revision, tuple(instance(slot) for slot in slots), "static", True, 1.0, None)


def test_a_snapshot_replaces_everything() -> None:
    roster = Roster()
    roster.apply(snapshot(4, 0, 1))
    roster.apply(snapshot(2, 5))
    assert list(roster.instances) == ["instance-5"]
    assert (roster.revision, roster.mode, roster.synced) == (2, "static", True)


@given(st.lists(st.tuples(st.sampled_from("aur"), st.integers(0, 4)), max_size=30))
def test_changes_lead_to_the_same_roster_as_the_backend_has(changes: list[tuple[str, int]]) -> None:
    roster, truth = Roster(), {"instance-0": instance(0)}
    roster.apply(snapshot(0, 0))
    for revision, (kind, slot) in enumerate(changes, 1):
        event: Event
        if kind == "r":
            truth.pop(f"instance-{slot}", None)
            event = Removed(revision, f"instance-{slot}")
        else:
            new = instance(slot, InstanceState.LOST if revision % 2 else InstanceState.READY)
            truth[new.id] = new
            event = Added(revision, new) if kind == "a" else Updated(revision, new)
        roster.apply(event)
    assert roster.instances == truth


@pytest.mark.parametrize("event", [Added(9, instance(1)), Removed(9, "instance-0"), Freshness(9, True, 0.0)])
def test_a_gap_calls_for_a_new_snapshot(event: Event) -> None:
    roster = Roster()
    roster.apply(snapshot(7, 0))
    with pytest.raises(BackendError, match="new snapshot"):
        roster.apply(event)
    assert list(roster.instances) == ["instance-0"]


def test_focus_and_freshness_are_kept() -> None:
    roster = Roster()
    roster.apply(snapshot(7, 0))
    roster.apply(FocusChanged("instance-0"))
    roster.apply(Freshness(7, False, 30.0))
    assert (roster.focus, roster.synced, roster.age_s) == ("instance-0", False, 30.0)


def test_what_a_backend_that_just_started_does_not_know_yet_is_kept_until_it_knows_all() -> None:
    roster = Roster()
    roster.apply(snapshot(7, 0, 1, 2))
    roster.apply(Snapshot(1, (instance(0),), "static", False, 0.0, None))
    assert sorted(roster.instances) == ["instance-0", "instance-1", "instance-2"]
    roster.apply(Added(2, instance(1, InstanceState.BOOTING)))
    roster.apply(Freshness(2, True, 0.0))
    assert sorted(roster.instances) == ["instance-0", "instance-1"]
    assert roster.instances["instance-1"].state is InstanceState.BOOTING


def test_how_far_the_source_can_be_trusted_is_kept_with_its_reason() -> None:
    roster = Roster()
    states = [roster.state]
    roster.apply(snapshot(7, 0))
    states.append(roster.state)
    roster.apply(Freshness(7, True, 9.0, DiscoveryState.STALE, "The API server is silent."))
    assert [*states, roster.state] == [DiscoveryState.INIT, DiscoveryState.LIVE, DiscoveryState.STALE]
    assert roster.reason == "The API server is silent."
