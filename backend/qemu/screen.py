"""The guest's picture: written by the display listener's thread, taken by the event loop."""

import threading
import time
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from backend.qemu.cursor import Cursor

Pixels = NDArray[np.uint8]

CURSOR_ROWS = 16
"""Height of the text cursor, which the display card lets blink also when the guest is dead."""


@dataclass(frozen=True, slots=True)
class Damage:
    """What changed since the last one; times in microseconds of the monotonic clock."""

    pixels: Pixels
    """(height, width, 4), BGRX, the complete picture; the taker's until the next ``take``."""
    top: int
    bottom: int
    """Changed rows: ``top`` to ``bottom - 1``."""
    captured_us: int
    """When the newest change of this damage arrived from QEMU."""
    first_us: int
    """When the oldest one arrived."""
    resized: bool
    """The size differs from the damage before, or this is the first."""


@dataclass(slots=True)
class _Dirty:
    top: int
    bottom: int
    first_us: int
    last_us: int


class Screen:
    """Newest picture wins; changes add up to one band of rows until they are taken.

    QEMU reports whole bands of VGA pages, and often bands in which nothing changed: a picture is handed on only where
    its pixels differ from what was handed on before.

    Threading: ``take``, ``size`` and ``lively_us`` in the loop, everything else in the listener's thread.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._arriving: Pixels = np.zeros((0, 0, 4), np.uint8)
        self._handed: Pixels = self._arriving
        self._dirty: _Dirty | None = None
        self._cursor: Cursor | None = None
        self.lively_us = 0
        """When QEMU last reported a change of more than :data:`CURSOR_ROWS` rows, monotonic; 0 before the first."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels; 0, 0 before the first picture."""
        height, width = self._arriving.shape[:2]
        return width, height

    def take(self) -> Damage | None:
        """The changes since the last call; None where there are none."""
        with self._lock:
            dirty, self._dirty = self._dirty, None
            if dirty is None:
                return None
            resized = self._handed.shape != self._arriving.shape
            if resized:
                self._handed = np.empty_like(self._arriving)
                dirty = replace(dirty, top=0, bottom=self._arriving.shape[0])
            band = self._arriving[dirty.top : dirty.bottom]
            if self._cursor is not None:
                band = self._cursor.drawn(band, dirty.top)
            rows = (0, band.shape[0]) if resized else changed_rows(self._handed[dirty.top : dirty.bottom], band)
            if rows is None:
                return None
            top, bottom = dirty.top + rows[0], dirty.top + rows[1]
            self._handed[top:bottom] = band[rows[0] : rows[1]]
        return Damage(self._handed, top, bottom, dirty.last_us, dirty.first_us, resized)

    def resize(self, width: int, height: int) -> None:
        """The guest's mode is now so large; keeps what fits of the picture."""
        with self._lock:
            self._resize(width, height)

    def put(self, x: int, y: int, pixels: Pixels) -> None:
        """Copy a rectangle in; one that does not fit makes the picture larger.

        After a mode switch QEMU may send a rectangle of the new size before the new size itself.
        """
        height, width = pixels.shape[:2]
        with self._lock:
            rows, columns = self._arriving.shape[:2]
            if x + width > columns or y + height > rows:
                self._resize(max(columns, x + width), max(rows, y + height))
            self._arriving[y : y + height, x : x + width] = pixels
            self._mark(y, y + height)

    def set_cursor(self, cursor: Cursor | None) -> None:
        """Show the hardware cursor there, or none."""
        with self._lock:
            for old_or_new in (self._cursor, cursor):
                if old_or_new is not None:
                    self._mark(*old_or_new.rows())
            self._cursor = cursor

    def _resize(self, width: int, height: int) -> None:
        old = self._arriving
        if old.shape[:2] == (height, width):
            return
        self._arriving = np.zeros((height, width, 4), np.uint8)
        rows, columns = min(height, old.shape[0]), min(width, old.shape[1])
        self._arriving[:rows, :columns] = old[:rows, :columns]
        self._dirty = None if self._dirty is None else replace(self._dirty, top=0, bottom=height)

    def _mark(self, top: int, bottom: int) -> None:
        top, bottom = max(top, 0), min(bottom, self._arriving.shape[0])
        if top >= bottom:
            return
        now_us = time.monotonic_ns() // 1000
        if bottom - top > CURSOR_ROWS:
            self.lively_us = now_us
        if self._dirty is None:
            self._dirty = _Dirty(top, bottom, now_us, now_us)
        else:
            dirty = self._dirty
            dirty.top, dirty.bottom, dirty.last_us = min(dirty.top, top), max(dirty.bottom, bottom), now_us


def changed_rows(before: Pixels, after: Pixels) -> tuple[int, int] | None:
    """First and last + 1 row in which two pictures of the same size differ; None where they are equal."""
    if after.shape[0] == 0:
        return None
    wide = np.uint64 if after.shape[1] % 2 == 0 else np.uint32
    differs = (_words(before, wide) != _words(after, wide)).any(axis=1)
    first = int(differs.argmax())
    if not differs[first]:
        return None
    return first, len(differs) - int(differs[::-1].argmax())


def _words(pixels: Pixels, word: type[np.unsignedinteger]) -> NDArray[np.unsignedinteger]:
    return pixels.reshape(pixels.shape[0], -1).view(word)
