"""Binary codec of the ``keys`` and ``pointer`` data channels, viewer to streamer.

Every message starts with ``kind: u8, flags: u8, sequence: u32``, little endian; what follows depends on the kind.

====  ===========  ========  =========================================================================
kind  message      channel   rest
====  ===========  ========  =========================================================================
1     Key          keys      W3C UI Events code in ASCII, such as ``KeyA``; flags bit 0: down
2     ReleaseAll   keys      nothing
3     Button       keys      button: u8, x: u16, y: u16; flags bit 0: down, bit 1: x and y are meant
4     Wheel        keys      steps down: i8, steps right: i8
5     MoveTo       pointer   x: u16, y: u16, a fraction of 65535 of the picture
6     MoveBy       pointer   x: i32, y: i32, the sum of all movements of this session in guest pixels
====  ===========  ========  =========================================================================

``MoveBy`` carries sums, so that the next one heals a lost one. Sequence numbers count up over both channels of a
session; of two pointer messages the one with the higher number wins.
"""

import struct
from dataclasses import dataclass
from typing import assert_never

from backend.contract.errors import WireError

FULL_SCALE = 65_535
MAX_CODE_LENGTH = 24
BUTTONS = ("left", "middle", "right", "side", "extra")
"""Index is the number on the wire."""

_HEAD = struct.Struct("<BBI")
_BUTTON = struct.Struct("<BHH")
_WHEEL = struct.Struct("<bb")
_MOVE_TO = struct.Struct("<HH")
_MOVE_BY = struct.Struct("<ii")
_DOWN = 1
_POSITION = 2


@dataclass(frozen=True, slots=True)
class Key:
    """A physical key, by its W3C code."""

    sequence: int
    code: str
    down: bool


@dataclass(frozen=True, slots=True)
class ReleaseAll:
    """Every key and button of this viewer goes up."""

    sequence: int


@dataclass(frozen=True, slots=True)
class Button:
    """A mouse button; ``position`` in fractions of :data:`FULL_SCALE` where the guest takes positions."""

    sequence: int
    button: int
    down: bool
    position: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Wheel:
    """Wheel steps; positive is down and right."""

    sequence: int
    down: int
    right: int = 0


@dataclass(frozen=True, slots=True)
class MoveTo:
    """Pointer position in fractions of :data:`FULL_SCALE`."""

    sequence: int
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class MoveBy:
    """Sum of all pointer movements of this session, in guest pixels."""

    sequence: int
    x: int
    y: int


InputMessage = Key | ReleaseAll | Button | Wheel | MoveTo | MoveBy


def encode(message: InputMessage) -> bytes:
    """Bytes of one data channel message."""
    sequence = message.sequence & 0xFFFF_FFFF
    match message:
        case Key():
            return _HEAD.pack(1, message.down, sequence) + message.code.encode("ascii")
        case ReleaseAll():
            return _HEAD.pack(2, 0, sequence)
        case Button():
            flags = message.down | (_POSITION if message.position is not None else 0)
            return _HEAD.pack(3, flags, sequence) + _BUTTON.pack(message.button, *(message.position or (0, 0)))
        case Wheel():
            return _HEAD.pack(4, 0, sequence) + _WHEEL.pack(message.down, message.right)
        case MoveTo():
            return _HEAD.pack(5, 0, sequence) + _MOVE_TO.pack(message.x, message.y)
        case MoveBy():
            return _HEAD.pack(6, 0, sequence) + _MOVE_BY.pack(message.x, message.y)
        case _:
            assert_never(message)


def decode(data: bytes) -> InputMessage | None:
    """Read one message; None for a kind that this version does not know.

    Raises:
        WireError: the message is cut off, too long or out of range.
    """
    if len(data) < _HEAD.size:
        raise WireError(f"An input message has at least {_HEAD.size} bytes, not {len(data)}.")
    kind, flags, sequence = _HEAD.unpack_from(data)
    rest = data[_HEAD.size :]
    try:
        match kind:
            case 1:
                return Key(sequence, _code(rest), bool(flags & _DOWN))
            case 2:
                _expect_empty(rest)
                return ReleaseAll(sequence)
            case 3:
                button, x, y = _BUTTON.unpack(rest)
                if button >= len(BUTTONS):
                    raise WireError(f"There is no mouse button {button}.")
                return Button(sequence, button, bool(flags & _DOWN), (x, y) if flags & _POSITION else None)
            case 4:
                return Wheel(sequence, *_WHEEL.unpack(rest))
            case 5:
                return MoveTo(sequence, *_MOVE_TO.unpack(rest))
            case 6:
                return MoveBy(sequence, *_MOVE_BY.unpack(rest))
            case _:
                return None
    except struct.error as error:
        raise WireError(f"An input message of kind {kind} is {len(rest)} bytes long after its head.") from error


def _code(rest: bytes) -> str:
    if not 0 < len(rest) <= MAX_CODE_LENGTH or not rest.isascii() or not rest.isalnum():
        raise WireError(f"{rest[:MAX_CODE_LENGTH]!r} is not a key code.")
    return rest.decode("ascii")


def _expect_empty(rest: bytes) -> None:
    if rest:
        raise WireError(f"{len(rest)} bytes too many.")
