"""Words and figures as the wall shows them, rounded so that they change seldom: each change redraws the window."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from loco_kiosk.client.tile import TileState, TileView

SEGMENTS = 12
"""Bricks of a level meter."""
_FLOOR_DBFS = -54.0
_WORDS = {
    TileState.EMPTY: "Free slot",
    TileState.PENDING: "Waiting",
    TileState.BOOTING: "Starting",
    TileState.LIVE: "Live",
    TileState.DEGRADED: "Not well",
    TileState.LEAVING: "Stopping",
    TileState.STALE: "Old picture",
    TileState.RECONNECTING: "Reconnecting",
    TileState.LOST: "Lost",
    TileState.GONE: "Switched off",
}
_FALLBACK_REASONS = {
    TileState.EMPTY: "No machine here",
    TileState.PENDING: "The machine waits for a place to run",
    TileState.DEGRADED: "The machine is not well",
    TileState.LEAVING: "The machine is being stopped",
    TileState.GONE: "The machine was switched off",
    TileState.BOOTING: "The machine starts",
    TileState.STALE: "The picture stands still",
    TileState.RECONNECTING: "The stream is set up again",
    TileState.LOST: "The machine does not answer",
}


class Shown(Protocol):
    """A machine on the wall, of the window or of the headset."""

    @property
    def state(self) -> TileState:
        """How it does."""

    @property
    def reason(self) -> str:
        """Why, by whom knows better than the state."""

    @property
    def fps(self) -> float:
        """Decoded pictures in the last second."""

    @property
    def delay_ms(self) -> float | None:
        """Capture to decoded picture."""

    @property
    def mine(self) -> bool:
        """Whether this viewer has keyboard and mouse."""

    @property
    def holder(self) -> str:
        """Who has them; empty for nobody."""


def state_word(state: TileState) -> str:
    """One word or two for the badge."""
    return _WORDS[state]


def reason(view: Shown) -> str:
    """Why the tile is as it is; never empty where there is something to explain."""
    return view.reason or _FALLBACK_REASONS.get(view.state, "")


def fps(view: Shown) -> str:
    """Pictures per second; a still screen is not an error and says so."""
    if not view.state.playable:
        return "-"
    return f"{view.fps:.0f} fps" if view.fps >= 0.5 else "still"


def delay(view: Shown) -> str:
    """Capture to decoded picture."""
    if not view.state.playable or view.delay_ms is None:
        return "-"
    return f"{view.delay_ms:.0f} ms"


def holder(view: Shown) -> str:
    """Who has keyboard and mouse."""
    if view.mine:
        return "You"
    return view.holder or "Free to play"


def viewers(count: int) -> str:
    """How many watch."""
    return f"{count} watching"


def segments(dbfs: float) -> int:
    """Lit bricks of the level meter."""
    share = (dbfs - _FLOOR_DBFS) / -_FLOOR_DBFS
    return round(SEGMENTS * min(max(share, 0.0), 1.0))


def summary(views: Iterable[TileView]) -> list[dict[str, str | int]]:
    """How many tiles are in which state, for the top bar; empty slots are left out."""
    states = [view.state for view in views]
    shown = (state for state in TileState if state is not TileState.EMPTY and state in states)
    return [{"state": state.value, "count": states.count(state), "word": state_word(state).lower()} for state in shown]


def figures(
    view: TileView, presented_fps: float, swap_ms: float | None, screen_drops: Mapping[str, int]
) -> list[dict[str, str]]:
    """Rows of the overlay."""
    rows = [
        ("Picture", f"{view.width_px} x {view.height_px}" if view.width_px else "none yet"),
        ("Shown", f"{presented_fps:.1f} of {view.fps:.1f} fps"),
        ("Capture to decoded", _ms(view.delay_ms)),
        ("Capture to screen", _ms(swap_ms)),
        ("Key to picture", _ms(view.key_to_picture_ms)),
        *((f"· {name}", _ms(value)) for name, value in view.stages_ms.items()),
        ("Bit rate", _bit_rate(view.bit_rate_bps)),
        ("Loss", f"{view.loss * 100:.1f} %"),
        ("Jitter", _ms(view.jitter_ms)),
        ("Round trip", _ms(view.round_trip_ms)),
        *drop_rows({**view.drops, **screen_drops}),
    ]
    return [{"label": label, "value": value} for label, value in rows]


def drop_rows(drops: Mapping[str, int]) -> list[tuple[str, str]]:
    """Dropped pictures and packets by cause; one reassuring row where there are none."""
    rows = [(f"Dropped: {cause.replace('_', ' ')}", str(count)) for cause, count in sorted(drops.items()) if count]
    return rows or [("Dropped", "none")]


def _ms(value: float | None) -> str:
    if value is None:
        return "not measured"
    return f"{value:.1f} ms" if value < 10 else f"{value:.0f} ms"


def _bit_rate(bps: int) -> str:
    return f"{bps / 1e6:.1f} Mbit/s" if bps >= 1_000_000 else f"{bps / 1e3:.0f} kbit/s"
