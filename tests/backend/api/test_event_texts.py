from typing import Any

from backend.api import event_texts
from backend.api.event_texts import EventTexts
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
    texts = EventTexts(known)
    added = Added(7, Instance(id="instance-1", slot=1, name="PC", state=InstanceState.READY))
    for event in (added, FocusChanged(None), Freshness(3, True, 0.5)):
        assert event_from_json(texts.of(event)) == event
    snapshot = event_from_json(texts.of(known.snapshot()))
    assert snapshot is not None
    assert {**vars_of(snapshot), "age_s": 0} == {**vars_of(known.snapshot()), "age_s": 0}


def test_an_event_is_serialised_once_for_all_readers_and_texts_do_not_pile_up() -> None:
    texts = EventTexts(registry())
    events = [FocusChanged(str(number)) for number in range(2000)]
    assert texts.of(events[0]) is texts.of(events[0])
    for event in events:
        texts.of(event)
    assert len(texts._texts) == event_texts._KEPT


def vars_of(event: Any) -> dict[str, Any]:
    return {name: getattr(event, name) for name in event.__slots__}
