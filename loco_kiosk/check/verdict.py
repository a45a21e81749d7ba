"""Whether a check passed, and if not, why. Pure."""

from loco_kiosk.check.report import Report, TileResult
from loco_kiosk.client.tile import TileState

LEAST_LIVE = 0.9
"""A tile that was live for less was seen to fail; a moment of reconnecting is no failure."""
LEAST_ANSWERED = 0.5


def problems(report: Report) -> list[str]:
    """A sentence for each reason why the check failed; none means that it passed."""
    found = [sentence for tile in report.tiles for sentence in _of_tile(tile)]
    if len(report.tiles) < report.expected:
        found.insert(
            0,
            f"Only {len(report.tiles)} of {report.expected} expected machines are known; "
            "--instances N sets how many there must be.",
        )
    return found


def _of_tile(tile: TileResult) -> list[str]:
    because = f": {tile.problem}" if tile.problem else "."
    if tile.state is not TileState.LIVE:
        return [f"{tile.id} is {tile.state.value}{because}"]
    if tile.live_share < LEAST_LIVE:
        return [f"{tile.id} was live for {tile.live_share:.0%} of the time only{because}"]
    answered = tile.key_to_picture.n
    if answered == 0 or answered < LEAST_ANSWERED * tile.pressed:
        return [f"{tile.id} answered {answered} of {tile.pressed} keys with a changed picture{because}"]
    if tile.on_page and tile.fps_presented == 0:
        return [f"{tile.id} sends pictures, but none of them reached the screen."]
    return []
