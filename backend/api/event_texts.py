"""JSON of events, made once for all readers."""

import json
from collections import OrderedDict
from dataclasses import replace

from backend.contract.events import Event, Freshness, Snapshot, event_to_json
from backend.discovery.registry import Registry

_KEPT = 512
"""Twice what one reader may lag behind: who lags further gets a snapshot."""


class EventTexts:
    """Serialises events. The registry hands the same object to all readers, so an object is one text."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._texts: OrderedDict[int, tuple[Event, str]] = OrderedDict()

    def of(self, event: Event) -> str:
        """The message for ``event``; a snapshot is always the one of now, which is what a reader wants."""
        match event:
            case Snapshot():
                return self._snapshot()
            case Freshness():
                return _compact(event_to_json(event))
        known = self._texts.get(id(event))
        if known is None:
            # The event is kept with its text, so that no other object takes its id.
            known = self._texts[id(event)] = (event, _compact(event_to_json(event)))
            if len(self._texts) > _KEPT:
                self._texts.popitem(last=False)
        return known[1]

    def _snapshot(self) -> str:
        rest = event_to_json(replace(self._registry.snapshot(), instances=()))
        del rest["instances"]
        return f'{_compact(rest)[:-1]},"instances":{self._registry.instances_json().decode()}}}'


def _compact(document: object) -> str:
    return json.dumps(document, separators=(",", ":"))
