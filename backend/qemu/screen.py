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
    """(height, width, 4), BGRX; of it the rows ``top`` to ``bottom - 1`` are valid, and the guest goes on drawing in
    them: what is read may already show the next change, which then comes again."""
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

    QEMU reports whole bands of VGA pages, and often bands in which nothing changed: only rows whose pixels differ are
    taken over, while they lie in the processor's cache.

    Threading: ``take``, ``size`` and ``lively_us`` in the loop, everything else in the listener's thread.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._picture: Pixels = np.zeros((0, 0, 4), np.uint8)
        self._composed: Pixels = self._picture
        self._dirty: _Dirty | None = None
        self._resized = False
        self._cursor: Cursor | None = None
        self.lively_us = 0
        """When QEMU last reported a change of more than :data:`CURSOR_ROWS` rows, monotonic; 0 before the first."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels; 0, 0 before the first picture."""
        height, width = self._picture.shape[:2]
        return width, height

    def take(self) -> Damage | None:
        """The changes since the last call; None where there are none."""
        with self._lock:
            dirty, self._dirty = self._dirty, None
            if dirty is None:
                return None
            resized, self._resized = self._resized, False
            picture, cursor = self._picture, self._cursor
        if cursor is not None:
            if self._composed.shape != picture.shape:
                self._composed = np.empty_like(picture)
            self._composed[dirty.top : dirty.bottom] = cursor.drawn(picture[dirty.top : dirty.bottom], dirty.top)
            picture = self._composed
        return Damage(picture, dirty.top, dirty.bottom, dirty.last_us, dirty.first_us, resized)

    def resize(self, width: int, height: int) -> None:
        """The guest's mode is now so large; keeps what fits of the picture."""
        with self._lock:
            self._resize(width, height)

    def put(self, x: int, y: int, pixels: Pixels) -> None:
        """Copy a rectangle in; one that does not fit makes the picture larger.

        After a mode switch QEMU may send a rectangle of the new size before the new size itself.
        """
        height, width = pixels.shape[:2]
        if x + width > self.size[0] or y + height > self.size[1]:
            self.resize(max(self.size[0], x + width), max(self.size[1], y + height))
        if height > CURSOR_ROWS:
            self.lively_us = _now_us()
        target = self._picture[y : y + height, x : x + width]
        rows = (0, height) if self._resized else changed_rows(target, pixels)
        if rows is None:
            return
        target[rows[0] : rows[1]] = pixels[rows[0] : rows[1]]
        with self._lock:
            self._mark(y + rows[0], y + rows[1])

    def set_cursor(self, cursor: Cursor | None) -> None:
        """Show the hardware cursor there, or none."""
        with self._lock:
            for old_or_new in (self._cursor, cursor):
                if old_or_new is not None:
                    self._mark(*old_or_new.rows())
            self._cursor = cursor

    def _resize(self, width: int, height: int) -> None:
        old = self._picture
        if old.shape[:2] == (height, width):
            return
        picture = np.zeros((height, width, 4), np.uint8)
        rows, columns = min(height, old.shape[0]), min(width, old.shape[1])
        picture[:rows, :columns] = old[:rows, :columns]
        self._picture, self._resized = picture, True
        self._dirty = None if self._dirty is None else replace(self._dirty, top=0, bottom=height)

    def _mark(self, top: int, bottom: int) -> None:
        if self._resized:  # whoever takes it knows nothing of this picture yet
            top, bottom = 0, self._picture.shape[0]
        top, bottom = max(top, 0), min(bottom, self._picture.shape[0])
        if top >= bottom:
            return
        now_us = _now_us()
        dirty = self._dirty
        if dirty is None:
            self._dirty = _Dirty(top, bottom, now_us, now_us)
        else:
            dirty.top, dirty.bottom, dirty.last_us = min(dirty.top, top), max(dirty.bottom, bottom), now_us


def _now_us() -> int:
    return time.monotonic_ns() // 1000


def changed_rows(before: Pixels, after: Pixels) -> tuple[int, int] | None:
    """First and last + 1 row in which two pictures of the same size differ; None where they are equal."""
    if after.size == 0:
        return None
    # Without a copy, in the widest words that fit: the fewer there are, the faster they are compared.
    if before.flags.c_contiguous and after.flags.c_contiguous and after.shape[1] % 2 == 0:
        differs = (_wide(before) != _wide(after)).any(axis=1)
    else:
        differs = (before.view(np.uint32) != after.view(np.uint32)).any(axis=(1, 2))
    first = int(differs.argmax())
    if not differs[first]:
        return None
    return first, len(differs) - int(differs[::-1].argmax())


def _wide(pixels: Pixels) -> NDArray[np.uint64]:
    return pixels.reshape(pixels.shape[0], -1).view(np.uint64)
