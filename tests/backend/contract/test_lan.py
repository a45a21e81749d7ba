import dataclasses
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.contract.errors import VersionError, WireError
from backend.contract.lan import DirectPlay, LanStatus, Layer2, PairReach, PortKind, PortState, PortStatus, RoomStatus

TEXT = st.text(max_size=12)
COUNT = st.integers(0, 2**63)
COUNTS = st.dictionaries(TEXT, COUNT, max_size=3)
AGE = st.floats(-1, 1e9, allow_nan=False)
TEXTS = st.lists(TEXT, max_size=3).map(tuple)
PORT = st.builds(
    PortStatus,
    number=COUNT,
    name=TEXT,
    kind=st.sampled_from(PortKind),
    state=st.sampled_from(PortState),
    reason=TEXT,
    since=AGE,
    macs=TEXTS,
    addresses=TEXTS,
    heard_age_s=AGE,
    frames_in=COUNT,
    frames_out=COUNT,
    bytes_in=COUNT,
    bytes_out=COUNT,
    drops=COUNTS,
    broadcasts=COUNTS,
    directplay=st.sampled_from(DirectPlay),
    directplay_ports=st.lists(COUNT, max_size=3).map(tuple),
)
PAIR = st.builds(
    PairReach,
    a=COUNT,
    b=COUNT,
    layer2=st.sampled_from(Layer2),
    frames_ab=COUNT,
    frames_ba=COUNT,
    directplay=st.sampled_from(DirectPlay),
)
ROOM = st.builds(
    RoomStatus,
    name=TEXT,
    ports=st.lists(PORT, max_size=2).map(tuple),
    pairs=st.lists(PAIR, max_size=2).map(tuple),
    network=TEXT,
)
LAN = st.builds(LanStatus, site=TEXT, uptime_s=AGE, rooms=st.lists(ROOM, max_size=2).map(tuple))


@given(LAN)
def test_what_is_written_is_read_back(status: LanStatus) -> None:
    assert LanStatus.from_json(json.loads(json.dumps(status.to_json()))) == status


def test_fields_that_a_newer_switch_adds_are_ignored() -> None:
    port = PortStatus(number=1, name="instance-0", kind=PortKind.DGRAM, state=PortState.UP)
    assert PortStatus.from_json(port.to_json() | {"colour": "red"}) == port


def test_another_version_is_refused_in_words() -> None:
    with pytest.raises(VersionError, match="guest LAN speaks protocol 99"):
        LanStatus.from_json(LanStatus().to_json() | {"version": 99})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("kind", "carrier pigeon"),
        ("state", 3),
        ("number", "1"),
        ("number", True),
        ("macs", "aa"),
        ("drops", {"full": "many"}),
        ("directplay_ports", [1.5]),
        ("directplay", "maybe"),
    ],
)
def test_a_port_with_a_wrong_field_is_refused(name: str, value: Any) -> None:
    port = PortStatus(number=1, name="instance-0", kind=PortKind.DGRAM, state=PortState.UP)
    with pytest.raises(WireError):
        PortStatus.from_json(port.to_json() | {name: value})


@pytest.mark.parametrize("rooms", ["lan", [1], {"name": "lan"}])
def test_rooms_that_are_no_list_of_objects_are_refused(rooms: Any) -> None:
    with pytest.raises(WireError, match="rooms"):
        LanStatus.from_json(LanStatus().to_json() | {"rooms": rooms})


def test_every_field_is_on_the_wire() -> None:
    pair = PairReach(a=1, b=2, layer2=Layer2.PROVEN)
    assert set(pair.to_json()) == {field.name for field in dataclasses.fields(PairReach)}
