import av
import numpy as np
import pytest

from loco_kiosk.client.probe import Probe, mean_luma


def frame(luma: int, left: int | None = None, width: int = 100) -> av.VideoFrame:
    picture = np.full((72, width), luma, np.uint8)  # 48 rows of Y, 24 of U and V
    if left is not None:
        picture[:16, :16] = left
    return av.VideoFrame.from_ndarray(picture, format="yuv420p")


def test_the_mean_is_that_of_the_area_whatever_the_line_size() -> None:
    assert mean_luma(frame(50, left=200), (0, 0, 16, 16)) == 200
    assert mean_luma(frame(50, left=200), (0, 0, 32, 16)) == pytest.approx(125)
    assert mean_luma(frame(50), (0, 0, 100, 48)) == 50


@pytest.mark.parametrize("area", [(500, 0, 8, 8), (0, 500, 8, 8), (0, 0, 0, 0)])
def test_an_area_outside_of_the_picture_is_dark(area: tuple[int, int, int, int]) -> None:
    assert mean_luma(frame(50), area) == 0


def test_only_a_change_of_the_area_is_reported() -> None:
    seen: list[int] = []
    probe = Probe(seen.append)
    for time_us, (rest, left) in enumerate(((50, 30), (50, 31), (90, 30), (50, 200), (50, 200), (50, 30))):
        probe.look(frame(rest, left), (0, 0, 16, 16), time_us)
    assert seen == [3, 5]


def test_without_an_area_the_whole_picture_counts() -> None:
    seen: list[int] = []
    probe = Probe(seen.append)
    probe.look(frame(50), None, 1)
    probe.look(frame(70), None, 2)
    assert seen == [2]


def test_an_area_that_becomes_known_later_is_no_change() -> None:
    seen: list[int] = []
    probe = Probe(seen.append)
    probe.look(frame(50, left=200), None, 1)
    probe.look(frame(50, left=200), (0, 0, 16, 16), 2)
    probe.look(frame(50, left=30), (0, 0, 16, 16), 3)
    assert seen == [3]


def test_the_area_is_found_in_a_smaller_copy_of_the_screen_and_a_change_of_size_is_no_change() -> None:
    seen: list[int] = []
    probe = Probe(seen.append)
    probe.look(frame(50, left=200), (0, 0, 32, 32), 1, (200, 96))
    probe.look(frame(50, left=200), (0, 0, 32, 32), 2, (200, 96))
    small = av.VideoFrame.from_ndarray(np.vstack([np.full((24, 100), 50, np.uint8)] * 3), format="yuv420p")
    probe.look(small, (0, 0, 32, 32), 3, (200, 96))
    assert seen == [3]
