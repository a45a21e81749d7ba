import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from backend.qemu.sound import KEPT_FRAMES, Sound


def pcm(frames: int, value: int = 0) -> bytes:
    return np.full((frames, 2), value, np.int16).tobytes()


def test_all_new_blocks_are_taken_at_once_in_order() -> None:
    sound = Sound()
    assert sound.take() is None
    sound.put(pcm(480, 1))
    sound.put(pcm(480, 2))
    taken = sound.take()
    assert taken is not None
    assert taken.shape == (960, 2)
    assert taken[0, 0] == 1
    assert taken[-1, 1] == 2
    assert sound.take() is None


def test_sound_that_nobody_takes_is_bounded_and_counted() -> None:
    sound = Sound()
    for value in range(30):
        sound.put(pcm(480, value))
    taken = sound.take()
    assert taken is not None
    assert len(taken) == KEPT_FRAMES
    assert taken[-1, 0] == 29
    assert sound.drops == {"late": 30 * 480 - KEPT_FRAMES}


@given(st.lists(st.binary(max_size=64)))
def test_any_bytes_are_whole_frames_or_dropped(blocks: list[bytes]) -> None:
    sound = Sound()
    for block in blocks:
        sound.put(block)
    taken = sound.take()
    assert (0 if taken is None else len(taken)) == sum(len(block) // 4 for block in blocks)


def test_taken_sound_does_not_change_with_the_buffer_it_came_in() -> None:
    sound = Sound()
    buffer = bytearray(pcm(4, 7))
    sound.put(memoryview(buffer))
    buffer[:] = bytes(len(buffer))
    taken = sound.take()
    assert taken is not None
    assert taken.min() == 7
