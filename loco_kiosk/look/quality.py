"""Whether a stream is good enough to play by, and in words why not."""

from loco_kiosk.client.tile import TileView

POOR_LOSS = 0.05
"""Twice what is repaired unseen."""
POOR_DELAY_MS = 150.0
"""A player feels it long before; a wall only has to tell what somebody should see to."""
POOR_QUEUE_MS = 100.0
FROZEN_SHARE = 0.1
"""Of the time looked at: a second in ten that stands still."""


def complaint(view: TileView, frozen_share: float) -> str:
    """Why the stream is poor just now, as a sentence; "" where it is not.

    ``frozen_share``: part of the last seconds in which the picture stood still though the guest drew, 0 to 1.
    """
    if not view.state.playable:
        return ""
    if view.loss >= POOR_LOSS:
        return f"Poor network: {view.loss * 100:.0f} % of the packets get lost."
    if view.path_delay_ms >= POOR_QUEUE_MS:
        return f"Poor network: packets queue for {_tens(view.path_delay_ms)} ms."
    if frozen_share >= FROZEN_SHARE:
        return "The picture keeps freezing."
    if view.fps >= 1 and view.delay_ms is not None and view.delay_ms >= POOR_DELAY_MS:
        return f"The picture is {_tens(view.delay_ms)} ms late."
    return ""


def _tens(value: float) -> int:
    """Rounded, so that the words change seldom."""
    return round(value / 10) * 10
