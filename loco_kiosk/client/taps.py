"""Pictures on their way to the window, for a headset that may come."""

from collections.abc import Callable
from typing import NamedTuple

from av.video.frame import VideoFrame

from loco_kiosk.media.frames import FrameSink, FrameTiming


class Kept(NamedTuple):
    """The newest picture of a machine."""

    frame: VideoFrame
    timing: FrameTiming


Listener = Callable[[str, VideoFrame, FrameTiming], None]


class Taps:
    """Makes the sinks of a wall. Threading: the media thread.

    Each sink passes pictures on to the window's, where there is a window, and to ``listener``. The newest is kept: a
    still screen sends no other when somebody begins to look.
    """

    def __init__(self, window: Callable[[str], FrameSink] | None = None) -> None:
        self.listener: Listener | None = None
        self.newest: dict[str, Kept] = {}
        self._window = window

    def sink(self, identity: str) -> FrameSink:
        """The sink of a machine."""
        return _Tap(self, identity, None if self._window is None else self._window(identity))


class _Tap:
    def __init__(self, taps: Taps, identity: str, window: FrameSink | None) -> None:
        self._taps = taps
        self._identity = identity
        self._window = window

    def put(self, frame: VideoFrame, timing: FrameTiming) -> None:
        if self._window is not None:
            self._window.put(frame, timing)
        self._taps.newest[self._identity] = Kept(frame, timing)
        if self._taps.listener is not None:
            self._taps.listener(self._identity, frame, timing)
