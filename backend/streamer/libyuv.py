"""BGRX pixels to YUV planes by libyuv: a tenth of the processor time that swscale takes for the same.

Distributions ship the library as ``libyuv0``; where it is missing, :mod:`backend.streamer.convert` takes swscale.
Functions and their parameters: ``libyuv/convert_from_argb.h`` and ``libyuv/scale_argb.h``. What libyuv calls ARGB is B,
G, R, A in memory; its YUV is that of BT.601, limited range.
"""

import ctypes
import functools
import logging

import numpy as np
from numpy.typing import NDArray

log = logging.getLogger(__name__)

LIBRARY = "libyuv.so.0"
_BOX = 3
"""Scale by the mean of the pixels that become one (``enum FilterMode``)."""
_POINTER, _INT = ctypes.c_void_p, ctypes.c_int
_CONVERT = [_POINTER, _INT] * 4 + [_INT] * 2
_SCALE = ([_POINTER] + [_INT] * 3) * 2 + [_INT]


@functools.cache
def library() -> ctypes.CDLL | None:
    """The library; None where this system has none."""
    try:
        found = ctypes.CDLL(LIBRARY)
        for function, parameters in (("ARGBToI420", _CONVERT), ("ARGBToI444", _CONVERT), ("ARGBScale", _SCALE)):
            getattr(found, function).argtypes = parameters
    except (OSError, AttributeError) as error:
        log.info("pictures are converted by swscale, which takes more time, since libyuv is missing: %s", error)
        return None
    return found


class YuvWriter:
    """Writes rectangles of BGRX pixels into three planes.

    Args:
        planes: Y, U and V, (height, width) each, rows of any distance.
        steps: how many pixels of the screen one value of each plane stands for, across and down.
        shrink: pixels of the screen, across and down, that become one.
    """

    def __init__(self, planes: list[NDArray[np.uint8]], steps: tuple[int, int, int], shrink: int) -> None:
        found = library()
        assert found is not None, "ask library() first"
        self._convert = found.ARGBToI420 if steps[1] > steps[0] else found.ARGBToI444
        self._scale = found.ARGBScale
        self._planes = [(plane.ctypes.data, plane.strides[0], step) for plane, step in zip(planes, steps, strict=True)]
        self._kept_planes = planes  # their memory is written to by address
        self._shrink = shrink
        self._small = np.empty((*planes[0].shape, 4) if shrink > 1 else (0, 0, 4), np.uint8)
        self._small_address = self._small.ctypes.data
        self._pixels: NDArray[np.uint8] | None = None
        self._address = 0

    def write(self, pixels: NDArray[np.uint8], top: int, left: int, height: int, width: int) -> None:
        """Convert a rectangle of a picture, (height, width, 4) with no gaps in a row; its edges fit every step."""
        if pixels is not self._pixels:
            self._pixels, self._address = pixels, pixels.ctypes.data
        self._write(self._address + top * pixels.strides[0] + left * 4, pixels.strides[0], (top, left, height, width))

    def write_part(self, part: NDArray[np.uint8], top: int, left: int) -> None:
        """The same for pixels that are no part of a whole picture."""
        self._write(part.ctypes.data, part.strides[0], (top, left, *part.shape[:2]))

    def _write(self, source: int, stride: int, place: tuple[int, int, int, int]) -> None:
        top, left, height, width = place
        if (shrink := self._shrink) > 1:
            small, small_stride = self._small_address, width // shrink * 4
            self._scale(source, stride, width, height, small, small_stride, width // shrink, height // shrink, _BOX)
            source, stride, width, height = small, small_stride, width // shrink, height // shrink
        targets: list[int] = []
        for address, row, step in self._planes:
            targets += (address + top // step * row + left // step, row)
        self._convert(source, stride, *targets, width, height)
