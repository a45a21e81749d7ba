from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.streamer import libyuv
from backend.streamer.convert import Converter

SEED = np.random.default_rng(2)


@pytest.fixture(params=["libyuv", "swscale"], autouse=True, scope="module")
def library(request: pytest.FixtureRequest) -> Iterator[str]:
    """Everything holds with either."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "swscale":
            patch.setattr(libyuv, "library", lambda: None)
        else:
            assert libyuv.library() is not None, "./loco installs libyuv0"
        yield request.param


def picture(width: int, height: int) -> np.ndarray:
    return SEED.integers(0, 256, (height, width, 4), np.uint8)


@pytest.mark.parametrize(("width", "height"), [(640, 480), (720, 400), (801, 601), (16, 16), (33, 17)])
def test_a_part_gives_what_the_whole_picture_would(width: int, height: int) -> None:
    pixels = picture(width, height)
    parted, whole = Converter(width, height), Converter(width, height)
    parted.update(pixels, (0, height), (0, width))
    rows, columns = (height // 3, height // 3 * 2), (width // 4 + 1, width // 4 * 3)
    middle = (slice(*rows), slice(*columns))
    pixels[middle] = picture(width, height)[middle]
    parted.update(pixels, rows, columns)
    whole.update(pixels, (0, height), (0, width))
    difference = parted.frame.to_ndarray().astype(int) - whole.frame.to_ndarray()
    assert np.abs(difference).max() <= 1


@pytest.mark.parametrize("pixel_exact", [False, True])
@pytest.mark.parametrize("shrink", [1, 2, 4])
@pytest.mark.parametrize(("width", "height"), [(640, 480), (801, 601), (33, 17)])
def test_so_it_does_at_each_size_and_chroma(width: int, height: int, shrink: int, pixel_exact: bool) -> None:
    pixels = picture(width, height)
    parted, whole = (Converter(width, height, pixel_exact=pixel_exact, shrink=shrink) for _ in range(2))
    parted.update(pixels, (0, height), (0, width))
    rows, columns = (height // 3, height // 3 * 2), (width // 4 + 1, width // 4 * 3)
    middle = (slice(*rows), slice(*columns))
    pixels[middle] = picture(width, height)[middle]
    parted.update(pixels, rows, columns)
    whole.update(pixels, (0, height), (0, width))
    assert (whole.width * shrink - width) in range(2 * shrink)
    for part, complete in zip(parted._planes, whole._planes, strict=True):
        assert np.abs(part.astype(int) - complete).max() <= 1


def test_pixel_exact_pictures_keep_the_colour_of_each_pixel() -> None:
    pixels = np.zeros((32, 32, 4), np.uint8)
    pixels[:, ::2] = (0, 0, 255, 0)
    pixels[:, 1::2] = (255, 0, 0, 0)
    converter = Converter(32, 32, pixel_exact=True)
    converter.update(pixels, (0, 32), (0, 32))
    shown = converter.frame.to_ndarray(format="rgb24").astype(int)
    assert np.abs(shown[:, ::2] - (255, 0, 0)).max() < 4
    assert np.abs(shown[:, 1::2] - (0, 0, 255)).max() < 4


@settings(max_examples=50)
@given(*[st.integers(-5, 70)] * 4)
def test_any_rectangle_is_taken(top: int, bottom: int, left: int, right: int) -> None:
    Converter(40, 60).update(picture(40, 60), (top, bottom), (left, right))


def test_colours_are_those_of_bt601() -> None:
    pixels = np.zeros((32, 32, 4), np.uint8)
    pixels[:] = (0, 0, 255, 0)
    converter = Converter(32, 32)
    converter.update(pixels, (0, 32), (0, 32))
    planes = converter.frame.to_ndarray()
    luma, blue, red = planes[10, 10], planes[33, 3], planes[41, 3]
    assert (abs(int(luma) - 81), abs(int(blue) - 90), abs(int(red) - 240)) < (3, 3, 3)


def test_an_odd_screen_repeats_its_edge() -> None:
    pixels = np.full((3, 3, 4), 255, np.uint8)
    converter = Converter(3, 3)
    converter.update(pixels, (0, 3), (0, 3))
    assert (converter.width, converter.height, converter.size) == (4, 4, (3, 3))
    assert converter.frame.to_ndarray()[:4, :4].min() > 230


@pytest.mark.parametrize("pixel_exact", [False, True])
@pytest.mark.parametrize("shrink", [1, 2, 4])
def test_both_libraries_give_the_same_picture_but_for_rounding(library: str, shrink: int, pixel_exact: bool) -> None:
    pixels = np.repeat(np.repeat(picture(40, 30), 16, axis=0), 16, axis=1)
    ours = Converter(640, 480, pixel_exact=pixel_exact, shrink=shrink)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(libyuv, "library", lambda: None)
        swscale = Converter(640, 480, pixel_exact=pixel_exact, shrink=shrink)
    for converter in (ours, swscale):
        converter.update(pixels, (0, 480), (0, 640))
    for mine, theirs in zip(ours._planes, swscale._planes, strict=True):
        assert np.abs(mine.astype(int) - theirs).max() <= 3


def test_pixels_with_gaps_are_taken_too() -> None:
    wide = picture(80, 30)
    whole, gaps = Converter(40, 30), Converter(40, 30)
    gaps.update(wide[:, ::2], (0, 30), (0, 40))
    whole.update(np.ascontiguousarray(wide[:, ::2]), (0, 30), (0, 40))
    assert np.array_equal(whole.frame.to_ndarray(), gaps.frame.to_ndarray())
