"""Where the wall hangs, by the product's own layout, and what the composited picture shows there."""

import time
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from tests.vr import eyes
from tests.vr.monado import Monado
from tests.vr.remote_state import Triple
from vr.scene import geometry, layout

ASPECT = 4 / 3


def spot(screens: int, screen: int, u: float, v: float, near: int | None = None) -> Triple:
    """A point of a screen, in metres of LOCAL space, while that screen is ``near`` and none has been moved."""
    placement = layout.wall(screens, near)[screen].placement(ASPECT)
    x, y, z = geometry.point(placement, u, v)
    return (x, y, z)


def around(picture: NDArray[np.uint8], point: Triple, eye: eyes.Eye, radius_px: int = 4) -> NDArray[np.float64]:
    """A square of the composited picture around a point of space."""
    seen = eyes.half(picture, eye)
    height, width = seen.shape[:2]
    column, row = eyes.pixel(point, eye, width, height)
    left, top = round(column) - radius_px, round(row) - radius_px
    assert 0 <= left <= width - 2 * radius_px, f"column {column} is out of sight"
    assert 0 <= top <= height - 2 * radius_px, f"row {row} is out of sight"
    return seen[top : top + 2 * radius_px, left : left + 2 * radius_px].astype(np.float64)


def pictures(service: Monado, seconds: float) -> Iterator[NDArray[np.uint8]]:
    """What the headset shows for a while."""
    until_s = time.monotonic() + seconds
    while time.monotonic() < until_s:
        yield service.picture()
        time.sleep(0.1)  # a sample every tenth of a second


class Usual:
    """What a place looks like while nothing is done to it, clouds and all."""

    def __init__(self, service: Monado, point: Triple, eye: eyes.Eye = "right", seconds: float = 2.5) -> None:
        self._service, self._point, self._eye = service, point, eye
        looks = np.stack([around(picture, point, eye) for picture in pictures(service, seconds)])
        self._least, self._most = looks.min(axis=0), looks.max(axis=0)

    def excess(self) -> float:
        """How far the place is from all that it was, by its most changed quarter of pixels: 0 to 255."""
        now = around(self._service.picture(), self._point, self._eye)
        beyond = np.maximum(now - self._most, self._least - now).max(axis=2)
        return float(np.sort(beyond, axis=None)[-beyond.size // 4 :].mean())
