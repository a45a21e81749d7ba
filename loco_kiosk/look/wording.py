"""Words and figures as the wall shows them, rounded so that they change seldom: each change redraws the window."""

from collections.abc import Iterable
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
