"""The reading end of the shared wall: the newest picture of each place, and what is new of its sound."""

from collections import Counter
from dataclasses import dataclass
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from loco_kiosk.media.shared_wall import (
    BEGAN,
    CAPTURED_US,
    DECODED_US,
    ENDED,
    HEIGHT_PX,
    LATEST,
    MAX_HEIGHT_PX,
    MAX_WIDTH_PX,
    PLACES,
    READING,
    RING_SAMPLES,
    SLOTS,
    SOUND_END,
    TENANCY,
    WIDTH_PX,
    SharedWall,
    place_at,
    slot_at,
)

_TRIES = 4
"""A writer that publishes four pictures while one is looked up does not exist; a broken one must not hang us."""
_LAG_SAMPLES = RING_SAMPLES // 2
"""Sound that waited longer than this is not worth hearing, and the writer comes near."""


@dataclass(slots=True)
class Picture:
    """A picture in the shared memory; the writer leaves it alone until :meth:`done`, or the end of ``with``.

    Times are microseconds of the machine's monotonic clock.
    """

    pixels: NDArray[np.uint8]
    """View of shape (height, width, 4), RGBA, top row first."""
    captured_us: int | None
    decoded_us: int
    """When it was decoded; of a still one that came into view, when it was offered."""
    sequence: int
    reader: "PictureReader"
    place: int
    slot: int

    def done(self) -> bool:
        """Give the slot back; False where the picture was overwritten meanwhile, and a newer one is there."""
        return self.reader.give_back(self)

    def __enter__(self) -> "Picture":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.done()


class PictureReader:
    """Takes the newest pictures. Threading: one thread; at most one picture of a place is held at a time."""

    def __init__(self, wall: SharedWall) -> None:
        self.counts: Counter[str] = Counter()
        """Pictures ``taken``, ``skipped`` for newer ones, ``torn``, and of ``another tenant``."""
        self._wall = wall
        self._words = wall.words
        self._taken = [0] * PLACES
        self._sequences = [0] * PLACES
        for place in range(PLACES):
            self._words[place_at(place) + READING] = 0

    def newest(self, place: int, tenancy: int | None = None) -> Picture | None:
        """The newest picture of a place, once; None where none is newer than the last one taken.

        Args:
            place: 0 to 31.
            tenancy: whose picture it must be; None: anyone's.
        """
        base = place_at(place)
        latest = self._words[base + LATEST]
        if latest == self._taken[place]:
            return None
        for _ in range(_TRIES):
            if not latest:
                break
            self._words[base + READING] = latest % SLOTS + 1
            again = self._words[base + LATEST]
            if again == latest:
                return self._take(place, latest, tenancy)
            latest = again
        self._words[base + READING] = 0
        return None

    def again(self, place: int) -> None:
        """Offer the newest picture of a place once more, after it could not be used."""
        self._taken[place] = 0

    def give_back(self, picture: Picture) -> bool:
        """The slot may be written again; False where it was written while it was held."""
        whole = self._number(picture.place, picture.slot, BEGAN) == picture.sequence
        self._words[place_at(picture.place) + READING] = 0
        if not whole:
            self.counts["torn"] += 1
            self._taken[picture.place] = 0
        return whole

    def _take(self, place: int, latest: int, tenancy: int | None) -> Picture | None:
        sequence, slot = divmod(latest, SLOTS)
        width, height = self._number(place, slot, WIDTH_PX), self._number(place, slot, HEIGHT_PX)
        captured_us, decoded_us = self._number(place, slot, CAPTURED_US), self._number(place, slot, DECODED_US)
        tenant = self._number(place, slot, TENANCY)
        sound = 0 < width <= MAX_WIDTH_PX and 0 < height <= MAX_HEIGHT_PX
        if not sound or {self._number(place, slot, BEGAN), self._number(place, slot, ENDED)} != {sequence}:
            self._refuse(place, "torn")
            return None
        if tenancy not in (None, tenant):
            self._taken[place] = latest
            self._refuse(place, "another tenant")
            return None
        self.counts["taken"] += 1
        self.counts["skipped"] += max(0, sequence - self._sequences[place] - 1) if self._sequences[place] else 0
        self._taken[place], self._sequences[place] = latest, sequence
        pixels = self._wall.slot_pixels(place, slot, width, height)
        return Picture(pixels, captured_us or None, decoded_us, sequence, self, place, slot)

    def _refuse(self, place: int, cause: str) -> None:
        self._words[place_at(place) + READING] = 0
        self.counts[cause] += 1

    def _number(self, place: int, slot: int, word: int) -> int:
        return self._words[slot_at(place, slot) + word]


class SoundReader:
    """Takes what is new of the sound of each place. Threading: one thread."""

    def __init__(self, wall: SharedWall) -> None:
        self.overruns = 0
        """How often sound was dropped because nobody took it in time."""
        self._wall = wall
        self._rings = [wall.ring(place) for place in range(PLACES)]
        self._at = [self._end(place) for place in range(PLACES)]

    def take(self, place: int, most: int) -> NDArray[np.int16] | None:
        """At most ``most`` new samples, a copy; None where there are none."""
        end = self._end(place)
        if end - self._at[place] > _LAG_SAMPLES or end < self._at[place]:
            self.overruns += 1
            self._at[place] = max(0, end - most)
        count = min(end - self._at[place], most)
        if count <= 0:
            return None
        start = self._at[place] % RING_SAMPLES
        self._at[place] += count
        ring = self._rings[place]
        if start + count <= RING_SAMPLES:
            return ring[start : start + count].copy()
        return np.concatenate((ring[start:], ring[: start + count - RING_SAMPLES]))

    def skip(self, place: int) -> None:
        """Forget what waits: it is another tenant's, or was not wanted."""
        self._at[place] = self._end(place)

    def _end(self, place: int) -> int:
        return self._wall.words[place_at(place) + SOUND_END]
