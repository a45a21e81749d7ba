"""Events as WebSocket frames, made once for all readers.

Where a hundred readers get two hundred changes at once, aiohttp would frame and write each message for each of them, at
30 us. A server's frames are the same for all readers, so they are made here, and all that waits for a reader is one
write.
"""

import struct
from collections import OrderedDict
from dataclasses import replace

import orjson

from backend.contract.events import Event, Freshness, Snapshot, event_to_json
from backend.discovery.registry import Registry

_KEPT = 512
"""Twice what one reader may lag behind: who lags further gets a snapshot."""
_TEXT = 0x81
"""Final fragment of a text message (RFC 6455, section 5.2)."""


class EventFrames:
    """Serialises events. The registry hands the same object to all readers, so an object is one frame."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._frames: OrderedDict[int, tuple[Event, bytes]] = OrderedDict()

    def of(self, event: Event) -> bytes:
        """The frame of ``event``; of a snapshot always the one of now, which is what a reader wants."""
        match event:
            case Snapshot():
                return frame(self._snapshot())
            case Freshness():
                return frame(orjson.dumps(event_to_json(event)))
        known = self._frames.get(id(event))
        if known is None:
            # The event is kept with its frame, so that no other object takes its id.
            known = self._frames[id(event)] = (event, frame(orjson.dumps(event_to_json(event))))
            if len(self._frames) > _KEPT:
                self._frames.popitem(last=False)
        return known[1]

    def _snapshot(self) -> bytes:
        rest = event_to_json(replace(self._registry.snapshot(), instances=()))
        del rest["instances"]
        return orjson.dumps(rest)[:-1] + b',"instances":' + self._registry.instances_json() + b"}"


def frame(text: bytes) -> bytes:
    """One text message from a server, unmasked."""
    if len(text) < 126:
        return struct.pack("!BB", _TEXT, len(text)) + text
    if len(text) < 65_536:
        return struct.pack("!BBH", _TEXT, 126, len(text)) + text
    return struct.pack("!BBQ", _TEXT, 127, len(text)) + text
