"""Watches a small area of the decoded pictures for change, to measure what a person would see."""

from collections.abc import Callable

from av.video.frame import VideoFrame

_THRESHOLD = 8.0
"""Of 255 levels: more than any coding noise, less than any visible change of the area."""

_SAMPLES = 8
"""The most across and down."""


class Probe:
    """Calls ``on_change(decoded_us)`` when the mean brightness of the area changes."""

    def __init__(self, on_change: Callable[[int], None]) -> None:
        self._on_change = on_change
        self._mean: float | None = None
        self._area: tuple[int, int, int, int] | None = None

    def look(
        self,
        frame: VideoFrame,
        area: tuple[int, int, int, int] | None,
        decoded_us: int,
        screen: tuple[int, int] | None = None,
    ) -> None:
        """Look at one picture.

        ``area`` is x, y, width and height, None for the whole picture, in pixels of a ``screen`` of this width and
        height, of which the picture may be a smaller copy; None: of the picture itself.
        """
        mean = mean_luma(frame, _on_picture(area, screen, frame) if area else (0, 0, frame.width, frame.height))
        if self._mean is None or area != self._area:
            self._mean, self._area = mean, area  # the streamer may name the area after the first picture
        elif abs(mean - self._mean) >= _THRESHOLD:
            self._mean = mean
            self._on_change(decoded_us)


def _on_picture(
    area: tuple[int, int, int, int], screen: tuple[int, int] | None, frame: VideoFrame
) -> tuple[int, int, int, int]:
    if screen is None or screen == (frame.width, frame.height):
        return area
    across, down = frame.width / screen[0], frame.height / screen[1]
    x, y, width, height = area
    return round(x * across), round(y * down), max(1, round(width * across)), max(1, round(height * down))


def mean_luma(frame: VideoFrame, area: tuple[int, int, int, int]) -> float:
    """Mean of the Y plane within x, y, width, height, by a grid of samples; 0 where that lies outside of the picture.

    It is asked of every picture while somebody measures, and must not be what is measured: all of an area of 64 x 48
    pixels takes numpy as long as half a decoded picture.
    """
    x, y, width, height = area
    right, bottom = min(x + width, frame.width), min(y + height, frame.height)
    if x >= right or y >= bottom:
        return 0.0
    plane = frame.planes[0]
    luma, line = memoryview(plane).cast("B"), plane.line_size
    across, down = -(-(right - x) // _SAMPLES), -(-(bottom - y) // _SAMPLES)
    samples = b"".join(bytes(luma[row * line + x : row * line + right : across]) for row in range(y, bottom, down))
    return sum(samples) / len(samples)
