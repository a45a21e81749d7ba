from typing import Any

import pytest

from backend.api import event_frames
from backend.api.event_frames import EventFrames, frame
from backend.contract.events import Added, FocusChanged, Freshness, event_from_json
from backend.contract.instance import Instance, InstanceState
from backend.discovery.registry import Registry
from backend.discovery.source import Sighting, Synced, Upsert


def registry() -> Registry:
    made = Registry("static")
    made.apply(Upsert(Sighting(id="instance-0", slot=0, name="PC 1")))
    made.apply(Synced(frozenset({"instance-0"})))
    return made


def test_a_message_reads_back_as_its_event() -> None:
    known = registry()
    frames = EventFrames(known)
    added = Added(7, Instance(id="instance-1", slot=1, name="PC", state=InstanceState.READY))
    for event in (added, FocusChanged(None), Freshness(3, True, 0.5)):
        assert event_from_json(text_of(frames.of(event))) == event
    snapshot = event_from_json(text_of(frames.of(known.snapshot())))
    assert snapshot is not None
    assert {**vars_of(snapshot), "age_s": 0} == {**vars_of(known.snapshot()), "age_s": 0}


def test_an_event_is_serialised_once_for_all_readers_and_frames_do_not_pile_up() -> None:
    frames = EventFrames(registry())
    events = [FocusChanged(str(number)) for number in range(2000)]
    assert frames.of(events[0]) is frames.of(events[0])
    for event in events:
        frames.of(event)
    assert len(frames._frames) == event_frames._KEPT


def vars_of(event: Any) -> dict[str, Any]:
    return {name: getattr(event, name) for name in event.__slots__}


def text_of(data: bytes) -> bytes:
    """The payload of one unmasked frame (RFC 6455, section 5.2)."""
    assert data[0] == 0x81
    size = {126: 2, 127: 8}.get(data[1], 0)
    length = int.from_bytes(data[2 : 2 + size]) if size else data[1]
    assert len(data) == 2 + size + length
    return data[2 + size :]


@pytest.mark.parametrize("length", [0, 125, 126, 65_535, 65_536, 300_000])
def test_a_frame_of_any_length_is_read_by_others(length: int) -> None:
    assert text_of(frame(b"x" * length)) == b"x" * length
