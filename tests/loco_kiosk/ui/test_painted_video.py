import av
import numpy as np
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from loco_kiosk.ui.painted_video import PaintedVideo
from tests.loco_kiosk.ui.painting import painted


def plain(red: int, green: int, blue: int) -> av.VideoFrame:
    rgb = np.full((48, 64, 3), (red, green, blue), np.uint8)
    return av.VideoFrame.from_ndarray(rgb, format="rgb24").reformat(format="yuv420p")


def test_the_picture_fills_the_item_in_its_colours(qtbot: QtBot) -> None:
    video = PaintedVideo()
    video.show_frame(plain(200, 40, 30))
    image = painted(video, 120, 90)
    for x, y in ((0, 0), (60, 45), (119, 89)):
        colour = image.pixelColor(x, y)
        assert abs(colour.red() - 200) < 6
        assert abs(colour.green() - 40) < 6


def test_another_size_scales_the_same_picture_anew(qtbot: QtBot) -> None:
    video = PaintedVideo()
    video.show_frame(plain(20, 20, 220))
    painted(video, 40, 30)
    assert painted(video, 400, 300).pixelColor(399, 299).blue() > 200


def test_sharp_pixels_are_not_mixed(qtbot: QtBot) -> None:
    grey = np.repeat(np.array([[16, 235] * 8], np.uint8), 16, axis=0)
    frame = av.VideoFrame.from_ndarray(grey, format="gray").reformat(format="yuv420p")
    video = PaintedVideo()
    video.setProperty("scaling", "integer")
    video.show_frame(frame)
    image = painted(video, 64, 64)
    levels = {image.pixelColor(x, 32).red() // 64 for x in range(64)}
    assert levels == {0, 3}


def test_without_a_picture_nothing_is_painted(qtbot: QtBot) -> None:
    video = PaintedVideo()
    video.show_frame(None)
    assert painted(video, 10, 10).pixelColor(5, 5) == QColor("black")


def test_a_picture_scaled_for_this_size_is_painted_as_it_is_and_one_of_another_size_is_not(qtbot: QtBot) -> None:
    video = PaintedVideo()
    red, green = plain(200, 40, 30), plain(30, 200, 40)
    painted(video, 40, 30)
    video.show_frame(red)
    painted(video, 40, 30)
    video.show_frame(red, video.scaler(green))
    assert painted(video, 40, 30).pixelColor(5, 5).green() > 180
    assert painted(video, 80, 60).pixelColor(5, 5).red() > 180


def test_another_scaling_paints_the_same_picture_anew(qtbot: QtBot) -> None:
    grey = np.repeat(np.array([[16, 235] * 8], np.uint8), 16, axis=0)
    video = PaintedVideo()
    video.show_frame(av.VideoFrame.from_ndarray(grey, format="gray").reformat(format="yuv420p"))
    levels = {}
    for scaling in ("smooth", "sharp"):
        video.setProperty("scaling", scaling)
        image = painted(video, 40, 40)
        levels[scaling] = sum(40 < image.pixelColor(x, 20).red() < 215 for x in range(40))
    assert levels["sharp"] < levels["smooth"]
    assert video.property("scaling") == "sharp"
