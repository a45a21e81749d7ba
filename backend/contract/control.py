"""JSON messages of the ``control`` data channel, tagged ``area/verb``, both ways.

Two closed unions: :data:`ToStreamer` and :data:`ToViewer`. An unknown tag reads as None: count it and go on. Times are
microseconds of the sender's own monotonic clock.

The clocks: the RTP time stamp of a picture is the streamer's monotonic clock at capture, in 90 kHz units, plus
``rtp_origin``. ``clock/pong`` gives a viewer the offset between the two clocks (RFC 5905, section 8, without the drift
filter: the exchange with the shortest round trip counts) and the origin, and so the capture time of each picture.
"""

import enum
from dataclasses import dataclass, field
from typing import Any, TypeVar, assert_never

from backend.contract.errors import WireError
from backend.contract.reading import boolean, integer, json_object, mapping, number, string
from backend.contract.status import GuestReport
from backend.contract.version import PROTOCOL_VERSION, require_version

KEYS_CHANNEL = "keys"
"""Ordered and reliable: keys, buttons and wheel."""
POINTER_CHANNEL = "pointer"
"""Unordered, no retransmission: pointer positions."""
CONTROL_CHANNEL = "control"
"""Ordered and reliable: this module."""
MAX_MESSAGE_BYTES = 16 * 1024
"""A longer message is refused unread; the longest real one has under 2 KiB."""
VIDEO_CLOCK_HZ = 90_000
LARGE_PACKETS = "a=x-loco-large-packets"
"""Line of an offer, before its media sections: this viewer takes RTP packets of any length. The streamer uses it where
both are on one machine, whose loopback has no small MTU: a picture is then one packet instead of four."""


Choice = TypeVar("Choice", bound=enum.StrEnum)


class Tier(enum.StrEnum):
    """How much a viewer needs of a stream just now."""

    ZOOMED = "zoomed"
    GRID = "grid"
    HIDDEN = "hidden"


class PointerMode(enum.StrEnum):
    """Whether the guest takes pointer positions or movements."""

    ABSOLUTE = "absolute"
    RELATIVE = "relative"


@dataclass(frozen=True, slots=True)
class ViewerHello:
    """First message of a viewer; ``name`` is what others see as the holder of control."""

    name: str


@dataclass(frozen=True, slots=True)
class ControlRequest:
    """The viewer wants keyboard and mouse."""


@dataclass(frozen=True, slots=True)
class ControlRelease:
    """The viewer gives keyboard and mouse back; the streamer releases every key that it held."""


@dataclass(frozen=True, slots=True)
class FocusTier:
    """How the viewer shows the stream."""

    tier: Tier


@dataclass(frozen=True, slots=True)
class ClockPing:
    """Asks for :class:`ClockPong`."""

    viewer_us: int


ToStreamer = ViewerHello | ControlRequest | ControlRelease | FocusTier | ClockPing


@dataclass(frozen=True, slots=True)
class StreamerHello:
    """Answer to :class:`ViewerHello`."""

    instance: str
    viewer: str
    """The session id of the viewer that reads this."""
    probe: tuple[int, int, int, int] | None = None
    """x, y, width, height in guest pixels of an area that changes with every key press, where the guest has one."""


@dataclass(frozen=True, slots=True)
class PictureFormat:
    """Size and pointer mode; sent after the hello and whenever the guest changes its mode."""

    width_px: int
    height_px: int
    pointer: PointerMode


@dataclass(frozen=True, slots=True)
class ControlState:
    """Who has keyboard and mouse."""

    holder: str | None
    """Session id; None when control is free."""
    holder_name: str
    yours: bool
    viewers: int


@dataclass(frozen=True, slots=True)
class GuestStateChanged:
    """The guest's state, on joining and on each change."""

    guest: GuestReport


@dataclass(frozen=True, slots=True)
class ClockPong:
    """Answer to :class:`ClockPing`."""

    viewer_us: int
    streamer_us: int
    rtp_origin: int


@dataclass(frozen=True, slots=True)
class InputShown:
    """The first picture sent after the input of this sequence number reached the guest."""

    sequence: int
    rtp_timestamp: int


@dataclass(frozen=True, slots=True)
class StreamerStatistics:
    """Once a second, and so the heartbeat of the stream: still pictures send no video.

    A viewer whose newest picture is older than ``newest_rtp_timestamp`` for longer than a round trip misses pictures.
    """

    newest_rtp_timestamp: int
    pictures: int
    """Pictures encoded since the streamer started."""
    fps: float
    bit_rate_bps: int
    audio_dbfs: float
    stages_ms: dict[str, float] = field(default_factory=dict)
    """Mean of the last second by stage: ``capture``, ``convert``, ``encode``, ``send``."""
    drops: dict[str, int] = field(default_factory=dict)
    """Since the streamer started, by cause."""


ToViewer = (
    StreamerHello | PictureFormat | ControlState | GuestStateChanged | ClockPong | InputShown | StreamerStatistics
)


