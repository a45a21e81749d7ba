"""What the reading end makes of the shared memory, with a writer in another process where that matters."""

import os
import time
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loco_kiosk.media import shared_wall
from loco_kiosk.media.shared_reader import PictureReader, SoundReader
from loco_kiosk.media.shared_wall import (
    BEGAN,
    LATEST,
    READING,
    RING_SAMPLES,
    SLOTS,
    SOUND_END,
    WIDTH_PX,
    SharedWall,
    place_at,
    slot_at,
)
from loco_kiosk.media.shared_writer import PictureWriter, SoundWriter
from tests.loco_kiosk.media.pictures import grey, timing, writing_process


@pytest.fixture
def memory() -> Iterator[int]:
    descriptor = shared_wall.create()
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def test_the_newest_picture_wins_and_comes_once(memory: int) -> None:
    wall = SharedWall(memory)
    writer, reader = PictureWriter(wall), PictureReader(wall)
    assert reader.newest(0) is None
    for level in (50, 60, 70):
        writer.write(0, 1, grey(level), timing())
    with reader.newest(0) as picture:  # type: ignore[union-attr]  # None would fail the test as well
        assert picture.sequence == 3
        assert abs(int(picture.pixels[0, 0, 0]) - (70 - 16) * 255 / 219) <= 1
    assert reader.newest(0) is None
    reader.again(0)
    assert reader.newest(0) is not None


def test_a_picture_of_the_tenant_before_is_not_shown(memory: int) -> None:
    wall = SharedWall(memory)
    writer, reader = PictureWriter(wall), PictureReader(wall)
    writer.write(0, 1, grey(50), timing())
    assert reader.newest(0, tenancy=2) is None
    assert reader.newest(0, tenancy=2) is None
    assert reader.counts["another tenant"] == 1
    writer.write(0, 2, grey(51), timing())
    assert reader.newest(0, tenancy=2) is not None


def test_a_picture_that_was_overwritten_while_it_was_read_is_told_as_torn(memory: int) -> None:
    wall = SharedWall(memory)
    writer, reader = PictureWriter(wall), PictureReader(wall)
    writer.write(0, 1, grey(50), timing())
    picture = reader.newest(0)
    assert picture is not None
    wall.words[place_at(0) + READING] = 0  # as if the writer had looked a moment too early
    for level in (60, 70, 80):
        writer.write(0, 1, grey(level), timing())
    assert not picture.done()
    assert reader.counts["torn"] == 1
    newer = reader.newest(0)
    assert newer is not None
    assert newer.done()


def test_a_slot_that_is_half_written_is_refused(memory: int) -> None:
    wall = SharedWall(memory)
    PictureWriter(wall).write(0, 1, grey(50), timing())
    slot = wall.words[place_at(0) + LATEST] % SLOTS
    wall.words[slot_at(0, slot) + BEGAN] += 3
    reader = PictureReader(wall)
    assert reader.newest(0) is None
    assert reader.counts["torn"] == 1
    assert wall.words[place_at(0) + READING] == 0


def test_nonsense_in_the_memory_makes_no_picture(memory: int) -> None:
    wall = SharedWall(memory)
    PictureWriter(wall).write(0, 1, grey(50), timing())
    slot = wall.words[place_at(0) + LATEST] % SLOTS
    reader = PictureReader(wall)
    for width in (0, 1025, 2**64 - 1):
        wall.words[slot_at(0, slot) + WIDTH_PX] = width
        assert reader.newest(0) is None


@pytest.mark.parametrize("pause_s", [0.0, 0.002])
def test_pictures_of_another_process_are_whole_and_in_order(memory: int, pause_s: float) -> None:
    """The writer runs as fast as it can, a hundred times faster than any guest."""
    reader = PictureReader(SharedWall(memory))
    process = writing_process(memory, 1.5, pause_s)
    sequences, whole, ages_us = [], 0, []
    while process.poll() is None:
        picture = reader.newest(0)
        if picture is None:
            time.sleep(0.0005)
            continue
        ages_us.append(time.monotonic_ns() // 1000 - picture.decoded_us)
        copy = picture.pixels.copy()
        if picture.done():
            whole += 1
            assert (copy == copy[0, 0]).all()
            sequences.append(picture.sequence)
    assert process.returncode == 0
    assert whole > 50
    assert sequences == sorted(set(sequences))
    assert reader.counts["torn"] <= 0.05 * whole
    assert reader.counts["taken"] + reader.counts["skipped"] >= sequences[-1] - sequences[0]


def test_sound_that_nobody_took_in_time_is_dropped_and_counted(memory: int) -> None:
    wall = SharedWall(memory)
    writer, reader = SoundWriter(wall), SoundReader(wall)
    for _ in range(RING_SAMPLES // 960 + 1):
        writer.write(0, np.zeros((960, 2), np.int16))
    writer.write(0, np.full((960, 2), 100, np.int16))
    got = reader.take(0, 960)
    assert got is not None
    assert (got == 100).all()
    assert reader.overruns == 1
    assert reader.take(0, 960) is None


def test_sound_from_before_is_skipped(memory: int) -> None:
    wall = SharedWall(memory)
    writer = SoundWriter(wall)
    writer.write(0, np.full((960, 2), 100, np.int16))
    reader = SoundReader(wall)
    assert reader.take(0, 960) is None
    writer.write(0, np.full((960, 2), 100, np.int16))
    reader.skip(0)
    assert reader.take(0, 960) is None
    writer.write(0, np.full((100, 2), 50, np.int16))
    assert len(reader.take(0, 960)) == 100  # type: ignore[arg-type]  # None would fail the test as well


word = st.one_of(st.integers(0, 9), st.integers(0, 2**64 - 1))


@given(latest=word, slots=st.lists(word, min_size=24, max_size=24), end=word, most=st.integers(1, 9600))
def test_any_words_make_a_picture_that_can_be_read_or_none(latest: int, slots: list[int], end: int, most: int) -> None:
    descriptor = shared_wall.create()
    wall = SharedWall(descriptor)
    os.close(descriptor)
    pictures, sounds = PictureReader(wall), SoundReader(wall)
    wall.words[place_at(0) + LATEST] = latest
    wall.words[place_at(0) + SOUND_END] = end
    for slot in range(SLOTS):
        for number in range(8):
            wall.words[slot_at(0, slot) + number] = slots[slot * 8 + number]
    picture = pictures.newest(0)
    if picture is not None:
        assert picture.pixels.sum() == 0
        picture.done()
    samples = sounds.take(0, most)
    assert samples is None or 0 < len(samples) <= most
