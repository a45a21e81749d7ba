"""What the writing end leaves in the shared memory."""

import os
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loco_kiosk.media import shared_wall
from loco_kiosk.media.shared_reader import PictureReader, SoundReader
from loco_kiosk.media.shared_wall import READING, RING_SAMPLES, SharedWall, place_at
from loco_kiosk.media.shared_writer import PictureWriter, SoundWriter, fitted, mixed_down
from tests.loco_kiosk.media.pictures import grey, noise, timing


@pytest.fixture
def wall() -> Iterator[SharedWall]:
    memory = shared_wall.create()
    try:
        yield SharedWall(memory)
    finally:
        os.close(memory)


def test_a_picture_arrives_with_its_size_and_its_times(wall: SharedWall) -> None:
    writer, reader = PictureWriter(wall), PictureReader(wall)
    writer.write(4, 7, noise(640, 480), timing(captured_us=11))
    picture = reader.newest(4, 7)
    assert picture is not None
    assert picture.pixels.shape == (480, 640, 4)
    assert picture.pixels.flags.c_contiguous
    assert (picture.pixels[..., 3] == 255).all()
    assert picture.captured_us == 11
    assert picture.decoded_us > 0
    expected = noise(640, 480).to_ndarray(format="rgba").astype(int)
    assert np.abs(picture.pixels - expected).mean() < 2


def test_a_guest_may_change_its_size(wall: SharedWall) -> None:
    writer, reader = PictureWriter(wall), PictureReader(wall)
    for width, height in ((640, 480), (800, 600), (320, 200), (640, 480)):
        writer.write(0, 1, noise(width, height), timing())
        with reader.newest(0) as picture:  # type: ignore[union-attr]  # None would fail the test as well
            assert picture.pixels.shape == (height, width, 4)


def test_a_picture_larger_than_a_slot_is_scaled_down(wall: SharedWall) -> None:
    writer, reader = PictureWriter(wall), PictureReader(wall)
    writer.write(0, 1, grey(128, 1600, 1200), timing())
    picture = reader.newest(0)
    assert picture is not None
    assert picture.pixels.shape == (768, 1024, 4)
    assert np.abs(picture.pixels[..., :3] - 130.0).max() <= 2


def test_the_slot_that_is_read_is_left_alone(wall: SharedWall) -> None:
    writer, reader = PictureWriter(wall), PictureReader(wall)
    writer.write(0, 1, grey(50), timing())
    picture = reader.newest(0)
    assert picture is not None
    before = picture.pixels.copy()
    for level in range(60, 200):
        writer.write(0, 1, grey(level), timing())
    assert (picture.pixels == before).all()
    assert picture.done()


def test_a_reader_that_died_with_a_slot_in_its_hand_stops_nobody(wall: SharedWall) -> None:
    writer = PictureWriter(wall)
    for reading in (0, 1, 2, 3, 99):
        wall.words[place_at(0) + READING] = reading
        for level in range(60, 70):
            writer.write(0, 1, grey(level), timing())
    assert PictureReader(wall).newest(0) is not None


@given(st.integers(1, 8192), st.integers(1, 8192))
def test_every_size_fits_its_slot(width: int, height: int) -> None:
    fit = fitted(width, height)
    assert 1 <= fit[0] <= 1024
    assert 1 <= fit[1] <= 768
    if width <= 1024 and height <= 768:
        assert fit == (width, height)


def test_loud_channels_do_not_overflow_as_one() -> None:
    loud = np.array([[32767, 32767], [-32768, -32768], [32767, -32768]], np.int16)
    assert mixed_down(loud).tolist() == [32766, -32768, -1]


def test_sound_goes_round_the_ring_without_a_seam(wall: SharedWall) -> None:
    writer, reader = SoundWriter(wall), SoundReader(wall)
    number = 0
    for _ in range(2 * RING_SAMPLES // 960 + 3):
        block = np.arange(number, number + 960).astype(np.int16)
        number += 960
        writer.write(3, np.stack((block & ~1, block & ~1), axis=1))
        got = reader.take(3, 5000)
        assert got is not None
        assert (got == (block & ~1)).all()
    assert reader.take(3, 5000) is None
    assert not reader.overruns