def to_streamer_json(message: ToStreamer) -> dict[str, Any]:
    """One message of a viewer, before ``json.dumps``."""
    match message:
        case ViewerHello():
            return {"type": "viewer/hello", "version": PROTOCOL_VERSION, "name": message.name}
        case ControlRequest():
            return {"type": "control/request"}
        case ControlRelease():
            return {"type": "control/release"}
        case FocusTier():
            return {"type": "focus/tier", "tier": message.tier.value}
        case ClockPing():
            return {"type": "clock/ping", "viewer_us": message.viewer_us}
        case _:
            assert_never(message)


def to_streamer_from_json(text: str | bytes) -> ToStreamer | None:
    """Read a viewer's message; None for an unknown tag.

    Raises:
        WireError: the message does not fit its tag.
        VersionError: the viewer is of another protocol version.
    """
    data = json_object(text, "A control message")
    match string(data, "type"):
        case "viewer/hello":
            require_version(data.get("version"), "viewer")
            return ViewerHello(string(data, "name")[:64])
        case "control/request":
            return ControlRequest()
        case "control/release":
            return ControlRelease()
        case "focus/tier":
            return FocusTier(_choice(Tier, string(data, "tier")))
        case "clock/ping":
            return ClockPing(integer(data, "viewer_us"))
        case _:
            return None


def to_viewer_json(message: ToViewer) -> dict[str, Any]:
    """One message of a streamer, before ``json.dumps``."""
    match message:
        case StreamerHello():
            probe = None if message.probe is None else list(message.probe)
            return {
                "type": "streamer/hello",
                "version": PROTOCOL_VERSION,
                "instance": message.instance,
                "viewer": message.viewer,
                "probe": probe,
            }
        case PictureFormat():
            return {
                "type": "picture/format",
                "width_px": message.width_px,
                "height_px": message.height_px,
                "pointer": message.pointer.value,
            }
        case ControlState():
            return {
                "type": "control/state",
                "holder": message.holder,
                "holder_name": message.holder_name,
                "yours": message.yours,
                "viewers": message.viewers,
            }
        case GuestStateChanged():
            return {"type": "guest/state", "guest": message.guest.to_json()}
        case ClockPong():
            return {
                "type": "clock/pong",
                "viewer_us": message.viewer_us,
                "streamer_us": message.streamer_us,
                "rtp_origin": message.rtp_origin,
            }
        case InputShown():
            return {"type": "input/shown", "sequence": message.sequence, "rtp_timestamp": message.rtp_timestamp}
        case StreamerStatistics():
            return {
                "type": "statistics/second",
                "newest_rtp_timestamp": message.newest_rtp_timestamp,
                "pictures": message.pictures,
                "fps": message.fps,
                "bit_rate_bps": message.bit_rate_bps,
                "audio_dbfs": message.audio_dbfs,
                "stages_ms": message.stages_ms,
                "drops": message.drops,
            }
        case _:
            assert_never(message)


def to_viewer_from_json(text: str | bytes) -> ToViewer | None:
    """Read a streamer's message; None for an unknown tag.

    Raises:
        WireError: the message does not fit its tag.
        VersionError: the streamer is of another protocol version.
    """
    data = json_object(text, "A control message")
    match string(data, "type"):
        case "streamer/hello":
            require_version(data.get("version"), "streamer")
            return StreamerHello(string(data, "instance"), string(data, "viewer"), _probe(data.get("probe")))
        case "picture/format":
            pointer = _choice(PointerMode, string(data, "pointer"))
            return PictureFormat(integer(data, "width_px"), integer(data, "height_px"), pointer)
        case "control/state":
            holder = None if data.get("holder") is None else string(data, "holder")
            return ControlState(holder, string(data, "holder_name"), boolean(data, "yours"), integer(data, "viewers"))
        case "guest/state":
            return GuestStateChanged(GuestReport.from_json(mapping(data, "guest")))
        case "clock/pong":
            return ClockPong(integer(data, "viewer_us"), integer(data, "streamer_us"), integer(data, "rtp_origin"))
        case "input/shown":
            return InputShown(integer(data, "sequence"), integer(data, "rtp_timestamp"))
        case "statistics/second":
            stages, drops = mapping(data, "stages_ms"), mapping(data, "drops")
            return StreamerStatistics(
                integer(data, "newest_rtp_timestamp"),
                integer(data, "pictures"),
                number(data, "fps"),
                integer(data, "bit_rate_bps"),
                number(data, "audio_dbfs"),
                {name: number(stages, name) for name in stages},
                {name: integer(drops, name) for name in drops},
            )
        case _:
            return None


def _choice(kind: type[Choice], text: str) -> Choice:
    try:
        return kind(text)
    except ValueError as error:
        raise WireError(f"{text!r:.40} is none of {', '.join(kind)}.") from error


def _probe(value: object) -> tuple[int, int, int, int] | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != 4 or not all(type(item) is int for item in value):
        raise WireError("'probe' must be four whole numbers or null.")
    x, y, width, height = value
    return x, y, width, height
