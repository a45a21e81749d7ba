"""One way to encode the screen, for all viewers who want the same: its pace, its converter, its encoder."""

import logging
import math
from typing import NamedTuple

import numpy as np
from av.error import FFmpegError
from numpy.typing import NDArray

from backend.contract.token_bucket import TokenBucket
from backend.streamer.clock import MediaTicks, monotonic_us
from backend.streamer.convert import Converter
from backend.streamer.counters import Drops
from backend.streamer.picture import Picture
from backend.streamer.quality import Quality
from backend.streamer.source import Damage
from backend.streamer.stage_times import SecondSummary, StageTimes
from backend.streamer.video_encoder import Encoded, VideoEncoder

log = logging.getLogger(__name__)

KEY_FRAME_INTERVAL_S = 0.3
"""One key frame serves every viewer who asked meanwhile; more often, a lossy viewer would cost the others quality."""
_URGENT_INTERVAL_S = 0.05
"""The same for viewers who have no picture at all yet."""
_BURST = 3
"""Pictures that may follow each other at once after a pause: the answer to a key must not wait for the pace."""
_SLOW_FPS = 5.0
"""Up to this rate there is no burst: who wants so few pictures wants no more."""
_ANSWER_S = 0.045
"""So soon after an input the answer of a quick guest is there: QEMU looks at its display after 30 ms at the latest."""
_REFINE_AFTER_S = 0.25
"""A picture may have been coarsened by the rate bound; if the screen then stands still, it is encoded once more."""
EARLY_S = 0.001
"""A picture that is due so soon is made now: timers are not more exact."""


class _Area(NamedTuple):
    top: int
    bottom: int
    left: int
    right: int


class Made(NamedTuple):
    """A picture, and how long its stages took so far."""

    picture: Picture
    stages_us: dict[str, int]


