"""Messages of the event stream."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.contract import events
from backend.contract.errors import VersionError, WireError
from backend.contract.events import (
    Added,
    Event,
    FocusChanged,
    Freshness,
    Removed,
    Snapshot,
    Updated,
    event_from_json,
    event_to_json,
)
from backend.contract.instance import Instance, InstanceState

INSTANCE = Instance(
    id="instance-2",
    slot=2,
    name="Depot",
    state=InstanceState.BOOTING,
    reason="Starting the machine.",
    addresses=("10.0.0.2", "fd00::2"),
    port=8080,
    zone="a",
    node="n1",
    health=50,
    since=1.5,
    last_seen=2.5,
)
EVENTS: list[Event] = [
    Snapshot(7, (INSTANCE,), "local", synced=True, age_s=0.25, focus="instance-2"),
    Snapshot(0, (), "local", synced=False, age_s=0.0, focus=None),
    Added(8, INSTANCE),
    Updated(9, INSTANCE),
    Removed(10, "instance-2"),
    FocusChanged(None),
    FocusChanged("instance-1"),
    Freshness(10, synced=True, age_s=3.0),
]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_an_event_is_read_back(event: Event) -> None:
    assert event_from_json(json.dumps(event_to_json(event))) == event


def test_every_event_type_is_among_those_tested() -> None:
    assert {type(event) for event in EVENTS} == set(events.Event.__args__)


@given(st.sampled_from(EVENTS), st.data())
def test_an_event_without_a_field_or_with_a_wrong_one_is_read_or_refused(event: Event, data: st.DataObject) -> None:
    plain = event_to_json(event)
    name = data.draw(st.sampled_from(sorted(plain)))
    plain[name] = data.draw(st.none() | st.integers() | st.text() | st.lists(st.integers()))
    try:
        event_from_json(json.dumps(plain))
    except WireError as error:
        assert str(error)


def test_an_unknown_tag_is_not_an_error() -> None:
    assert event_from_json('{"type": "weather/changed"}') is None


def test_a_snapshot_of_another_version_is_refused() -> None:
    snapshot = event_to_json(EVENTS[0])
    with pytest.raises(VersionError):
        event_from_json(json.dumps(snapshot | {"version": 0}))
