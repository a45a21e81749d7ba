import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from backend.qemu.cursor import Cursor


def half_white(size: int) -> Cursor:
    pixels = np.full((size, size, 4), 255, np.uint8)
    pixels[..., 3] = 128
    return Cursor(pixels, 2, 3)


def test_alpha_mixes_the_cursor_with_the_picture() -> None:
    band = np.zeros((10, 10, 4), np.uint8)
    drawn = half_white(2).drawn(band, 0)
    assert drawn[3, 2].tolist() == [128, 128, 128, 0]
    assert drawn[2, 2].tolist() == [0, 0, 0, 0]
    assert not band.any()


@given(st.integers(-20, 30), st.integers(-20, 30), st.integers(0, 20))
def test_a_cursor_partly_or_wholly_outside_is_clipped(x: int, y: int, top: int) -> None:
    cursor = Cursor(np.full((8, 8, 4), 255, np.uint8), x, y)
    whole = cursor.drawn(np.zeros((30, 20, 4), np.uint8), 0)
    band = cursor.drawn(np.zeros((10, 20, 4), np.uint8), top)
    assert np.array_equal(band, whole[top : top + 10])
