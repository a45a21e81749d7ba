"""JSON lines between a feed (the kiosk, or ``vr.feeder``) and the VR process, over a Unix stream socket.

Two closed unions: :data:`ToVr` and :data:`FromVr`, tagged by ``type``. An unknown tag reads as None: count it and go
on. Both ends are of one installation, so no version is exchanged. Pictures and sound go through shared memory
(:mod:`loco_kiosk.media.shared_wall`).
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from backend.contract import input as codec
from backend.contract.control import PointerMode
from backend.contract.errors import WireError
from backend.contract.input import InputMessage
from backend.contract.reading import boolean, integer, json_object, mapping, number, sequence_of_strings, string
from loco_kiosk.client.tile import TileState

MAX_LINE_BYTES = 256 * 1024
"""A longer line is refused unread; ninety-nine screens take about 50 KiB."""
NO_PLACE: Final = -1
"""The place of a screen that has none, because it is not shown."""
MAX_SCREENS = 99
_MAX_TEXT = 400
_MAX_POINTERS = 4
_MAX_FIGURES = 64
_LEVELS = ("reset", "restart")

Choice = TypeVar("Choice", TileState, PointerMode)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenView:
    """What the headset shows of one machine, beside its picture."""

    place: int
    """Where its pictures and sound are in the shared memory; :data:`NO_PLACE` while it is not shown."""
    tenancy: int = 0
    """Which tenant of the place it is: pictures of another one are not its own."""
    slot: int
    id: str
    name: str
    state: TileState
    reason: str = ""
    next_step: str = ""
    pointer: PointerMode = PointerMode.ABSOLUTE
    mine: bool = False
    holder: str = ""
    """Who has keyboard and mouse; empty when nobody has them."""
    fps: float = 0.0
    delay_ms: float | None = None
    level_dbfs: float = -120.0
    width_px: int = 0
    height_px: int = 0


@dataclass(frozen=True, slots=True)
class Roster:
    """All machines, by slot, and a sentence about the wall as a whole; empty when all is well."""

    screens: tuple[ScreenView, ...]
    notice: str = ""


@dataclass(frozen=True, slots=True)
class SoundState:
    """Loudness, both ways; ``volume`` is 0 to 1."""

    volume: float = 1.0
    muted: bool = False
    mono: bool = False


@dataclass(frozen=True, slots=True)
class Focus:
    """The machine in front, both ways; None for none."""

    id: str | None


@dataclass(frozen=True, slots=True)
class Stop:
    """The VR process shall end; ``reason`` is a sentence, or empty when it was asked for."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Visible:
    """The machines whose pictures and sound are wanted."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Input:
    """Keyboard and mouse for one guest; sequence numbers and sums are the sender's own."""

    id: str
    message: InputMessage


@dataclass(frozen=True, slots=True)
class Control:
    """The wearer wants keyboard and mouse of a guest, or gives them back."""

    id: str
    wanted: bool


