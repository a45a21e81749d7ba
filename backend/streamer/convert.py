"""BGRX pixels to the YUV picture that the encoder reads: only the changed rectangle."""

import av
import numpy as np
from av.video.reformatter import Interpolation, VideoReformatter
from numpy.typing import NDArray

from backend.streamer import libyuv
from backend.streamer.libyuv import YuvWriter

_ROWS, _COLUMNS = 16, 32
"""Steps in which swscale is given rows and columns, so that few sizes occur: it prepares itself for each anew."""
_SIZES = 64


class Converter:
    """Keeps one YUV picture (BT.601, limited range) true to a BGRX screen of one size.

    The picture has even sides, as 4:2:0 needs; a screen whose sides do not fit repeats its last rows or columns.

    Args:
        width, height: of the screen.
        pixel_exact: colour for each pixel: 4:4:4 in place of 4:2:0.
        shrink: pixels of the screen, across and down, that become one; 1, 2 or 4.
    """

    def __init__(self, width: int, height: int, *, pixel_exact: bool = False, shrink: int = 1) -> None:
        self.size = (width, height)
        unit = 2 * shrink
        self._covered = (-(-width // unit) * unit, -(-height // unit) * unit)
        self.width, self.height = self._covered[0] // shrink, self._covered[1] // shrink
        self._shrink = shrink
        self._format = "yuv444p" if pixel_exact else "yuv420p"
        self._reformatters: dict[tuple[int, int], VideoReformatter] = {}
        self.frame = av.VideoFrame(self.width, self.height, self._format)
        """To be read only until the next :meth:`update`; x264 copies it while encoding."""
        self._planes = [_plane(self.frame, index) for index in range(3)]
        chroma = 1 if pixel_exact else 2
        self._steps = (shrink, shrink * chroma, shrink * chroma)
        self._writer = None if libyuv.library() is None else YuvWriter(self._planes, self._steps, shrink)
        self._grid = (_ROWS, _COLUMNS) if self._writer is None else (unit, unit)

    def update(self, pixels: NDArray[np.uint8], rows: tuple[int, int], columns: tuple[int, int]) -> None:
        """Bring a rectangle of the screen up to date: rows and columns from the first up to, not with, the last."""
        top, bottom = _widened(rows, self._grid[0], self._covered[1])
        left, right = _widened(columns, self._grid[1], self._covered[0])
        if top >= bottom or left >= right:
            return
        whole = bottom <= pixels.shape[0] and right <= pixels.shape[1] and pixels.strides[1:] == (4, 1)
        if self._writer is not None and whole:
            self._writer.write(pixels, top, left, bottom - top, right - left)
            return
        part = self._part(pixels, (top, bottom), (left, right))
        if not whole:
            part = np.ascontiguousarray(part)
        if self._writer is not None:
            self._writer.write_part(part, top, left)
        else:
            self._reformat(part, top, left)

    def _reformat(self, part: NDArray[np.uint8], top: int, left: int) -> None:
        # AREA takes each value from exactly the pixels that share it, so that a part needs no pixels around it.
        source = av.VideoFrame.from_numpy_buffer(part, format="bgra")
        height, width = part.shape[:2]
        size = (width // self._shrink, height // self._shrink)
        converted = self._reformatter(size).reformat(
            source, *size, format=self._format, interpolation=Interpolation.AREA, threads=1
        )
        for index, (plane, step) in enumerate(zip(self._planes, self._steps, strict=True)):
            target = plane[top // step : (top + height) // step, left // step : (left + width) // step]
            target[:] = _plane(converted, index)

    def _reformatter(self, size: tuple[int, int]) -> VideoReformatter:
        if size not in self._reformatters and len(self._reformatters) >= _SIZES:
            self._reformatters.clear()
        return self._reformatters.setdefault(size, VideoReformatter())

    def _part(self, pixels: NDArray[np.uint8], rows: tuple[int, int], columns: tuple[int, int]) -> NDArray[np.uint8]:
        part = pixels[slice(*rows), slice(*columns)]
        missing = (rows[1] - rows[0] - part.shape[0], columns[1] - columns[0] - part.shape[1])
        if any(missing):
            part = np.pad(part, ((0, missing[0]), (0, missing[1]), (0, 0)), mode="edge")
        return part


def _widened(span: tuple[int, int], step: int, limit: int) -> tuple[int, int]:
    first, last = span
    return max(0, first // step * step), min(limit, -(-last // step) * step)


def _plane(frame: av.VideoFrame, index: int) -> NDArray[np.uint8]:
    plane = frame.planes[index]
    rows: NDArray[np.uint8] = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
    return rows[: plane.height, : plane.width]
