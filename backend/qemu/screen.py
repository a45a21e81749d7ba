"""The guest's picture: written by the display listener, taken by whoever makes pictures of it."""

import time
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from backend.qemu.cursor import Cursor

Pixels = NDArray[np.uint8]

CURSOR_ROWS = 16
"""Height of the text cursor, which the display card lets blink also when the guest is dead."""
ONE_PICTURE_US = 2000
"""QEMU tells the changes of one look band by band, within this time."""


@dataclass(frozen=True, slots=True)
class Damage:
    """What changed since the last one; times in microseconds of the monotonic clock."""

    pixels: Pixels
    """(height, width, 4), BGRX; of it the changed rectangle is valid, and the guest goes on drawing in it: what is read
    may already show the next change, which then comes again."""
    top: int
    bottom: int
    """Changed rows: ``top`` to ``bottom - 1``."""
    left: int
    right: int
    """Changed columns: ``left`` to ``right - 1``."""
    captured_us: int
    """When the newest change of this damage arrived from QEMU."""
    first_us: int
    """When the oldest one arrived."""
    resized: bool
    """The size differs from the damage before, or this is the first."""


class Area(NamedTuple):
    """Rows ``top`` to ``bottom - 1`` and columns ``left`` to ``right - 1``."""

    top: int
    bottom: int
    left: int
    right: int

    def united(self, other: "Area") -> "Area":
        """The smallest area that holds both."""
        return Area(
            min(self.top, other.top),
            max(self.bottom, other.bottom),
            min(self.left, other.left),
            max(self.right, other.right),
        )

    def within(self, width: int, height: int) -> "Area":
        """What of it lies in a picture of this size."""
        return Area(max(self.top, 0), min(self.bottom, height), max(self.left, 0), min(self.right, width))

    def moved(self, x: int, y: int) -> Self:
        """The same further right and down."""
        return self._replace(top=self.top + y, bottom=self.bottom + y, left=self.left + x, right=self.right + x)

    @property
    def empty(self) -> bool:
        """Whether it holds no pixel."""
        return self.top >= self.bottom or self.left >= self.right


@dataclass(slots=True)
class _Dirty:
    area: Area
    first_us: int
    last_us: int


class Screen:
    """Newest picture wins; changes add up to one rectangle until they are taken.

    QEMU reports whole bands of VGA pages, and often bands in which nothing changed: only pixels that differ count, and
    they are compared while they lie in the processor's cache.

    Threading: event loop only.
    """

    def __init__(self) -> None:
        self._picture: Pixels = np.zeros((0, 0, 4), np.uint8)
        self._composed: Pixels = self._picture
        self._dirty: _Dirty | None = None
        self._newest_us = 0
        self._resized = False
        self._cursor: Cursor | None = None
        self.pictures = 0
        """Changes seen since the start; those that come at once count as one."""
        self.lively_us = 0
        """When QEMU last reported a change of more than :data:`CURSOR_ROWS` rows, monotonic; 0 before the first."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels; 0, 0 before the first picture."""
        height, width = self._picture.shape[:2]
        return width, height

    def take(self, *, whole: bool = False) -> Damage | None:
        """The changes since the last call; None where there are none.

        Args:
            whole: the whole picture instead, with the time of the newest change there ever was; None before the first.
        """
        dirty, self._dirty = self._dirty, None
        if whole and self._newest_us:
            height, width = self._picture.shape[:2]
            first_us = self._newest_us if dirty is None else dirty.first_us
            dirty = _Dirty(Area(0, height, 0, width), first_us, self._newest_us)
        if dirty is None:
            return None
        resized, self._resized = self._resized, False
        picture, cursor = self._picture, self._cursor
        if cursor is not None:
            if self._composed.shape != picture.shape:
                self._composed = np.empty_like(picture)
            top, bottom = dirty.area[:2]
            self._composed[top:bottom] = cursor.drawn(picture[top:bottom], top)
            picture = self._composed
        return Damage(picture, *dirty.area, dirty.last_us, dirty.first_us, resized)

    def resize(self, width: int, height: int) -> None:
        """The guest's mode is now so large; keeps what fits of the picture."""
        old = self._picture
        if old.shape[:2] == (height, width):
            return
        picture = np.zeros((height, width, 4), np.uint8)
        rows, columns = min(height, old.shape[0]), min(width, old.shape[1])
        picture[:rows, :columns] = old[:rows, :columns]
        self._picture, self._resized = picture, True
        if self._dirty is not None:
            self._dirty.area = Area(0, height, 0, width)

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
        area = Area(0, height, 0, width) if self._resized else changed_area(target, pixels)
        if area is None:
            return
        target[area.top : area.bottom] = pixels[area.top : area.bottom]
        self._mark(area.moved(x, y))

    def set_cursor(self, cursor: Cursor | None) -> None:
        """Show the hardware cursor there, or none."""
        for old_or_new in (self._cursor, cursor):
            if old_or_new is not None:
                self._mark(Area(*old_or_new.rows(), 0, self._picture.shape[1]))
        self._cursor = cursor

    def _mark(self, area: Area) -> None:
        height, width = self._picture.shape[:2]
        # Whoever takes a picture of a new size knows nothing of it yet.
        area = Area(0, height, 0, width) if self._resized else area.within(width, height)
        if area.empty:
            return
        now_us = _now_us()
        if now_us - self._newest_us >= ONE_PICTURE_US:
            self.pictures += 1
        self._newest_us = now_us
        if self._dirty is None:
            self._dirty = _Dirty(area, now_us, now_us)
        else:
            self._dirty.area, self._dirty.last_us = self._dirty.area.united(area), now_us


def _now_us() -> int:
    return time.monotonic_ns() // 1000


def changed_area(before: Pixels, after: Pixels) -> Area | None:
    """Where two pictures of the same size differ, to one or two columns; None where they are equal."""
    if after.size == 0:
        return None
    # Without a copy, in the widest words that fit: the fewer there are, the faster they are compared.
    if before.flags.c_contiguous and after.flags.c_contiguous and after.shape[1] % 2 == 0:
        differs, step = _wide(before) != _wide(after), 2
    else:
        differs, step = (before.view(np.uint32) != after.view(np.uint32))[..., 0], 1
    rows = _span(differs.any(axis=1))
    if rows is None:
        return None
    columns = _span(differs[slice(*rows)].any(axis=0))
    assert columns is not None
    return Area(*rows, columns[0] * step, columns[1] * step)


def _span(flags: NDArray[np.bool_]) -> tuple[int, int] | None:
    first = int(flags.argmax())
    return (first, len(flags) - int(flags[::-1].argmax())) if flags[first] else None


def _wide(pixels: Pixels) -> NDArray[np.uint64]:
    return pixels.reshape(pixels.shape[0], -1).view(np.uint64)
