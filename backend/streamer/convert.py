"""BGRX pixels to the I420 picture that the encoder reads: only the changed rectangle."""

import av
import numpy as np
from av.video.reformatter import Interpolation, VideoReformatter
from numpy.typing import NDArray

_ROWS, _COLUMNS = 16, 32
"""Steps in which rows and columns are taken, so that few sizes occur: swscale prepares itself for each anew."""
_SIZES = 64


class Converter:
    """Keeps one I420 picture (BT.601, limited range) true to a BGRX screen of one size.

    The picture has even sides, as 4:2:0 needs; an odd screen repeats its last row or column.
    """

    def __init__(self, width: int, height: int) -> None:
        self.size = (width, height)
        self.width, self.height = width + width % 2, height + height % 2
        self._planes = np.empty((self.height * 3 // 2, self.width), np.uint8)
        self._reformatters: dict[tuple[int, int], VideoReformatter] = {}
        # The frame borrows the memory of the array: x264 copies it while encoding.
        self.frame = av.VideoFrame.from_numpy_buffer(self._planes, format="yuv420p")

    def update(self, pixels: NDArray[np.uint8], rows: tuple[int, int], columns: tuple[int, int]) -> None:
        """Bring a rectangle of the picture up to date: rows and columns from the first up to, not with, the last."""
        top, bottom = _widened(rows, _ROWS, self.height)
        left, right = _widened(columns, _COLUMNS, self.width)
        if top >= bottom or left >= right:
            return
        part = self._part(pixels, (top, bottom), (left, right))
        # AREA takes chroma from exactly the four pixels that share it, so that a part needs no pixels around it.
        source = av.VideoFrame.from_numpy_buffer(part, format="bgra")
        reformatter = self._reformatter((right - left, bottom - top))
        converted = reformatter.reformat(source, format="yuv420p", interpolation=Interpolation.AREA, threads=1)
        self._store(converted, slice(top, bottom), slice(left, right))

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

    def _store(self, part: av.VideoFrame, rows: slice, columns: slice) -> None:
        self._planes[rows, columns] = _plane(part, 0)
        # Below the luma rows lie the two chroma planes, each of half width and half height.
        chroma = self._planes[self.height :].reshape(2, self.height // 2, self.width // 2)
        half = (slice(rows.start // 2, rows.stop // 2), slice(columns.start // 2, columns.stop // 2))
        chroma[0][half] = _plane(part, 1)
        chroma[1][half] = _plane(part, 2)


def _widened(span: tuple[int, int], step: int, limit: int) -> tuple[int, int]:
    first, last = span
    return max(0, first // step * step), min(limit, -(-last // step) * step)


def _plane(frame: av.VideoFrame, index: int) -> NDArray[np.uint8]:
    plane = frame.planes[index]
    rows: NDArray[np.uint8] = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
    return rows[: plane.height, : plane.width]
