"""Encoders of graphics hardware behind the interface of :class:`X264`: found by trying, used only where one won.

For pictures as small as a guest's one seldom wins: the way to the device and back takes longer than x264's quickest
preset. One is trusted only after it has given each picture at once, a key frame on request, and what was put in.
"""

import logging
import math
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Final, Protocol

import av
import numpy as np
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType, VideoFrame

from backend.contract.control import VIDEO_CLOCK_HZ
from backend.streamer.packetizer import nal_units
from backend.streamer.x264 import X264

log = logging.getLogger(__name__)

_OPTIONS: Final[Mapping[str, Callable[[int], dict[str, str]]]] = {
    "h264_nvenc": lambda quantizer: {
        "preset": "p1",
        "tune": "ull",
        "rc": "constqp",
        "qp": str(quantizer),
        "profile": "baseline",
        "zerolatency": "1",
        "delay": "0",
        "bf": "0",
        "forced-idr": "1",
    },
    "h264_amf": lambda quantizer: {
        "usage": "ultralowlatency",
        "rc": "cqp",
        "qp_i": str(quantizer),
        "qp_p": str(quantizer),
        "profile": "constrained_baseline",
        "forced_idr": "1",
        "header_insertion_mode": "idr",
    },
    "h264_videotoolbox": lambda _quantizer: {"realtime": "1", "prio_speed": "1", "profile": "constrained_baseline"},
}
_WIDTH, _HEIGHT, _PICTURES, _KEY_AT = 640, 480, 40, 25
_WARM_UP = 10
_QUANTIZER = 20
_MOST_ERROR = 3.0
"""Mean difference of luma, of 255, between what went in and what a viewer decodes."""
_IDR, _PARAMETERS = 5, {7, 8}
"""H.264, table 7-1."""


class Encoder(Protocol):
    """Encodes pictures of one size; see :meth:`X264.encode`."""

    def encode(self, frame: av.VideoFrame, timestamp: int, *, key: bool) -> bytes:
        """One access unit in Annex B form."""


class HardwareEncoder:
    """A constant quantizer, by a device, of 4:2:0 pictures.

    Args:
        name: as FFmpeg calls the encoder.
        width, height: pixels, even.
        quantizer: as of :meth:`X264.constant`.

    Raises:
        av.error.FFmpegError: the device is not there, or refuses.
    """

    def __init__(self, name: str, width: int, height: int, *, quantizer: int) -> None:
        context = av.CodecContext.create(name, "w")
        assert isinstance(context, VideoCodecContext)
        context.width, context.height, context.pix_fmt = width, height, "yuv420p"
        context.framerate, context.time_base = Fraction(30), Fraction(1, VIDEO_CLOCK_HZ)
        context.gop_size, context.max_b_frames = 1 << 30, 0
        context.options = _OPTIONS[name](quantizer)
        context.open()
        self._context = context

    def encode(self, frame: av.VideoFrame, timestamp: int, *, key: bool) -> bytes:
        """See :meth:`X264.encode`."""
        frame.pts, frame.time_base = timestamp, self._context.time_base
        frame.pict_type = PictureType.I if key else PictureType.NONE
        return b"".join(bytes(packet) for packet in self._context.encode(frame))


Make = Callable[[str], Encoder]


def quickest(names: Sequence[str] = tuple(_OPTIONS), make: Make | None = None) -> str | None:
    """The encoder that takes less time than x264 and does what a streamer needs; None: x264 is best.

    Takes some 100 ms for each device that is there, and a few in all where there is none: not for an event loop.
    """
    make = make or _make
    best, best_s = None, math.inf
    for name in names:
        try:
            took_s = _trial(make(name))
        except (av.FFmpegError, ValueError, NotImplementedError) as error:
            log.debug("no hardware encoder %s: %s", name, error)
            continue
        if best_s == math.inf:
            best_s = _trial(X264.constant(_WIDTH, _HEIGHT, quantizer=_QUANTIZER))
        log.info("%s encodes a picture in %.2f ms, the quickest so far in %.2f", name, 1000 * took_s, 1000 * best_s)
        if took_s < best_s:
            best, best_s = name, took_s
    return best


def _make(name: str) -> Encoder:
    return HardwareEncoder(name, _WIDTH, _HEIGHT, quantizer=_QUANTIZER)


def _trial(encoder: Encoder) -> float:
    """Median seconds a picture; infinity where a picture is late, not the one that went in, or no key frame when asked.

    Raises:
        av.error.FFmpegError: it failed.
    """
    viewer = av.CodecContext.create("h264", "r")
    assert isinstance(viewer, VideoCodecContext)
    viewer.thread_count = 1
    times_s = []
    for number, frame in enumerate(_pictures()):
        wanted = number in {0, _KEY_AT}
        began_s = time.perf_counter()
        data = encoder.encode(frame, number * VIDEO_CLOCK_HZ // 30, key=wanted)
        times_s.append(time.perf_counter() - began_s)
        if not data or wanted > _is_key(data):
            return math.inf
        shown = viewer.decode(av.Packet(data))
        if len(shown) != 1 or _error(frame, shown[0]) > _MOST_ERROR:
            return math.inf
    return statistics.median(times_s[_WARM_UP:])


def _is_key(data: bytes) -> bool:
    kinds = {unit[0] & 0x1F for unit in nal_units(data)}
    return _IDR in kinds and kinds >= _PARAMETERS


def _error(sent: VideoFrame, shown: VideoFrame) -> float:
    lumas = (np.frombuffer(memoryview(frame.planes[0]), np.uint8) for frame in (sent, shown))
    first, second = (luma.reshape(_HEIGHT, -1)[:, :_WIDTH].astype(np.int16) for luma in lumas)
    return float(np.abs(first - second).mean())


def _pictures() -> list[VideoFrame]:
    """Moving blocks."""
    ground = np.random.default_rng(3).integers(0, 256, (_HEIGHT // 16, _WIDTH // 16), np.uint8)
    rows = ground.repeat(16, axis=0).repeat(16, axis=1)
    frames = []
    for number in range(_PICTURES):
        picture = np.full((_HEIGHT * 3 // 2, _WIDTH), 128, np.uint8)
        picture[:_HEIGHT] = np.roll(rows, 4 * number, axis=1)
        frames.append(VideoFrame.from_ndarray(picture, format="yuv420p"))
    return frames
