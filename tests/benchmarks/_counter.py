"""A frame counter painted into the picture, so that the textbook pipeline can be timed without touching it."""

import functools
import mmap
import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

BITS = 24
_BYTES = BITS // 8
BLOCK_PX = 16
SLOTS = 4096
_TIME = struct.Struct("<Qd")


@functools.cache
def _strips(channels: int) -> NDArray[np.uint8]:
    """The blocks of each byte; worked out for each picture, they would take a tenth of the time that is measured."""
    bits = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1, bitorder="little")
    return np.repeat(bits * np.uint8(255), BLOCK_PX * channels, axis=1)


def paint(pixels: NDArray[np.uint8], number: int) -> None:
    """Write ``number`` as black and white blocks along the lower edge of ``pixels`` (height, width, channels)."""
    channels = pixels.shape[2]
    row = _strips(channels)[list(number.to_bytes(_BYTES, "little"))]
    pixels[-BLOCK_PX:, : BITS * BLOCK_PX] = row.reshape(BITS * BLOCK_PX, channels)


def read(pixels: NDArray[np.uint8]) -> int:
    """Read the number that :func:`paint` wrote, from the middle of each block."""
    return _number(pixels[-BLOCK_PX // 2, BLOCK_PX // 2 : BITS * BLOCK_PX : BLOCK_PX, 0])


def read_luma(luma: NDArray[np.uint8], height: int) -> int:
    """The same from the luma plane of a picture of ``height``, which may be a smaller copy of one of 480 rows."""
    scale = height / 480
    block_px = int(BLOCK_PX * scale)
    return _number(luma[int(height - BLOCK_PX / 2 * scale), block_px // 2 : BITS * block_px : block_px])


def _number(middles: NDArray[np.uint8]) -> int:
    """Plain Python: for so few values, NumPy's preparations cost ten times as much."""
    return sum(1 << bit for bit, value in enumerate(middles.tobytes()) if value > 127)


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
