"""Where the pointer is in the guest: from window coordinates to fractions of the picture, or sums of movements."""

from dataclasses import dataclass

from backend.contract.input import FULL_SCALE

INTERVAL_US = 8_000
"""Movements are sent at most 125 times a second: what a PS/2 mouse does, and all that QEMU can use."""


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle in window coordinates."""

    x: float
    y: float
    width: float
    height: float

    def contains(self, x: float, y: float) -> bool:
        """Whether the point lies inside."""
        return self.x <= x < self.x + self.width and self.y <= y < self.y + self.height


def fit(area: Rect, width_px: int, height_px: int, *, integer: bool = False, device_pixel_ratio: float = 1.0) -> Rect:
    """Where a picture of the guest lies within ``area``: as large as fits, centred, its proportions kept.

    ``integer`` allows only whole multiples of the guest's pixels on the screen's, as long as one fits.
    """
    scale = min(area.width / width_px, area.height / height_px)
    if integer and scale * device_pixel_ratio >= 1:
        scale = int(scale * device_pixel_ratio) / device_pixel_ratio
    width, height = width_px * scale, height_px * scale
    return Rect(area.x + (area.width - width) / 2, area.y + (area.height - height) / 2, width, height)


def to_picture(picture: Rect, x: float, y: float) -> tuple[int, int]:
    """Position as a fraction of :data:`FULL_SCALE`; a point beside the picture is drawn to its nearest edge."""
    return _fraction(x - picture.x, picture.width), _fraction(y - picture.y, picture.height)


def _fraction(distance: float, length: float) -> int:
    if length <= 0:
        return 0
    return round(min(max(distance / length, 0.0), 1.0) * FULL_SCALE)


def wrapped(total: int) -> int:
    """A running sum as the 32 bit number that the wire carries."""
    return (total + 2**31) % 2**32 - 2**31


class Coalescer:
    """Holds movements back so that at most one goes out per interval; the newest wins. Times in microseconds."""

    def __init__(self) -> None:
        self._waiting: tuple[float, float] | None = None
        self._sent_us = -INTERVAL_US

    @property
    def waiting(self) -> bool:
        """Whether something waits for :meth:`take` or :meth:`flush`."""
        return self._waiting is not None

    def put(self, value: tuple[float, float]) -> None:
        """A new position or a new sum."""
        self._waiting = value

    def take(self, now_us: int) -> tuple[float, float] | None:
        """The newest value if one waits and the interval is over."""
        return self.flush(now_us) if now_us - self._sent_us >= INTERVAL_US else None

    def flush(self, now_us: int) -> tuple[float, float] | None:
        """The newest value if one waits: what must be told before a button goes down there."""
        value, self._waiting = self._waiting, None
        if value is not None:
            self._sent_us = now_us
        return value

    def clear(self) -> None:
        """Forget what waits."""
        self._waiting = None


class Steps:
    """Whole wheel steps out of fractions: fine wheels and touch pads send less than a step at a time."""

    UNITS = 120
    """One step of a classic wheel, in eighths of a degree (Qt's angleDelta)."""

    def __init__(self) -> None:
        self._rest = (0, 0)

    def add(self, down: int, right: int) -> tuple[int, int]:
        """Add a turn in units; the whole steps that it completes, each from -127 to 127."""
        sums = (self._rest[0] + down, self._rest[1] + right)
        steps = [min(max(int(total / self.UNITS), -127), 127) for total in sums]
        self._rest = (sums[0] - steps[0] * self.UNITS, sums[1] - steps[1] * self.UNITS)
        return steps[0], steps[1]
