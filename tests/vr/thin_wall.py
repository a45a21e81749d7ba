"""The least that a headset can show: nine pictures of a feed side by side, and what was asked of them."""

import math
from collections.abc import Mapping, Sequence

from vr.feed.feed import Feed
from vr.openxr.runtime import News, Runtime
from vr.openxr.session import FrameTime
from vr.scene.geometry import Placement, Pose, Vector, about_y
from vr.scene.layer import Canvas, Layer

_APART = math.radians(28.5)


class ThinWall:
    """One session's pictures. Threading: the frame loop's."""

    def __init__(self, runtime: Runtime, feed: Feed) -> None:
        self.wants_out = False
        self.rested = 0
        self.uploads = 0
        self.closed = False
        self.failure: Exception | None = None
        self._runtime, self._feed = runtime, feed
        self._canvases: dict[int, Canvas] = {}

    def frame(self, frame: FrameTime, news: News) -> Sequence[Layer]:
        if self.failure is not None:
            raise self.failure
        self._runtime.read_hands(frame)
        for screen in self._feed.screens:
            self._take(screen.place)
        return [Layer(canvas, _placement(place), opaque=True) for place, canvas in self._canvases.items()]

    def meanwhile(self) -> bool:
        return False

    def rest(self) -> None:
        self.rested += 1

    def figures(self) -> Mapping[str, float]:
        uploads, self.uploads = self.uploads, 0
        return {"uploads": uploads}

    def close(self) -> None:
        self.closed = True
        for canvas in self._canvases.values():
            canvas.close()

    def _take(self, place: int) -> None:
        picture = self._feed.newest(place)
        if picture is None:
            return
        with picture:
            height, width, _ = picture.pixels.shape
            if place not in self._canvases:
                self._canvases[place] = self._runtime.graphics.canvas(self._runtime.session, width, height)
            self._canvases[place].upload(picture.pixels)
            self.uploads += 1


def _placement(place: int) -> Placement:
    row, column = divmod(place, 3)
    yaw = (1 - column) * _APART
    ahead = Vector(-2.0 * math.sin(yaw), (1 - row) * 0.76, -2.0 * math.cos(yaw))
    return Placement(Pose(about_y(yaw), ahead), 2.0 * math.radians(27.0), 0.707, 2.0)
