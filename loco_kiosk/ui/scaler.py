"""Scales and colours pictures where no GPU does: a picture becomes the very pixels that its tile shows."""

import enum
import math
from typing import NamedTuple

import av
import numpy as np
from av.video.reformatter import Interpolation, VideoReformatter
from numpy.typing import NDArray

from loco_kiosk.ui.full_colour import Doubler, is_full
from loco_kiosk.ui.multiplier import Multiplier

_MOST_TIMES = 4
"""Beyond it the mixed edge of a guest pixel is a quarter of it at most: nothing that is seen."""


class Scaling(enum.StrEnum):
    """How guest pixels become pixels of the screen."""

    SMOOTH = "smooth"
    """Mixed with their neighbours."""
    INTEGER = "integer"
    """Squares of whole pixels of the screen."""
    SHARP = "sharp"
    """Squares too, but of any size: only the pixels of the screen that lie on an edge are mixed."""


class Target(NamedTuple):
    """What a tile shows: device pixels, and how they are made."""

    width: int
    height: int
    scaling: Scaling


class Scaler:
    """Makes pictures for one tile at a time.

    Threading: :attr:`target` may be set from any thread; the call belongs to one thread.
    """

    def __init__(self, target: Target | None = None) -> None:
        self.target = target
        self._reformatter = VideoReformatter()
        self._doubler = Doubler()
        self._multiplier = Multiplier()
        self._full_reformatter = VideoReformatter()

    def __call__(self, frame: av.VideoFrame) -> av.VideoFrame | None:
        """The picture as BGRA of the target's size; None while there is no target."""
        target = self.target
        if target is None:
            return None
        if is_full(frame):
            return self._full_colour(frame, target)
        if target.scaling is Scaling.SHARP and (times := times_before(frame.width, target.width)) > 1:
            frame = self._multiplier(frame, times)
        return self._scaled(frame, target)

    def _full_colour(self, frame: av.VideoFrame, target: Target) -> av.VideoFrame:
        source = self._doubler(frame)
        if target.width < source.width:
            # Swscale would make half the target's width of colours: fewer than came.
            source = _halved(self._full_reformatter.reformat(source, format="bgra", threads=1))
            if target.scaling is Scaling.INTEGER or (source.width, source.height) == target[:2]:
                return _nearest(source, target)
        return self._scaled(source, target)

    def _scaled(self, frame: av.VideoFrame, target: Target) -> av.VideoFrame:
        # Without threads of its own, which each call would wake: nine tiles keep every core busy anyway.
        return self._reformatter.reformat(
            frame, target.width, target.height, "bgra", interpolation=_how(target), threads=1
        )


def times_before(guest_px: int, screen_px: int) -> int:
    """How many times a guest pixel is repeated before the smooth rest, for :attr:`Scaling.SHARP`; 1 to shrink."""
    return min(_MOST_TIMES, math.ceil(screen_px / guest_px)) if screen_px > guest_px else 1


def _how(target: Target) -> Interpolation:
    return Interpolation.POINT if target.scaling is Scaling.INTEGER else Interpolation.FAST_BILINEAR


def _halved(frame: av.VideoFrame) -> av.VideoFrame:
    """Every other pixel."""
    made = av.VideoFrame(frame.width // 2, frame.height // 2, "bgra")
    _pixels(made)[:] = _pixels(frame)[::2, ::2]
    return made


def _nearest(frame: av.VideoFrame, target: Target) -> av.VideoFrame:
    """The nearest pixels; swscale takes 12 ms for this between packed pictures."""
    if (frame.width, frame.height) == target[:2]:
        return frame
    made = av.VideoFrame(target.width, target.height, "bgra")
    columns = (np.arange(target.width) * 2 + 1) * frame.width // (2 * target.width)
    lines = (np.arange(target.height) * 2 + 1) * frame.height // (2 * target.height)
    _pixels(made)[:] = _pixels(frame).take(columns, axis=1).take(lines, axis=0)
    return made


def _pixels(frame: av.VideoFrame) -> NDArray[np.uint32]:
    plane = frame.planes[0]
    whole = np.frombuffer(memoryview(plane), np.uint32).reshape(frame.height, plane.line_size // 4)
    return whole[:, : frame.width]
