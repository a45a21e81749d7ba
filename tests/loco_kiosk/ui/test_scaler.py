import av
import numpy as np
import pytest

from loco_kiosk.ui.scaler import Scaler, Scaling, Target, times_before


def stripes() -> av.VideoFrame:
    grey = np.repeat(np.array([[16, 235] * 8], np.uint8), 16, axis=0)
    return av.VideoFrame.from_ndarray(grey, format="gray").reformat(format="yuv420p")


def test_without_a_target_nothing_is_made() -> None:
    assert Scaler()(stripes()) is None


def test_a_picture_becomes_the_pixels_of_its_target() -> None:
    scaler = Scaler(Target(64, 48, Scaling.SMOOTH))
    for target in (Target(64, 48, Scaling.SMOOTH), Target(20, 30, Scaling.INTEGER)):
        scaler.target = target
        made = scaler(stripes())
        assert made is not None
        assert (made.width, made.height, made.format.name) == (target.width, target.height, "bgra")


def test_sharp_pixels_are_not_mixed() -> None:
    made = Scaler(Target(64, 64, Scaling.INTEGER))(stripes())
    assert made is not None
    assert set(np.unique(made.to_ndarray()[..., 0] // 64)) == {0, 3}


@pytest.mark.parametrize(
    ("target", "step"), [(Target(128, 96, Scaling.INTEGER), 2), (Target(64, 48, Scaling.INTEGER), 1)]
)
def test_colour_for_each_pixel_is_kept(target: Target, step: int) -> None:
    frame = av.VideoFrame(64, 48, "yuv444p")
    frame.colorspace, frame.color_range = 5, 1
    for plane, values in zip(frame.planes, ((81, 41), (90, 240), (240, 110)), strict=True):
        plane.update(bytes(values) * (plane.buffer_size // 2))  # red and blue, in turn
    scaled = Scaler(target)(frame)
    assert scaled is not None
    row = scaled.to_ndarray()[target.height // 2].astype(int)
    for x in range(8 * step):
        blue, green, red = row[x][:3]
        expected = (0, 0, 255) if x // step % 2 == 0 else (255, 0, 0)
        assert (blue, green, red) == pytest.approx(expected, abs=8)


def test_sharp_squares_fill_any_size_and_only_their_edges_are_mixed() -> None:
    made = Scaler(Target(16 * 7 // 2, 16 * 7 // 2, Scaling.SHARP))(stripes())
    assert made is not None
    row = made.to_ndarray()[20, :, 0].astype(int)
    assert made.width == 56
    mixed = [value for value in row if value not in (16, 235)]
    assert 0 < len(mixed) <= 16


@pytest.mark.parametrize(("guest", "screen", "times"), [(640, 400, 1), (640, 640, 1), (640, 960, 2), (640, 1440, 3)])
def test_a_guest_pixel_is_repeated_as_often_as_it_takes_to_reach_the_screen(
    guest: int, screen: int, times: int
) -> None:
    assert times_before(guest, screen) == times
    assert times_before(160, 3840) == 4
