import av
import numpy as np
import pytest

from loco_kiosk.ui.full_colour import rows
from loco_kiosk.ui.multiplier import Multiplier


@pytest.mark.parametrize("times", [2, 3])
@pytest.mark.parametrize("form", ["yuv420p", "yuv444p"])
def test_each_pixel_is_there_as_often_as_asked(times: int, form: str) -> None:
    frame = av.VideoFrame(36, 20, form)
    rng = np.random.default_rng(7)
    for plane in frame.planes:
        plane.update(rng.integers(0, 255, plane.buffer_size, dtype=np.uint8).tobytes())
    made = Multiplier()(frame, times)
    assert (made.width, made.height, made.format.name) == (36 * times, 20 * times, form)
    for before, after in zip(frame.planes, made.planes, strict=True):
        assert np.array_equal(rows(after), rows(before).repeat(times, axis=0).repeat(times, axis=1))


def test_another_size_makes_another_picture() -> None:
    multiply = Multiplier()
    assert multiply(av.VideoFrame(8, 8, "yuv420p"), 2).width == 16
    assert multiply(av.VideoFrame(8, 8, "yuv420p"), 3).width == 24
