"""Where a screen hangs as the wearer sees it: a direction, a distance and how wide it looks."""

import math
from typing import NamedTuple

from vr.scene.geometry import (
    AHEAD,
    ORIGIN,
    Placement,
    Pose,
    Vector,
    about_x,
    about_y,
    bearing,
    compose,
    length,
    rotate,
    scale,
    to_local,
    turn,
)

CELL_ASPECT = 4 / 3
"""Width by height of the place of a screen; pictures of other shapes are fitted in."""


class Spot(NamedTuple):
    """Seen from an anchor, which stands where the head was and looks where it looked.

    A screen always faces the anchor and never leans to a side, whatever is done with it.
    """

    right: float
    """Of straight ahead, in radians."""
    up: float
    distance_m: float
    angle: float
    """How wide a place of :data:`CELL_ASPECT` looks, in radians."""

    def placement(self, aspect: float, *, anchor: Pose = ORIGIN, flat: bool = False) -> Placement:
        """The surface of a picture of this shape."""
        facing = turn(about_y(-self.right), about_x(self.up))
        pose = compose(anchor, Pose(facing, rotate(facing, scale(AHEAD, self.distance_m))))
        width = self._width(flat) * min(1.0, aspect / CELL_ASPECT)
        return Placement(pose, width, width / aspect, None if flat else self.distance_m)

    def towards(self, other: "Spot", share: float) -> "Spot":
        """The spot on the way to ``other``: 0 here, 1 there."""
        return Spot(*(a + (b - a) * share for a, b in zip(self, other, strict=True)))

    def _width(self, flat: bool) -> float:
        return self.distance_m * (2 * math.tan(self.angle / 2) if flat else self.angle)


def spot_at(point: Vector, anchor: Pose, angle: float) -> Spot:
    """The spot whose centre is a point in space."""
    local = to_local(anchor, point)
    right, up = bearing(local)
    return Spot(right, up, length(local), angle)
