"""The wall: rows of screens bent around the wearer, each one facing the eye.

Every screen has its own cylinder around the eye, so the top and bottom rows are tilted and no screen is foreshortened.
At 27 degrees a 640 pixel wide guest has about one pixel of a 25 pixels per degree headset for each of its own; 48
degrees are for reading. The rows pack the screens so that the corners nearest the pole do not touch.
"""

import math
from dataclasses import dataclass

from vr.scene.spot import CELL_ASPECT, Spot

PAGE = 9
"""Screens on a page."""
_COLUMNS = {0: 1, 1: 1, 2: 2, 3: 3, 4: 2}
"""By number of screens; more make three columns."""
_GAP = math.radians(1.5)
_HIGHEST, _LOWEST = math.radians(8), math.radians(-20)
"""Where the middle of a near screen may be: what one reads for long lies about level with the eye, or below."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How large and how far; angles in radians."""

    distance_m: float = 2.0
    """Most headsets focus at 1.3 to 2 m."""
    near_m: float = 1.4
    wide: dict[int, float] | None = None
    near: float = math.radians(48)
    below: float = math.radians(6)
    """The middle of the wall under eye level."""

    def cell(self, columns: int) -> float:
        """How wide a screen of a wall with so many columns looks."""
        return (self.wide or WIDE)[columns]


WIDE = {1: math.radians(48), 2: math.radians(40), 3: math.radians(27)}
"""By number of columns: a wall stays within about 85 degrees, and few screens are larger."""


def wall(count: int, near: int | None = None, sizes: Sizes | None = None) -> tuple[Spot, ...]:
    """Spots of ``count`` screens, row by row; that number ``near`` comes near and the others make room for it."""
    sizes = sizes or Sizes()
    columns = _COLUMNS.get(count, 3)
    cell = sizes.cell(columns)
    widths = [max(cell, sizes.near) if index == near else cell for index in range(count)]
    rows = [widths[start : start + columns] for start in range(0, count, columns)]
    ups = _row_heights(rows, sizes)
    if near is not None:
        reading = ups[near // columns]
        ups = [up + min(max(reading, _LOWEST), _HIGHEST) - reading for up in ups]
    spots = [spot for row, up in zip(rows, ups, strict=True) for spot in _row(row, up, sizes)]
    if near is not None:
        spots[near] = spots[near]._replace(distance_m=sizes.near_m)
    return tuple(spots)


def _row_heights(rows: list[list[float]], sizes: Sizes) -> list[float]:
    """How far up the middle of each row is."""
    heights = [2 * math.atan(_slope(max(row))) for row in rows]
    top = (sum(heights) + _GAP * (len(rows) - 1)) / 2 - sizes.below
    ups = []
    for height in heights:
        ups.append(top - height / 2)
        top -= height + _GAP
    return ups


def _row(widths: list[float], up: float, sizes: Sizes) -> list[Spot]:
    halves = [_half_width(width, up) for width in widths]
    gap = _GAP / math.cos(up)
    left = -(2 * sum(halves) + gap * (len(widths) - 1)) / 2
    spots = []
    for width, half in zip(widths, halves, strict=True):
        spots.append(Spot(left + half, up, sizes.distance_m, width))
        left += 2 * half + gap
    return spots


def _slope(width: float) -> float:
    """Half the height of a flat screen, which is the taller kind, one metre away."""
    return math.tan(width / 2) / CELL_ASPECT


def _half_width(width: float, up: float) -> float:
    """How far to the side the corner of a screen reaches that lies nearest the pole: there meridians are closest."""
    return math.atan2(math.tan(width / 2), math.cos(up) - _slope(width) * abs(math.sin(up)))
