"""Taking a screen or a panel in the hand: it follows, the stick pushes it away and makes it larger."""

import math

from vr.scene.controllers import HandState
from vr.scene.geometry import (
    ORIGIN,
    Placement,
    Pose,
    Ray,
    Vector,
    about_x,
    about_y,
    bearing,
    scale,
    to_local,
    to_world,
    turn,
)
from vr.scene.geometry import length as length_of
from vr.scene.spot import Spot, spot_at
from vr.scene.steady import Threshold

CLOSE, OPEN = 0.6, 0.4
"""Where the grip takes hold, and where it lets go."""
_NEAREST_M, _FARTHEST_M = 0.35, 6.0
_NARROWEST, _WIDEST = math.radians(8), math.radians(110)
_RATE = 1.2
"""Of growth a second, as a natural logarithm, with the stick at its end."""
_DEAD = 0.2


class Grip:
    """Whether a hand's grip is closed; what it closes on is held until it opens."""

    def __init__(self) -> None:
        self._threshold = Threshold(CLOSE, OPEN)
        self.closed = False

    def step(self, state: HandState) -> bool:
        """Whether it closed in this frame."""
        before = self.closed
        self.closed = state.active and self._threshold.step(state.grab)
        if not state.active:
            self._threshold = Threshold(CLOSE, OPEN)
        return self.closed and not before


class Grab:
    """One thing in one hand; it keeps its place at the end of the ray, and goes on facing the wearer."""

    def __init__(self, name: str, spot: Spot, placement: Placement, ray: Ray, anchor: Pose = ORIGIN) -> None:
        self.name = name
        self._anchor = anchor
        self._held = to_local(_frame(ray), placement.pose.position)
        self._width_m = spot.distance_m * math.tan(spot.angle / 2)

    def step(self, ray: Ray, stick: tuple[float, float], elapsed_s: float) -> Spot:
        """Where it is now; the stick's right makes it wider, up pushes it away."""
        wider, farther = (math.exp(_push(axis) * _RATE * elapsed_s) for axis in stick)
        away = length_of(self._held)
        self._held = scale(self._held, min(max(away * farther, _NEAREST_M), _FARTHEST_M) / max(away, 1e-6))
        self._width_m *= wider
        spot = spot_at(to_world(_frame(ray), self._held), self._anchor, 0.0)
        distance = min(max(spot.distance_m, _NEAREST_M), _FARTHEST_M)
        angle = min(max(2 * math.atan(self._width_m / distance), _NARROWEST), _WIDEST)
        self._width_m = distance * math.tan(angle / 2)
        return spot._replace(distance_m=distance, angle=angle)


def _frame(ray: Ray) -> Pose:
    """A space that goes with the ray and does not roll."""
    right, up = bearing(ray.direction)
    return Pose(turn(about_y(-right), about_x(up)), Vector(*ray.origin))


def _push(axis: float) -> float:
    return math.copysign(max(abs(axis) - _DEAD, 0.0) / (1.0 - _DEAD), axis)
