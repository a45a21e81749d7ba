"""Nine encoded screens at 30 pictures a second, for the product and the baseline alike."""

import itertools
import time
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

import av
import numpy as np
from av.video.codeccontext import VideoCodecContext
from numpy.typing import NDArray

SIZE_PX = (640, 480)
RATE_HZ = 30
PICTURES = 60
"""Of the clip, which begins anew afterwards: two seconds."""


class Due(NamedTuple):
    """One picture that is to be decoded at a monotonic time."""

    at_s: float
    screen: int
    data: bytes


def clip() -> list[bytes]:
    """Access units of a moving picture, encoded as the streamers do; the first is a key frame."""
    codec = av.CodecContext.create("libx264", "w")
    assert isinstance(codec, VideoCodecContext)
    codec.width, codec.height = SIZE_PX
    codec.pix_fmt = "yuv420p"
    codec.time_base = Fraction(1, RATE_HZ)
    codec.options = {"preset": "ultrafast", "tune": "zerolatency", "crf": "23", "g": str(PICTURES)}
    units = []
    for number in range(PICTURES):
        frame = av.VideoFrame.from_ndarray(_picture(number), format="rgb24").reformat(format="yuv420p")
        frame.pts = number
        units += [bytes(packet) for packet in codec.encode(frame)]
    return units


def schedule(units: list[bytes], screens: int) -> Iterator[Due]:
    """Every picture of every screen, in the order of time; the screens take turns and begin at other places."""
    began_s = time.monotonic()
    for number in itertools.count():
        for screen in range(screens):
            at_s = began_s + (number + screen / screens) / RATE_HZ
            yield Due(at_s, screen, units[number % len(units)])


def _picture(number: int) -> NDArray[np.uint8]:
    """A textured land that rolls by, as in a game: every picture changes nearly everywhere."""
    columns, rows = np.arange(SIZE_PX[0]) + 4 * number, np.arange(SIZE_PX[1])[:, None]
    land = (np.sin(columns / 23.0) * 60 + np.sin(rows / 17.0 + columns / 90.0) * 60 + 128).astype(np.uint8)
    blocks = ((columns // 16 + rows // 16) % 5 * 20).astype(np.uint8)
    return np.ascontiguousarray(np.dstack([land, blocks + 60, 255 - land]))
