"""BGRX rows to the I420 picture that the encoder reads: only the changed band."""

import av
import numpy as np
from av.video.reformatter import Interpolation, VideoReformatter
from numpy.typing import NDArray


class Converter:
    """Keeps one I420 picture (BT.601, limited range) true to a BGRX screen of one size.

    The picture has even sides, as 4:2:0 needs; an odd screen repeats its last row or column.
    """

    def __init__(self, width: int, height: int) -> None:
        self.size = (width, height)
        self.width, self.height = width + width % 2, height + height % 2
        self._planes = np.empty((self.height * 3 // 2, self.width), np.uint8)
        self._reformatter = VideoReformatter()
        # The frame borrows the memory of the array: x264 copies it while encoding.
        self.frame = av.VideoFrame.from_numpy_buffer(self._planes, format="yuv420p")

    def update(self, pixels: NDArray[np.uint8], top: int, bottom: int) -> None:
        """Bring the rows ``[top, bottom)`` of the picture up to date."""
        top = max(0, top) & ~1
        bottom = min(self.height, (bottom + 1) & ~1)
        if top >= bottom:
            return
        band = self._band(pixels, top, bottom)
        # AREA takes chroma from exactly the two rows that share it, so that a band needs no rows around it.
        source = av.VideoFrame.from_numpy_buffer(band, format="bgra")
        converted = self._reformatter.reformat(source, format="yuv420p", interpolation=Interpolation.AREA, threads=1)
        self._store(converted, top, bottom)

    def _band(self, pixels: NDArray[np.uint8], top: int, bottom: int) -> NDArray[np.uint8]:
        band = pixels[top:bottom]
        missing = (bottom - top - band.shape[0], self.width - band.shape[1])
        if any(missing):
            band = np.pad(band, ((0, missing[0]), (0, missing[1]), (0, 0)), mode="edge")
        return np.ascontiguousarray(band)

    def _store(self, band: av.VideoFrame, top: int, bottom: int) -> None:
        self._planes[top:bottom] = _plane(band, 0)
        # Below the luma rows lie the two chroma planes, each of half width and half height.
        chroma = self._planes[self.height :].reshape(2, self.height // 2, self.width // 2)
        chroma[0, top // 2 : bottom // 2] = _plane(band, 1)
        chroma[1, top // 2 : bottom // 2] = _plane(band, 2)


def _plane(frame: av.VideoFrame, index: int) -> NDArray[np.uint8]:
    plane = frame.planes[index]
    rows: NDArray[np.uint8] = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
    return rows[: plane.height, : plane.width]
