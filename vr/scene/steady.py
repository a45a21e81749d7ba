"""What makes a hand steady: the One-Euro filter for its ray, and thresholds that do not chatter."""

import math

from vr.scene.geometry import Ray, Vector, add, length, normalized, scale, subtract

_SLOWEST_HZ = 1.5
"""What passes of a hand that rests: tremor of 6 to 12 Hz loses three quarters."""
_DIRECTION_HZ = 15.0
"""How much faster the filter gets with each radian a second: a hand that aims elsewhere is followed within 10 ms."""
_POSITION_HZ = 30.0
"""The same with each metre a second."""
_SPEED_HZ = 1.0
_LOST_S = 0.25
"""After a longer gap nothing is known of the speed."""


class OneEuro:
    """Smooths what is slow and follows what is fast (Casiez, Roussel, Vogel: 1 Euro filter, CHI 2012)."""

    def __init__(self, gain_hz: float) -> None:
        self._gain_hz = gain_hz
        self._value: Vector | None = None
        self._speed = Vector(0.0, 0.0, 0.0)

    def step(self, value: Vector, elapsed_s: float) -> Vector:
        """The smoothed value, ``elapsed_s`` after the last one; a long gap starts anew."""
        last = self._value
        if last is None or not 0.0 < elapsed_s < _LOST_S:
            self._value, self._speed = value, Vector(0.0, 0.0, 0.0)
            return value
        change = subtract(value, last)
        self._speed = _mix(self._speed, scale(change, 1.0 / elapsed_s), _share(_SPEED_HZ, elapsed_s))
        cutoff = _SLOWEST_HZ + self._gain_hz * length(self._speed)
        self._value = _mix(last, value, _share(cutoff, elapsed_s))
        return self._value


class RayFilter:
    """A steady ray out of a shaking one. Times in seconds."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """The hand is another one, or was away."""
        self._origin, self._direction = OneEuro(_POSITION_HZ), OneEuro(_DIRECTION_HZ)
        self._last_s = -math.inf

    def step(self, ray: Ray, now_s: float) -> Ray:
        """The steady ray."""
        elapsed, self._last_s = now_s - self._last_s, now_s
        direction = self._direction.step(ray.direction, elapsed)
        return Ray(self._origin.step(ray.origin, elapsed), normalized(direction))


class Threshold:
    """On above one value, off below a lower one: a finger in between changes nothing."""

    def __init__(self, on: float, off: float) -> None:
        self._on, self._off = on, off
        self.is_on = False

    def step(self, value: float) -> bool:
        """Whether it is on now."""
        self.is_on = value >= self._on or (self.is_on and value > self._off)
        return self.is_on


def _share(cutoff_hz: float, elapsed_s: float) -> float:
    """How much of a new value a low pass takes."""
    return 1.0 / (1.0 + 1.0 / (2 * math.pi * cutoff_hz * elapsed_s))


def _mix(old: Vector, new: Vector, share: float) -> Vector:
    return add(old, scale(subtract(new, old), share))
