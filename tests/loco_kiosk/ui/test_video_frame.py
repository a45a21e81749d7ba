import av
import numpy as np
import pytest
from PySide6.QtMultimedia import QVideoFrame, QVideoFrameFormat, QVideoSink
from pytestqt.qtbot import QtBot

from loco_kiosk.ui.video_frame import VideoScreen, to_qt
from tests.loco_kiosk.ui._synthetic import picture


def luma(frame: QVideoFrame) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    frame.map(QVideoFrame.MapMode.ReadOnly)
    rows = np.frombuffer(bytes(frame.bits(0)), np.uint8)[: frame.bytesPerLine(0) * frame.height()]
    stride = frame.bytesPerLine(0)
    frame.unmap()
    return rows.reshape(-1, stride)[:, : frame.width()]


@pytest.mark.parametrize(("width", "height"), [(640, 480), (800, 600), (720, 400), (318, 202)])
def test_the_planes_arrive_whatever_the_strides(width: int, height: int) -> None:
    frame = picture(2, 3, width, height)
    expected = frame.to_ndarray()[:height]
    assert np.array_equal(luma(to_qt(frame)), expected)


def test_colours_are_said_not_guessed() -> None:
    made = to_qt(picture(0, 0)).surfaceFormat()
    assert made.colorSpace() == QVideoFrameFormat.ColorSpace.ColorSpace_BT601
    assert made.colorRange() == QVideoFrameFormat.ColorRange.ColorRange_Video


def test_full_range_stays_full_range() -> None:
    frame = picture(0, 0)
    frame.color_range = 2
    assert to_qt(frame).surfaceFormat().colorRange() == QVideoFrameFormat.ColorRange.ColorRange_Full


def test_another_format_is_converted() -> None:
    frame = av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), format="rgb24")
    assert to_qt(frame).pixelFormat() == QVideoFrameFormat.PixelFormat.Format_YUV420P


def test_a_sink_gets_the_picture_and_then_none(qtbot: QtBot) -> None:
    sink = QVideoSink()
    screen = VideoScreen(sink)
    screen.show_frame(picture(0, 0))
    assert sink.videoFrame().width() == 640
    screen.show_frame(None)
    assert not sink.videoFrame().isValid()


def red_and_blue() -> av.VideoFrame:
    """Columns of pure red and blue, one pixel wide, with colour for each."""
    frame = av.VideoFrame(64, 48, "yuv444p")
    frame.colorspace, frame.color_range = 5, 1
    for plane, values in zip(frame.planes, ((81, 41), (90, 240), (240, 110)), strict=True):
        plane.update(bytes(values) * (plane.buffer_size // 2))
    return frame


def test_colour_for_each_pixel_reaches_the_screen(qtbot: QtBot) -> None:
    made = to_qt(red_and_blue())
    assert made.pixelFormat() == QVideoFrameFormat.PixelFormat.Format_AYUV
    image = made.toImage()
    for x, (red, blue) in enumerate(((255, 0), (0, 255)) * 4):
        colour = image.pixelColor(x, 9)
        assert (colour.red(), colour.green(), colour.blue()) == pytest.approx((red, 0, blue), abs=6)
