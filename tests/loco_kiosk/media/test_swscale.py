"""FFmpeg's scaler by its own names: fails when PyAV brings another library."""

from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace

from loco_kiosk.media.errors import ScalerError
from loco_kiosk.media.swscale import Converter
from tests.loco_kiosk.media.pictures import grey, noise


class OnTheGpu:
    """As much as is asked of a picture before it is refused."""

    width, height = 64, 48
    format = SimpleNamespace(name="vaapi")


def converted(frame: VideoFrame, width_px: int, height_px: int) -> np.ndarray:
    pixels = np.zeros((height_px, width_px, 4), np.uint8)
    Converter(frame, width_px, height_px).convert(frame, pixels)
    return pixels


@pytest.mark.parametrize("kind", ["yuv420p", "yuvj420p", "yuv444p", "nv12"])
def test_the_pixels_are_those_of_pyav(kind: str) -> None:
    frame = noise(320, 240, kind)
    expected = frame.reformat(format="rgba", interpolation="FAST_BILINEAR").to_ndarray()
    difference = np.abs(converted(frame, 320, 240).astype(int) - expected)
    assert difference.max() <= 2


def test_the_colour_range_of_the_stream_counts() -> None:
    frame = grey(235)
    assert converted(frame, 64, 48)[0, 0].tolist() == [255, 255, 255, 255]
    frame.color_range = ColorRange.JPEG
    assert converted(frame, 64, 48)[0, 0].tolist() == [235, 235, 235, 255]


def test_the_colour_space_of_the_stream_counts() -> None:
    frame = grey(100)
    frame.planes[2].update(bytes([200]) * frame.planes[2].buffer_size)
    plain = converted(frame, 64, 48)[0, 0].tolist()
    frame.colorspace = Colorspace.ITU601
    assert converted(frame, 64, 48)[0, 0].tolist() == plain
    frame.colorspace = Colorspace.ITU709
    assert converted(frame, 64, 48)[0, 0].tolist() != plain


def test_the_top_row_comes_first_and_red_is_first() -> None:
    pixels = np.zeros((48, 64, 3), np.uint8)
    pixels[:24, :, 0] = 255
    made = converted(VideoFrame.from_ndarray(pixels, format="rgb24").reformat(format="yuv420p"), 64, 48)
    assert made[0, 0, 0] > 240
    assert made[0, 0, 2] < 20
    assert made[47, 63].max(initial=0, where=[True, True, True, False]) < 20


def test_nothing_is_written_beside_the_picture() -> None:
    room = np.full(100 * 75 * 4 + 64, 77, np.uint8)
    frame = noise(102, 76)
    pixels = room[: 100 * 75 * 4].reshape(75, 100, 4)
    Converter(frame, 100, 75).convert(frame, pixels)
    assert (room[100 * 75 * 4 :] == 77).all()


def test_a_format_without_colours_is_refused_in_words() -> None:
    with pytest.raises(ScalerError, match="cannot be turned"):
        Converter(cast("VideoFrame", OnTheGpu()), 64, 48)
