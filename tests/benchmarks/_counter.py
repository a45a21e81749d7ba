"""A frame counter painted into the picture, so that the textbook pipeline can be timed without touching it."""

import mmap
import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

BITS = 24
BLOCK_PX = 16
SLOTS = 4096
_TIME = struct.Struct("<Qd")


def paint(pixels: NDArray[np.uint8], number: int) -> None:
    """Write ``number`` as black and white blocks along the lower edge of ``pixels`` (height, width, channels)."""
    strip = pixels[-BLOCK_PX:, : BITS * BLOCK_PX]
    bits = (number >> np.arange(BITS)) & 1
    strip[:] = np.repeat(bits * 255, BLOCK_PX).astype(np.uint8)[None, :, None]


def read(pixels: NDArray[np.uint8]) -> int:
    """Read the number that :func:`paint` wrote, from the middle of each block."""
    row = pixels[-BLOCK_PX // 2, BLOCK_PX // 2 : BITS * BLOCK_PX : BLOCK_PX, 0]
    return int(((row > 127).astype(np.int64) << np.arange(BITS)).sum())


def read_luma(luma: NDArray[np.uint8], height: int) -> int:
    """The same from the luma plane of a picture of ``height``, which may be a smaller copy of one of 480 rows."""
    scale = height / 480
    columns = ((np.arange(BITS) + 0.5) * BLOCK_PX * scale).astype(np.intp)
    row = luma[int(height - BLOCK_PX / 2 * scale), columns]
    return int(((row > 127).astype(np.int64) << np.arange(BITS)).sum())


class Clock:
    """When each frame was made, shared between sender and receiver by a mapped file."""

    def __init__(self, path: Path) -> None:
        size = SLOTS * _TIME.size
        with path.open("a+b") as file:
            file.truncate(size)
            self._map = mmap.mmap(file.fileno(), size)

    def made(self, number: int, at_s: float) -> None:
        """Remember the monotonic time of frame ``number``."""
        _TIME.pack_into(self._map, number % SLOTS * _TIME.size, number, at_s)

    def made_at_s(self, number: int) -> float | None:
        """Monotonic time of frame ``number``; None when it was overwritten or never made."""
        stored, at_s = _TIME.unpack_from(self._map, number % SLOTS * _TIME.size)
        return float(at_s) if stored == number else None

    def count(self, began_s: float, ended_s: float) -> int:
        """How many frames were made in that time."""
        times = np.frombuffer(self._map, np.dtype([("number", "<u8"), ("at_s", "<f8")]))["at_s"]
        return int(((began_s <= times) & (times < ended_s)).sum())
