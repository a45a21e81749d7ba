"""What one tile shows, as a pure function of what is known of its instance, its session and its guest."""

import enum
from dataclasses import dataclass, field

from backend.contract.control import PointerMode
from backend.contract.instance import Instance, InstanceState
from backend.contract.status import GuestReport, GuestState

SILENT_S = 2.5
"""The streamer speaks every second; two and a half without a word are not jitter any more."""
BEHIND_S = 1.0
"""A picture that the streamer has sent and that is missing for longer is not just on its way."""


class TileState(enum.StrEnum):
    """The one word of a tile."""

    EMPTY = "empty"
    PENDING = "pending"
    """It is wanted, but has no place to run yet."""
    BOOTING = "booting"
    LIVE = "live"
    DEGRADED = "degraded"
    """It can be played, but something is wrong with it."""
    LEAVING = "leaving"
    """It can be played for a moment more: it is being stopped on purpose."""
    STALE = "stale"
    """The picture may not be what the guest shows now."""
    RECONNECTING = "reconnecting"
    LOST = "lost"
    GONE = "gone"
    """It was stopped on purpose; its slot is kept."""

    @property
    def playable(self) -> bool:
        """Whether the picture is the guest's own, now, and takes input."""
        return self in (TileState.LIVE, TileState.DEGRADED, TileState.LEAVING)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionStatus:
    """The session of one instance, as far as its tile needs to know."""

    connected: bool = False
    error: str = ""
    """Why it is not connected; empty while the first attempt runs."""
    retry_in_s: float = 0.0
    has_picture: bool = False
    silent_s: float = 0.0
    """Since the streamer last spoke."""
    behind_s: float = 0.0
    """Since when a picture is missing that the streamer has sent; 0 when none is."""


@dataclass(frozen=True, slots=True)
class Condition:
    """State, why it is so, and what happens next."""

    state: TileState
    reason: str = ""
    next_step: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TileView:
    """Everything that the UI shows of one slot."""

    slot: int
    id: str
    name: str
    state: TileState
    reason: str = ""
    next_step: str = ""
    fps: float = 0.0
    """Decoded pictures in the last second; a still screen has none."""
    delay_ms: float | None = None
    """From capture at the streamer to the decoded picture here, median of the last second with pictures."""
    level_dbfs: float = -120.0
    holder: str = ""
    """Name of the viewer with keyboard and mouse; empty when nobody has them."""
    mine: bool = False
    viewers: int = 0
    pointer: PointerMode = PointerMode.ABSOLUTE
    width_px: int = 0
    height_px: int = 0
    probe: tuple[int, int, int, int] | None = None
    bit_rate_bps: int = 0
    loss: float = 0.0
    """Part of the video packets that were lost on the way in the last second, 0 to 1."""
    jitter_ms: float = 0.0
    round_trip_ms: float = 0.0
    stages_ms: dict[str, float] = field(default_factory=dict)
    drops: dict[str, int] = field(default_factory=dict)
    picture_width_px: int = 0
    picture_height_px: int = 0
    """Of the picture as it comes; smaller than the guest's screen where the way is narrow or the tile is small. 0 until
    told."""
    pixel_exact: bool = False
    """Colour for each pixel (4:4:4)."""
    quality_reason: str = ""
    """Why the quality is less than full, in the streamer's words; empty where it is not."""
    freezes: int = 0
    """How often the picture stood still for 150 ms or more though the guest drew, since the kiosk started."""
    frozen_ms: float = 0.0
    longest_freeze_ms: float = 0.0
    path_delay_ms: float = 0.0
    """How much longer packets take than in the best moments: a queue on the way, or here."""
    sound_buffer_ms: float = 0.0
    """How much sound waits to be played."""
    key_to_picture_ms: float | None = None
    """From sending the last key to the decoded picture that shows it."""


def condition(instance: Instance, session: SessionStatus, guest: GuestReport | None) -> Condition:
    """The state of a tile, with words."""
    if not session.connected:
        return _apart(instance, session)
    if session.silent_s >= SILENT_S:
        reason = f"The streamer has been silent for {session.silent_s:.0f} s; the picture may be old."
        return Condition(TileState.STALE, reason, "Connects again if it stays silent.")
    if guest is not None and guest.state is not GuestState.RUNNING:
        return _guest_in_trouble(guest)
    if session.behind_s >= BEHIND_S:
        return Condition(TileState.STALE, "Pictures are getting lost on the way.", "Has asked for a new picture.")
    if not session.has_picture:
        return Condition(TileState.BOOTING, "Connected; no picture yet.", "The first picture comes by itself.")
    return _playable(instance)


def _playable(instance: Instance) -> Condition:
    match instance.state:
        case InstanceState.DEGRADED:
            reason = instance.reason or "The machine is not well."
            return Condition(TileState.DEGRADED, reason, "Start it anew if it does not get better.")
        case InstanceState.TERMINATING | InstanceState.GONE:
            reason = instance.reason or "The machine is being stopped."
            return Condition(TileState.LEAVING, reason, "Its place is kept.")
        case _:
            return Condition(TileState.LIVE)


def _apart(instance: Instance, session: SessionStatus) -> Condition:
    retry = "Connecting now." if not session.error else f"Tries again {_soon(session.retry_in_s)}."
    match instance.state:
        case InstanceState.LOST:
            return Condition(TileState.LOST, instance.reason or "The emulator does not answer.", retry)
        case InstanceState.GONE:
            reason = instance.reason or "The machine was switched off."
            return Condition(TileState.GONE, reason, "It appears here again when it comes back.")
        case InstanceState.TERMINATING:
            return Condition(TileState.GONE, instance.reason or "The machine is being stopped.", "Its place is kept.")
        case InstanceState.PENDING:
            reason = instance.reason or "The machine waits for a place to run."
            return Condition(TileState.PENDING, reason, "It starts by itself as soon as there is one.")
        case InstanceState.BOOTING:
            return Condition(TileState.BOOTING, instance.reason or "The emulator is starting.", retry)
        case InstanceState.READY | InstanceState.DEGRADED:
            return Condition(TileState.RECONNECTING, session.error or "Setting up the connection.", retry)


def _guest_in_trouble(guest: GuestReport) -> Condition:
    match guest.state:
        case GuestState.BOOTING:
            return Condition(TileState.BOOTING, guest.reason or "The PC is starting.", "Its picture comes by itself.")
        case GuestState.RESTARTING:
            reason = guest.reason or "The emulator has stopped."
            return Condition(TileState.RECONNECTING, reason, "It is being started again.")
        case GuestState.HUNG:
            reason = guest.reason or "The PC no longer answers."
            return Condition(TileState.STALE, reason, "Reset it from the menu if it does not come back.")
        case _:
            return Condition(TileState.STALE, guest.reason or "The PC is paused.", "Goes on when it is resumed.")


def _soon(seconds: float) -> str:
    return "at once" if seconds < 1.0 else f"in {seconds:.0f} s"
