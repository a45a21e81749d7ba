"""The demo guest's messages between yards, as packaging/guest/README.md lays them out."""

import enum
import struct
from dataclasses import dataclass
from typing import Final

ETHER_TYPE: Final = 0x88B5
GROUP: Final = bytes.fromhex("034c4f434f01")
VERSION: Final = 1
_MAGIC: Final = b"Loco"
_LAYOUT: Final = struct.Struct(">6s6sH4sBBHIHBxQIHBBb7x")
_ETHERNET_BYTES: Final = 14
MESSAGE_BYTES: Final = _LAYOUT.size - _ETHERNET_BYTES
FRAME_BYTES: Final = 60
"""What a guest sends: the shortest frame that an Ethernet has."""


class Kind(enum.IntEnum):
    """What a message says."""

    HELLO = 1
    WHISTLE = 2
    ASK = 3
    CLEAR = 4
    BLOCKED = 5
    TRAIN = 6
    ARRIVED = 7
    RELEASED = 8
    AGAIN = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One frame."""

    kind: Kind
    sender: bytes
    to: bytes = GROUP
    life: int = 1
    number: int = 0
    trains: int = 0
    id: int = 0
    your_life: int = 0
    train: int = 0
    colour: int = 0
    cars: int = 0
    speed: int = 0

    def encode(self, *, version: int = VERSION, length: int = MESSAGE_BYTES) -> bytes:
        """The frame, as long as an Ethernet wants it at least; `version` and `length` may lie."""
        head = (self.to, self.sender, ETHER_TYPE, _MAGIC, version, self.kind, length)
        body = (self.life, self.number, self.trains, self.id, self.your_life)
        return _LAYOUT.pack(*head, *body, self.train, self.colour, self.cars, self.speed).ljust(FRAME_BYTES, b"\0")


def decode(frame: bytes) -> Message:
    """The message in a frame.

    Raises:
        ValueError: it is none of this protocol, or a broken one.
    """
    if len(frame) < _LAYOUT.size:
        raise ValueError("too short")
    to, sender, ether_type, magic, version, kind, length, *body = _LAYOUT.unpack_from(frame)
    if (ether_type, magic, version) != (ETHER_TYPE, _MAGIC, VERSION):
        raise ValueError("another protocol")
    if not MESSAGE_BYTES <= length <= len(frame) - _ETHERNET_BYTES:
        raise ValueError("a length that lies")
    life, number, trains, identity, your_life, train, colour, cars, speed = body
    return Message(
        kind=Kind(kind), sender=sender, to=to, life=life, number=number, trains=trains, id=identity,
        your_life=your_life, train=train, colour=colour, cars=cars, speed=speed,
    )  # fmt: skip