@dataclass(frozen=True, slots=True)
class Recover:
    """Start a guest anew: level ``reset``, or ``restart`` for its whole emulator."""

    id: str
    level: str = "reset"


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where a ray of the wearer hits a screen; u to the right, v down, both 0 to 1."""

    hand: str
    """``left`` or ``right``."""
    id: str
    u: float
    v: float
    pressed: bool = False


@dataclass(frozen=True, slots=True)
class Pointers:
    """All rays that hit a screen now."""

    pointers: tuple[Pointer, ...]


@dataclass(frozen=True, slots=True)
class Statistics:
    """Figures of the VR process, by name with unit, such as ``work_p95_ms``."""

    figures: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Status:
    """How the headset is, as one word, and a sentence for people."""

    state: str
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Leave:
    """The wearer chose to leave."""


ToVr = Roster | SoundState | Focus | Stop
FromVr = Focus | Visible | Input | Control | Recover | SoundState | Pointers | Statistics | Status | Leave
_TAGS: Final[Mapping[type[ToVr | FromVr], str]] = {
    Roster: "wall",
    SoundState: "sound",
    Focus: "focus",
    Stop: "stop",
    Visible: "visible",
    Input: "input",
    Control: "control",
    Recover: "recover",
    Pointers: "pointers",
    Statistics: "statistics",
    Status: "status",
    Leave: "leave",
}


def to_line(message: ToVr | FromVr) -> bytes:
    """One line, with its end."""
    return json.dumps(message, default=_plain, separators=(",", ":"), allow_nan=False).encode() + b"\n"


def to_vr_from_line(line: bytes) -> ToVr | None:
    """Read a feed's line; None for an unknown tag.

    Raises:
        WireError: the line does not fit its tag.
    """
    data = json_object(line, "A line of the feed")
    match string(data, "type"):
        case "wall":
            screens = _objects(data, "screens", MAX_SCREENS)
            return Roster(tuple(_screen(screen) for screen in screens), _text(data, "notice", ""))
        case "sound":
            return _sound(data)
        case "focus":
            return _focus(data)
        case "stop":
            return Stop(_text(data, "reason", ""))
        case _:
            return None


def from_vr_from_line(line: bytes) -> FromVr | None:
    """Read a line of the VR process; None for an unknown tag, or input of a kind that this version does not know.

    Raises:
        WireError: the line does not fit its tag.
    """
    data = json_object(line, "A line of the VR process")
    match string(data, "type"):
        case "focus":
            return _focus(data)
        case "visible":
            return Visible(sequence_of_strings(data, "ids")[:MAX_SCREENS])
        case "input":
            message = codec.decode(_bytes(string(data, "message")))
            return None if message is None else Input(_text(data, "id"), message)
        case "control":
            return Control(_text(data, "id"), boolean(data, "wanted"))
        case "recover":
            return Recover(_text(data, "id"), _one_of(string(data, "level", "reset"), _LEVELS))
        case "sound":
            return _sound(data)
        case _:
            return _report(data)


def _report(data: Mapping[str, Any]) -> Pointers | Statistics | Status | Leave | None:
    match data["type"]:
        case "pointers":
            return Pointers(tuple(_pointer(each) for each in _objects(data, "pointers", _MAX_POINTERS)))
        case "statistics":
            figures = mapping(data, "figures")
            if len(figures) > _MAX_FIGURES:
                raise WireError(f"'figures' holds {len(figures)} figures; at most {_MAX_FIGURES} are taken.")
            return Statistics({name: number(figures, name) for name in figures})
        case "status":
            return Status(_text(data, "state"), _text(data, "sentence", ""))
        case "leave":
            return Leave()
        case _:
            return None


def _plain(part: ToVr | FromVr | ScreenView | Pointer) -> dict[str, Any]:
    """What JSON makes of a dataclass; ten times a second for nine screens, so without the copies of ``asdict``."""
    data = {name: getattr(part, name) for name in part.__slots__}
    if isinstance(part, Input):
        data["message"] = base64.b64encode(codec.encode(part.message)).decode()
    return data if isinstance(part, ScreenView | Pointer) else {"type": _TAGS[type(part)], **data}


def _screen(data: Mapping[str, Any]) -> ScreenView:
    return ScreenView(
        place=integer(data, "place"),
        tenancy=integer(data, "tenancy"),
        slot=integer(data, "slot"),
        id=_text(data, "id"),
        name=_text(data, "name"),
        state=_choice(TileState, string(data, "state")),
        reason=_text(data, "reason"),
        next_step=_text(data, "next_step"),
        pointer=_choice(PointerMode, string(data, "pointer")),
        mine=boolean(data, "mine"),
        holder=_text(data, "holder"),
        fps=number(data, "fps"),
        delay_ms=None if data.get("delay_ms") is None else number(data, "delay_ms"),
        level_dbfs=number(data, "level_dbfs"),
        width_px=integer(data, "width_px"),
        height_px=integer(data, "height_px"),
    )


def _sound(data: Mapping[str, Any]) -> SoundState:
    volume = min(max(number(data, "volume"), 0.0), 1.0)
    return SoundState(volume, boolean(data, "muted"), boolean(data, "mono"))


def _focus(data: Mapping[str, Any]) -> Focus:
    return Focus(None if data.get("id") is None else _text(data, "id"))


def _pointer(data: Mapping[str, Any]) -> Pointer:
    u, v = (min(max(number(data, name), 0.0), 1.0) for name in ("u", "v"))
    return Pointer(_one_of(string(data, "hand"), ("left", "right")), _text(data, "id"), u, v, boolean(data, "pressed"))


def _text(data: Mapping[str, Any], name: str, *default: str) -> str:
    return string(data, name, *default)[:_MAX_TEXT]


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise WireError(f"'message' is not base64: {error}.") from error


def _one_of(text: str, words: tuple[str, ...]) -> str:
    if text not in words:
        raise WireError(f"{text!r:.40} is none of {', '.join(words)}.")
    return text


def _choice(kind: type[Choice], text: str) -> Choice:
    try:
        return kind(text)
    except ValueError as error:
        raise WireError(f"{text!r:.40} is none of {', '.join(kind)}.") from error


def _objects(data: Mapping[str, Any], name: str, most: int) -> list[Mapping[str, Any]]:
    value = data.get(name)
    if not isinstance(value, list) or len(value) > most or not all(isinstance(item, Mapping) for item in value):
        raise WireError(f"'{name}' must be an array of at most {most} objects.")
    return value