class Rendition:
    """What changed and is not encoded yet, and what encodes it.

    Args:
        quality: of its pictures.
        fps: pictures a second at most, beyond a short burst.
        drops: counts failures of the encoder.
    """

    def __init__(self, quality: Quality, fps: float, drops: Drops) -> None:
        self.quality = quality
        self.times = StageTimes()
        self.second = SecondSummary()
        """The last one."""
        self.since_us = 0
        """Changes up to then are no news: a picture that shows them is one of now."""
        self._drops = drops
        self.fps = 0.0
        self.set_pace(fps)
        self._pending: _Area | None = None
        self._newest_us = 0
        self._converter: Converter | None = None
        self._encoder: VideoEncoder | None = None
        self._key_wanted = False
        self._key_due_s = -math.inf
        self._key_frame_s = -math.inf
        self._refine_s = math.inf
        self._answer_until_s = -math.inf
        # A quarter of what the rate bound lets through at once; see VideoEncoder.
        self._large_bytes = quality.max_bit_rate_bps // (6 * 8 * 4)

    @property
    def picture_size(self) -> tuple[int, int] | None:
        """Width and height of its pictures; None before the first."""
        return None if self._converter is None else (self._converter.width, self._converter.height)

    @property
    def name(self) -> str:
        """For metrics and logs."""
        width, height = self.picture_size or (0, 0)
        chroma = "4:4:4" if self.quality.pixel_exact else "4:2:0"
        return f"{width}x{height} {chroma} q{self.quality.quantizer} {self.fps:.0f} fps"

    def set_pace(self, fps: float) -> bool:
        """Make that many pictures a second at most from now on; whether that is a change."""
        if fps == self.fps:
            return False
        self.fps = fps
        self._pace = TokenBucket(fps, _BURST if fps > _SLOW_FPS else 1)
        return True

    def request_key_frame(self, *, urgent: bool = False) -> None:
        """Make the next picture one that needs no other, as soon as the limit of key frames allows.

        Args:
            urgent: somebody has no picture at all yet.
        """
        due_s = self._key_frame_s + (_URGENT_INTERVAL_S if urgent else KEY_FRAME_INTERVAL_S)
        self._key_due_s = min(due_s, self._key_due_s) if self._key_wanted else due_s
        self._key_wanted = True

    def damaged(self, damage: Damage) -> None:
        """The screen has changed there."""
        area = _Area(damage.top, damage.bottom, damage.left, damage.right)
        held = self._pending
        if held is not None:
            area = _Area(
                min(held.top, area.top),
                max(held.bottom, area.bottom),
                min(held.left, area.left),
                max(held.right, area.right),
            )
        self._pending, self._newest_us = area, damage.captured_us

    def expect_answer(self, now_s: float) -> None:
        """The guest got a key: what it draws now waits for no pace; later pictures make up for it."""
        self._answer_until_s = now_s + _ANSWER_S

    def hurries(self, now_s: float) -> bool:
        """Whether what the guest draws may be the answer to a key."""
        return now_s < self._answer_until_s

    def free_s(self, now_s: float) -> float:
        """Seconds until its pace allows a picture; 0 now."""
        return 0.0 if self.hurries(now_s) else self._pace.wait_s(now_s)

    def due_s(self, now_s: float) -> float:
        """When the next picture may be made, not before ``now_s``; infinity while there is nothing to make."""
        if self._pending is not None:
            at_s = now_s
        elif self._converter is None:
            return math.inf
        else:
            at_s = self._refine_s
            if self._key_wanted:
                at_s = min(at_s, self._key_due_s)
        return max(at_s, now_s + self.free_s(now_s))

    def encode(self, pixels: NDArray[np.uint8] | None, ticks: MediaTicks, now_s: float) -> Made | None:
        """Make a picture of what changed, or once more of what is there; None when the encoder failed.

        Args:
            pixels: of the screen; None where nothing changed.
            ticks: gives the time stamp.
            now_s: monotonic.
        """
        self._pace.spend(now_s)
        start_us = monotonic_us()
        # A picture that repeats the last one shows the screen as it is now.
        captured_us = self._newest_us if self._newest_us > self.since_us else start_us
        self.since_us = self._newest_us
        converter = self._convert(pixels)
        converted_us = monotonic_us()
        position, timestamp = ticks.after(captured_us)
        encoded = self._compress(converter, position, now_s)
        if encoded is None:
            return None
        if encoded.key:
            self._key_wanted, self._key_frame_s = False, now_s
        picture = Picture(encoded.data, timestamp, self._newest_us, encoded.key)
        coarse = self._encoder is not None and self._encoder.coarse
        self._refine_s = now_s + _REFINE_AFTER_S if coarse and picture.size_bytes > self._large_bytes else math.inf
        stages_us = {
            "capture": start_us - captured_us,
            "convert": converted_us - start_us,
            "encode": monotonic_us() - converted_us,
        }
        return Made(picture, stages_us)

    def _convert(self, pixels: NDArray[np.uint8] | None) -> Converter:
        converter, area = self._converter, self._pending
        if area is None:
            assert converter is not None
            return converter
        assert pixels is not None
        self._pending = None
        height, width = pixels.shape[:2]
        if converter is None or converter.size != (width, height):
            quality = self.quality
            self._encoder = None
            converter = Converter(width, height, pixel_exact=quality.pixel_exact, shrink=quality.shrink)
            self._converter = converter
            area = _Area(0, height, 0, width)
        converter.update(pixels, area[:2], area[2:])
        return converter

    def _compress(self, converter: Converter, position: int, now_s: float) -> Encoded | None:
        key = self._key_wanted and now_s >= self._key_due_s
        try:
            if self._encoder is None:
                self._encoder, key = VideoEncoder(converter.width, converter.height, self.quality), True
            return self._encoder.encode(converter.frame, position, key=key)
        except FFmpegError as error:
            self._encoder, self._key_frame_s = None, now_s
            self.request_key_frame()
            self._drops.count("encoder_failed")
            log.warning("The video encoder failed and is made anew with the next picture: %s", error)
            return None
