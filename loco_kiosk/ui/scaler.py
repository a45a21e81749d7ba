"""Scales and colours pictures where no GPU does: a picture becomes the very pixels that its tile shows."""

from typing import NamedTuple

import av
from av.video.reformatter import Interpolation, VideoReformatter


class Target(NamedTuple):
    """What a tile shows: device pixels, and whether guest pixels stay square-edged."""

    width: int
    height: int
    sharp: bool


class Scaler:
    """Makes pictures for one tile at a time.

    Threading: :attr:`target` may be set from any thread; the call belongs to one thread.
    """

    def __init__(self, target: Target | None = None) -> None:
        self.target = target
        self._reformatter = VideoReformatter()

    def __call__(self, frame: av.VideoFrame) -> av.VideoFrame | None:
        """The picture as BGRA of the target's size; None while there is no target."""
        target = self.target
        if target is None:
            return None
        how = Interpolation.POINT if target.sharp else Interpolation.FAST_BILINEAR
        return self._reformatter.reformat(frame, target.width, target.height, "bgra", interpolation=how)
