import av
import numpy as np

from loco_kiosk.ui.scaler import Scaler, Target


def stripes() -> av.VideoFrame:
    grey = np.repeat(np.array([[16, 235] * 8], np.uint8), 16, axis=0)
    return av.VideoFrame.from_ndarray(grey, format="gray").reformat(format="yuv420p")


def test_without_a_target_nothing_is_made() -> None:
    assert Scaler()(stripes()) is None


def test_a_picture_becomes_the_pixels_of_its_target() -> None:
    scaler = Scaler(Target(64, 48, False))
    for target in (Target(64, 48, False), Target(20, 30, True)):
        scaler.target = target
        made = scaler(stripes())
        assert made is not None
        assert (made.width, made.height, made.format.name) == (target.width, target.height, "bgra")


def test_sharp_pixels_are_not_mixed() -> None:
    made = Scaler(Target(64, 64, True))(stripes())
    assert made is not None
    assert set(np.unique(made.to_ndarray()[..., 0] // 64)) == {0, 3}
