"""Keeps a tile from flickering: a condition that may pass in a blink must last before it is shown. Pure."""

from loco_kiosk.client.tile import Condition, TileState

_DOUBT_S = 1.5
"""The backend judges a guest once a second; after a reset its word is still that of the second before."""
_BLINK_S = 0.3
"""A guest that is reset from its snapshot is back in a tenth of a second."""
_TURN_S = 0.3
"""From lost to reconnecting to starting to live: words that change faster cannot be read."""
_TROUBLED = (TileState.LOST, TileState.RECONNECTING, TileState.BOOTING)
_MENDING = (TileState.RECONNECTING, TileState.BOOTING)


class Steady:
    """What one tile shows, a little behind what is known."""

    def __init__(self) -> None:
        self._shown: Condition | None = None
        self._next = TileState.EMPTY
        self._since_s = 0.0

    def settle(self, known: Condition, now_s: float) -> Condition:
        """What to show of ``known`` at ``now_s`` of the monotonic clock."""
        shown = self._shown
        if shown is None or known.state is shown.state:
            return self._show(known)
        if known.state is not self._next:
            self._next, self._since_s = known.state, now_s
        return self._show(known) if now_s - self._since_s >= hold_s(shown.state, known.state) else shown

    def _show(self, condition: Condition) -> Condition:
        self._shown, self._next = condition, TileState.EMPTY
        return condition


def hold_s(shown: TileState, known: TileState) -> float:
    """How long ``known`` must last before it takes the place of ``shown``."""
    if known is TileState.LIVE:
        return 0.0
    if known is TileState.DEGRADED:
        return _DOUBT_S
    if shown.playable:
        return _BLINK_S if known is TileState.BOOTING else 0.0
    return _TURN_S if shown in _TROUBLED and known in _MENDING else 0.0
