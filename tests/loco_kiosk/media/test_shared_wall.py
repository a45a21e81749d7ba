"""The memory that two processes share."""

import os
from collections.abc import Iterator

import pytest

from backend.contract.errors import WireError
from loco_kiosk.media import shared_wall
from loco_kiosk.media.shared_wall import (
    MAX_HEIGHT_PX,
    MAX_WIDTH_PX,
    PLACES,
    RING_SAMPLES,
    SIZE_BYTES,
    SLOTS,
    SharedWall,
    place_at,
    slot_at,
)


@pytest.fixture
def memory() -> Iterator[int]:
    descriptor = shared_wall.create()
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def test_two_mappings_see_the_same_memory(memory: int) -> None:
    one, other = SharedWall(memory), SharedWall(memory)
    one.slot_pixels(31, 2, 1024, 768)[767, 1023] = (1, 2, 3, 4)
    one.ring(31)[-1] = -5
    one.words[slot_at(31, 2) + 7] = 2**64 - 1
    assert tuple(other.slot_pixels(31, 2, 1024, 768)[767, 1023]) == (1, 2, 3, 4)
    assert other.ring(31)[-1] == -5
    assert other.words[slot_at(31, 2) + 7] == 2**64 - 1


def test_no_part_overlaps_another(memory: int) -> None:
    wall = SharedWall(memory)
    for place in range(PLACES):
        wall.ring(place)[:] = -1 - place
        for slot in range(SLOTS):
            wall.slot_pixels(place, slot, 2, 2)[:] = place * SLOTS + slot
            wall.slot_pixels(place, slot, MAX_WIDTH_PX, MAX_HEIGHT_PX)[-1, -1] = place * SLOTS + slot
            for word in range(8):
                wall.words[slot_at(place, slot) + word] = (place * SLOTS + slot) * 8 + word
    for place in range(PLACES):
        assert set(wall.ring(place)) == {-1 - place}
        for slot in range(SLOTS):
            number = place * SLOTS + slot
            assert (wall.slot_pixels(place, slot, 2, 2) == number).all()
            assert (wall.slot_pixels(place, slot, MAX_WIDTH_PX, MAX_HEIGHT_PX)[-1, -1] == number).all()
            words = [wall.words[slot_at(place, slot) + word] for word in range(8)]
            assert words == [number * 8 + word for word in range(8)]
    SharedWall(memory)  # the header is whole


def test_memory_that_nobody_has_touched_costs_nothing(memory: int) -> None:
    SharedWall(memory)
    assert SIZE_BYTES > 200_000_000
    assert os.fstat(memory).st_blocks * 512 <= 64 * 1024


def test_the_memory_cannot_be_cut_off(memory: int) -> None:
    with pytest.raises(PermissionError):
        os.ftruncate(memory, 0)


def test_foreign_memory_is_refused_in_words(memory: int) -> None:
    small = os.memfd_create("small")
    os.ftruncate(small, 4096)
    with pytest.raises(WireError, match="one version"):
        SharedWall(small)
    os.close(small)
    os.pwrite(memory, b"not a wall", 0)
    with pytest.raises(WireError, match="no wall"):
        SharedWall(memory)


def test_there_is_no_place_outside(memory: int) -> None:
    for place in (-1, PLACES):
        with pytest.raises(IndexError):
            place_at(place)
    assert RING_SAMPLES & (RING_SAMPLES - 1) == 0
