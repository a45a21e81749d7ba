"""Hardware that decodes H.264 sooner than the processor: found by trying it on this machine, used only where it won.

For pictures as small as a guest's it seldom wins: the way to the device and back takes longer than the decoding. Which
devices FFmpeg can name depends on the platform (NVDEC, VideoToolbox, D3D11, VA-API). Where none is there, that takes
a millisecond to see.
"""

import logging
import statistics
import time
from collections.abc import Sequence
from fractions import Fraction

import av
import numpy as np
from av.codec.hwaccel import hwdevices_available
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from loco_kiosk.media.decoder import Decoder

log = logging.getLogger(__name__)

_WIDTH, _HEIGHT, _PICTURES = 640, 480, 40
_WARM_UP = 10
_MOST_ERROR = 2.0
"""Mean difference of luma, of 255, from what the processor decodes; a device that errs more is not used."""


def devices() -> list[str]:
    """What FFmpeg was built to decode H.264 with, whether it is there or not."""
    known = {config.device_type.name for config in av.Codec("h264", "r").hardware_configs or () if config.is_supported}
    return [device for device in hwdevices_available() if device in known]


def quickest(candidates: Sequence[str] | None = None) -> str | None:
    """The device that decodes a picture sooner than the processor and like it; None: the processor is best.

    Takes some 100 ms for each device that is there: not for an event loop.
    """
    present = [device for device in (devices() if candidates is None else candidates) if _opens(device)]
    if not present:
        return None
    clip = _clip()
    best, best_s = None, _trial(Decoder(), clip, None)
    reference = _luma(Decoder(), clip)
    for device in present:
        took_s = _trial(Decoder(device), clip, reference)
        log.info("%s decodes a picture in %.2f ms, the quickest so far in %.2f", device, 1000 * took_s, 1000 * best_s)
        if took_s < best_s:
            best, best_s = device, took_s
    return best


def _opens(device: str) -> bool:
    try:
        Decoder.open(device)
    except (av.FFmpegError, NotImplementedError, RuntimeError, ValueError) as error:
        log.debug("no hardware decoder %s: %s", device, error)
        return False
    return True


def _trial(decoder: Decoder, clip: Sequence[bytes], reference: NDArray[np.uint8] | None) -> float:
    """Median seconds a picture; infinity where it delays, fails or errs."""
    times_s = []
    frame: VideoFrame | None = None
    for data in clip:
        began_s = time.perf_counter()
        frame = decoder.decode(data)
        times_s.append(time.perf_counter() - began_s)
        if frame is None or decoder.errors:
            return float("inf")
    assert frame is not None
    if reference is not None and np.abs(_plane(frame).astype(np.int16) - reference).mean() > _MOST_ERROR:
        return float("inf")
    return statistics.median(times_s[_WARM_UP:])


def _luma(decoder: Decoder, clip: Sequence[bytes]) -> NDArray[np.uint8]:
    frames = [decoder.decode(data) for data in clip]
    assert frames[-1] is not None
    return _plane(frames[-1])


def _plane(frame: VideoFrame) -> NDArray[np.uint8]:
    plane = frame.planes[0]
    rows: NDArray[np.uint8] = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
    return rows[:, : plane.width].copy()


def _clip() -> list[bytes]:
    """Moving blocks, encoded as a streamer does."""
    context = av.CodecContext.create("libx264", "w")
    assert isinstance(context, VideoCodecContext)
    context.width, context.height, context.pix_fmt = _WIDTH, _HEIGHT, "yuv420p"
    context.time_base = Fraction(1, 30)
    context.thread_count = 1
    context.profile = "Baseline"
    context.options = {"preset": "ultrafast", "tune": "zerolatency", "qp": "20"}
    ground = np.random.default_rng(3).integers(0, 256, (_HEIGHT // 16, _WIDTH // 16), np.uint8)
    rows = ground.repeat(16, axis=0).repeat(16, axis=1)
    clip = []
    for number in range(_PICTURES):
        picture = np.full((_HEIGHT * 3 // 2, _WIDTH), 128, np.uint8)
        picture[:_HEIGHT] = np.roll(rows, 4 * number, axis=1)
        frame = VideoFrame.from_ndarray(picture, format="yuv420p")
        frame.pts = number
        clip.append(b"".join(bytes(packet) for packet in context.encode(frame)))
    return clip
