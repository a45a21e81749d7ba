"""FFmpeg's scaler, writing where we say: PyAV (18.1) scales into memory of its own only, and the copy from there to
where the headset's program reads makes half as much work again (measured: 0.31 instead of 0.20 ms a picture).

The library is the one that PyAV has loaded; only its oldest functions are called (libswscale/swscale.h). Linux.
"""

import ctypes
import functools
from pathlib import Path
from typing import Any, Final

import av
import numpy as np
from numpy.typing import NDArray

from loco_kiosk.media.errors import ScalerError

_FAST_BILINEAR: Final = 1
_AREA: Final = 0x20
_FULL_RANGE: Final = 2
"""AVCOL_RANGE_JPEG."""
_UNSPECIFIED: Final = 2
"""AVCOL_SPC_UNSPECIFIED."""
_BT601: Final = 5
"""SWS_CS_ITU601, which a picture of unspecified colours is taken for, as elsewhere in the program."""
_ONE: Final = 1 << 16
_PLANES: Final = 4
_Pointers = ctypes.c_void_p * _PLANES
_Strides = ctypes.c_int * _PLANES


class Converter:
    """Makes RGBA of pictures of one size, format and colours. Threading: one thread."""

    def __init__(self, frame: av.VideoFrame, width_px: int, height_px: int) -> None:
        """Prepare for pictures like ``frame``, to become ``width_px`` x ``height_px``.

        Raises:
            ScalerError: the library is not there, or does not know the format.
        """
        self._library = library = _library()
        self._height = frame.height
        self._stride = width_px * 4
        source, target = (library.av_get_pix_fmt(name.encode()) for name in (frame.format.name, "rgba"))
        how = _FAST_BILINEAR if (frame.width, frame.height) == (width_px, height_px) else _AREA
        size = (frame.width, frame.height, source, width_px, height_px, target)
        self._context = library.sws_getContext(*size, how, None, None, None)
        if not self._context:
            raise ScalerError(f"Pictures of format {frame.format.name} cannot be turned into RGBA.")
        space = _BT601 if frame.colorspace == _UNSPECIFIED else int(frame.colorspace)
        table = library.sws_getCoefficients(space)
        full = int(frame.color_range == _FULL_RANGE or frame.format.name.startswith("yuvj"))
        library.sws_setColorspaceDetails(self._context, table, full, table, 1, 0, _ONE, _ONE)

    def convert(self, frame: av.VideoFrame, pixels: NDArray[np.uint8]) -> None:
        """Write ``frame`` into ``pixels``: shape (height, width, 4), without gaps."""
        planes = frame.planes
        self._library.sws_scale(
            self._context,
            _Pointers(*[plane.buffer_ptr for plane in planes]),
            _Strides(*[plane.line_size for plane in planes]),
            0,
            self._height,
            _Pointers(pixels.ctypes.data),
            _Strides(self._stride),
        )

    def __del__(self) -> None:
        if getattr(self, "_context", None):
            self._library.sws_freeContext(self._context)
            self._context = None


@functools.cache
def _library() -> Any:  # noqa: ANN401 - a foreign library has no type
    """The scaler that PyAV has loaded, with what it is built on."""
    maps = Path("/proc/self/maps")
    lines = maps.read_text(encoding="utf-8", errors="replace").splitlines() if maps.exists() else []
    paths = {line.split(maxsplit=5)[-1] for line in lines if "/libswscale" in line}
    if not paths:
        raise ScalerError("FFmpeg's scaler is not loaded; VR needs PyAV on Linux.")
    library = ctypes.CDLL(paths.pop())
    library.av_get_pix_fmt.argtypes = [ctypes.c_char_p]
    library.sws_getContext.restype = ctypes.c_void_p
    library.sws_getContext.argtypes = [ctypes.c_int] * 7 + [ctypes.c_void_p] * 3
    library.sws_getCoefficients.restype = ctypes.c_void_p
    number, pointer = ctypes.c_int, ctypes.c_void_p
    library.sws_setColorspaceDetails.argtypes = [pointer, pointer, number, pointer, number, number, number, number]
    library.sws_scale.argtypes = [ctypes.c_void_p, _Pointers, _Strides, ctypes.c_int, ctypes.c_int, _Pointers, _Strides]
    library.sws_freeContext.argtypes = [ctypes.c_void_p]
    library.sws_freeContext.restype = None
    return library
