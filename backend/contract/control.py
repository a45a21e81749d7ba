"""Messages of the ``control`` data channel, both ways; :mod:`backend.contract.control_json` is their form on the wire.

Two closed unions: :data:`ToStreamer` and :data:`ToViewer`. Times are microseconds of the sender's own monotonic clock.

The clocks: the RTP time stamp of a picture is the streamer's monotonic clock at capture, in 90 kHz units, plus
``rtp_origin``. ``clock/pong`` gives a viewer the offset between the two clocks (RFC 5905, section 8, without the drift
filter: the exchange with the shortest round trip counts) and the origin, and so the capture time of each picture.
"""

import enum
from dataclasses import dataclass, field

from backend.contract.status import GuestReport

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
PIXEL_EXACT = "a=x-loco-pixel-exact"
"""Line of an offer, before its media sections: this viewer decodes High 4:4:4 Predictive (H.264, annex A.2.11) on the
negotiated payload type too, once it wishes for it (:class:`PictureWish`). Others never get it."""


class Tier(enum.StrEnum):
    """How much a viewer needs of a stream just now, most first."""

    ZOOMED = "zoomed"
    """In front, played or watched: as many pictures as the guest draws."""
    GRID = "grid"
    SMALL = "small"
    """A thumbnail, or behind something."""
    HIDDEN = "hidden"
    """Not shown, but soon perhaps: a picture now and then, so that it is there at once."""


class Preference(enum.StrEnum):
    """What a viewer gives up last when the network is too narrow."""

    SHARP = "sharp"
    """The picture's detail, at fewer pictures a second."""
    SMOOTH = "smooth"
    """The motion, at less detail."""
    THRIFTY = "thrifty"
    """As little traffic as looks decent, also where there is room."""
    FIXED = "fixed"
    """Nothing: always the full quality; what does not fit is lost."""


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
    width_px: int = 0
    height_px: int = 0
    """How large it shows it, in pixels of its own screen: more need not be sent. 0: as large as it gets."""


@dataclass(frozen=True, slots=True)
class ClockPing:
    """Asks for :class:`ClockPong`."""

    viewer_us: int


@dataclass(frozen=True, slots=True)
class PictureWish:
    """How a viewer wants its pictures; the streamer's own limits stay."""

    preference: Preference = Preference.SMOOTH
    pixel_exact: bool = False
    """Colour for each pixel (4:4:4), where the offer negotiated it: one-pixel text stays sharp."""


@dataclass(frozen=True, slots=True)
class PathReport:
    """What a viewer measured of the way since its last report; several times a second while media flows."""

    loss: float
    """Part of the video packets lost on the way, before repair, 0 to 1."""
    delay_ms: float
    """How much longer than in the best moments packets take now: a queue on the way, or in the viewer."""
    round_trip_ms: float
    received_bps: int
    """Media bits that arrived a second."""


ToStreamer = ViewerHello | ControlRequest | ControlRelease | FocusTier | ClockPing | PictureWish | PathReport


@dataclass(frozen=True, slots=True)
class StreamerHello:
    """Answer to :class:`ViewerHello`; sent again when the guest turns out to have another probe area."""

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
class RenditionChosen:
    """What this viewer gets from now on, and why; on joining and on each change."""

    width_px: int
    height_px: int
    """Of the encoded picture; smaller than the guest's screen where the way is narrow, or the viewer shows it small."""
    pixel_exact: bool
    max_fps: float
    max_bit_rate_bps: int
    reason: str
    """In words for people; empty for full quality."""


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
    StreamerHello
    | PictureFormat
    | ControlState
    | GuestStateChanged
    | ClockPong
    | InputShown
    | RenditionChosen
    | StreamerStatistics
)
