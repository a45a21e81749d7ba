"""One decoded picture as a ``QVideoFrame``: planes copied, no conversion on the CPU."""

import av
import numpy as np
from av.video.reformatter import ColorRange
from PySide6.QtCore import QSize
from PySide6.QtMultimedia import QVideoFrame, QVideoFrameFormat, QVideoSink

from loco_kiosk.ui.full_colour import is_full, pack_ayuv


class VideoScreen:
    """Hands pictures to the video item of a tile, whose GPU scales them."""

    scaler = None

    def __init__(self, sink: QVideoSink) -> None:
        self.sink = sink

    def show_frame(self, frame: av.VideoFrame | None, scaled: av.VideoFrame | None = None) -> None:  # noqa: ARG002
        """Show this picture, or none."""
        self.sink.setVideoFrame(QVideoFrame() if frame is None else to_qt(frame))


def to_qt(frame: av.VideoFrame) -> QVideoFrame:
    """A new frame each time: a sink may still hold the last one.

    4:4:4 becomes AYUV; anything else but 4:2:0 is converted first.
    """
    if is_full(frame):
        return _packed(frame)
    if frame.format.name not in ("yuv420p", "yuvj420p"):
        frame = frame.reformat(format="yuv420p")
    target = QVideoFrame(_format(frame))
    target.map(QVideoFrame.MapMode.WriteOnly)
    for index, plane in enumerate(frame.planes):
        stride = target.bytesPerLine(index)
        if plane.line_size == stride:
            _bytes_of(target, index)[: plane.buffer_size] = memoryview(plane)
        else:
            _copy_rows(plane, target, index, stride)
    target.unmap()
    return target


def _packed(frame: av.VideoFrame) -> QVideoFrame:
    target = QVideoFrame(_format(frame, QVideoFrameFormat.PixelFormat.Format_AYUV))
    target.map(QVideoFrame.MapMode.WriteOnly)
    stride = target.bytesPerLine(0)
    lines = np.frombuffer(_bytes_of(target, 0), np.uint8)[: frame.height * stride].reshape(frame.height, stride)
    pack_ayuv(frame, lines[:, : frame.width * 4].reshape(frame.height, frame.width, 4))
    target.unmap()
    return target


def _format(
    frame: av.VideoFrame,
    pixels: QVideoFrameFormat.PixelFormat = QVideoFrameFormat.PixelFormat.Format_YUV420P,
) -> QVideoFrameFormat:
    made = QVideoFrameFormat(QSize(frame.width, frame.height), pixels)
    # Qt guesses by the picture's size where these are not set, and guesses wrong for a PC's screen.
    made.setColorSpace(QVideoFrameFormat.ColorSpace.ColorSpace_BT601)
    full = frame.format.name.startswith("yuvj") or frame.color_range == ColorRange.JPEG
    ranges = QVideoFrameFormat.ColorRange
    made.setColorRange(ranges.ColorRange_Full if full else ranges.ColorRange_Video)
    return made


def _copy_rows(plane: "av.video.plane.VideoPlane", target: QVideoFrame, index: int, stride: int) -> None:
    source = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
    rows = np.frombuffer(_bytes_of(target, index), np.uint8)[: len(source) * stride].reshape(-1, stride)
    width = min(plane.width, stride)
    rows[: plane.height, :width] = source[: plane.height, :width]


def _bytes_of(target: QVideoFrame, index: int) -> memoryview:
    data = target.bits(index)
    assert isinstance(data, memoryview)
    return data
