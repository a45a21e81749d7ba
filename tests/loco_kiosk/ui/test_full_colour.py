import av
import numpy as np
import pytest

from loco_kiosk.ui.full_colour import Doubler, is_full, pack_ayuv, rows


def coloured(width: int = 70, height: int = 50, kind: str = "yuv444p") -> av.VideoFrame:
    """Noise in every plane."""
    frame = av.VideoFrame(width, height, kind)
    noise = np.random.default_rng(7)
    for plane in frame.planes:
        rows(plane)[:] = noise.integers(16, 235, (plane.height, plane.width), np.uint8)
    return frame


def test_only_full_colour_is_taken_for_it() -> None:
    assert is_full(coloured())
    assert is_full(coloured(kind="yuvj444p"))
    assert not is_full(coloured(kind="yuv420p"))


@pytest.mark.parametrize(("width", "height"), [(640, 480), (70, 50), (319, 201)])
def test_a_doubled_picture_has_every_pixel_four_times_and_every_colour(width: int, height: int) -> None:
    frame = coloured(width, height)
    doubled = Doubler()(frame)
    assert (doubled.width, doubled.height, doubled.format.name) == (2 * width, 2 * height, "yuv420p")
    luma = rows(frame.planes[0])
    assert np.array_equal(rows(doubled.planes[0]), luma.repeat(2, axis=0).repeat(2, axis=1))
    for index in (1, 2):
        assert np.array_equal(rows(doubled.planes[index]), rows(frame.planes[index]))


def test_one_doubler_follows_sizes_and_ranges() -> None:
    doubler = Doubler()
    for width, height, kind in ((64, 48, "yuv444p"), (32, 20, "yuv444p"), (32, 20, "yuvj444p")):
        made = doubler(coloured(width, height, kind))
        assert (made.width, made.height) == (2 * width, 2 * height)
        assert made.format.name.startswith("yuvj") == kind.startswith("yuvj")


def test_packed_pixels_are_alpha_and_the_three_planes() -> None:
    frame = coloured()
    target = np.zeros((50, 70, 4), np.uint8)
    pack_ayuv(frame, target)
    assert (target[..., 0] == 255).all()
    for channel, plane in enumerate(frame.planes, 1):
        assert np.array_equal(target[..., channel], rows(plane))
