"""Damage to pictures: take, pace, convert the band, encode once, packetise once, hand on.

Nothing runs while nothing changes or nobody watches. A viewer who joins asks for a key frame, which is made of the last
picture if the guest has drawn nothing since.
"""

import asyncio
import logging
from collections.abc import Callable

from av.error import FFmpegError

from backend.streamer.clock import monotonic_us, video_ticks
from backend.streamer.convert import Converter
from backend.streamer.counters import Drops
from backend.streamer.picture import Picture
from backend.streamer.source import Damage, Screen
from backend.streamer.stage_times import StageTimes
from backend.streamer.token_bucket import TokenBucket
from backend.streamer.video_encoder import Encoded, VideoEncoder

log = logging.getLogger(__name__)

KEY_FRAME_INTERVAL_S = 0.3
"""One key frame serves every viewer who asked meanwhile; more often, a lossy viewer would cost the others quality."""
GATHER_S = 0.0015
"""QEMU tells the bands of one look at its display one after the other, within a millisecond: wait for all of them, or a
guest that moves in two places costs two pictures."""
_BURST = 3
"""Pictures that may follow each other at once after a pause: the answer to a key must not wait for the pace."""
_REFINE_AFTER_S = 0.25
"""A picture may have been coarsened by the rate bound; if the screen then stands still, it is encoded once more."""


class PictureLoop:
    """Makes pictures of one screen and hands each to ``on_encoded``.

    Args:
        screen: where damage comes from.
        rtp_origin: what is added to every time stamp.
        quantizer, max_bit_rate_bps: see :class:`VideoEncoder`.
        max_fps: pictures a second at most.
        on_encoded: gets each picture, within :meth:`changed` or from a timer; must not block.
        gather_s: how long a change waits for others of the same moment.
        on_resize: gets width and height of the guest's screen when they change, before the first such picture.
    """

    def __init__(
        self,
        screen: Screen,
        *,
        rtp_origin: int,
        quantizer: int,
        max_bit_rate_bps: int,
        max_fps: int,
        on_encoded: Callable[[Picture], None],
        on_resize: Callable[[int, int], None],
        drops: Drops,
        gather_s: float = GATHER_S,
    ) -> None:
        self.times = StageTimes()
        self.changed_us = 0
        """When the guest last drew something that was encoded; 0 before the first."""
        self._screen = screen
        self._origin = rtp_origin
        self._quality = (quantizer, max_bit_rate_bps)
        self._pace = TokenBucket(max_fps, _BURST)
        self._on_encoded = on_encoded
        self._on_resize = on_resize
        self._drops = drops
        self._gather_s = gather_s
        self._converter: Converter | None = None
        self._encoder: VideoEncoder | None = None
        self._watched = False
        self._key_wanted = False
        self._key_frame_s = float("-inf")
        self._ticks = -1
        self._timer: asyncio.TimerHandle | None = None
        self._key_timer: asyncio.TimerHandle | None = None
        self._refine_timer: asyncio.TimerHandle | None = None
        # A quarter of what the rate bound lets through at once; see VideoEncoder.
        self._large_bytes = max_bit_rate_bps // (6 * 8 * 4)

    @property
    def size(self) -> tuple[int, int] | None:
        """Size of the guest's screen; None before the first picture."""
        return None if self._converter is None else self._converter.size

    def watch(self, watched: bool) -> None:
        """Say whether anybody wants pictures."""
        self._watched = watched
        if watched:
            self._schedule()
        else:
            self.stop()

    def changed(self) -> None:
        """The screen has something to take."""
        if self._watched:
            self._schedule()

    def request_key_frame(self) -> None:
        """Somebody cannot decode what comes; the answer is a key frame as soon as the rate limit allows."""
        self._key_wanted = True
        if self._watched:
            self._schedule()

    def stop(self) -> None:
        """Forget what is scheduled."""
        for timer in (self._timer, self._key_timer, self._refine_timer):
            if timer is not None:
                timer.cancel()
        self._timer = self._key_timer = self._refine_timer = None

    def _schedule(self) -> None:
        if self._timer is not None:
            return
        loop = asyncio.get_running_loop()
        delay_s = max(self._gather_s, self._pace.wait_s(loop.time()))
        if delay_s > 0:
            self._timer = loop.call_later(delay_s, self._run)
        else:
            self._run()

    def _run(self) -> None:
        self._timer = None
        now_s = asyncio.get_running_loop().time()
        damage = self._screen.take()
        key = self._key_wanted and now_s >= self._key_frame_s + KEY_FRAME_INTERVAL_S
        if damage is not None or (key and self._converter is not None):
            self._pace.take(now_s)
            self._encode(damage, key)
        elif self._key_wanted and self._key_timer is None:
            self._key_timer = asyncio.get_running_loop().call_at(
                self._key_frame_s + KEY_FRAME_INTERVAL_S, self._key_due
            )

    def _key_due(self) -> None:
        self._key_timer = None
        if self._key_wanted:
            self._schedule()

    def _expect_refinement(self, large: bool) -> None:
        if self._refine_timer is not None:
            self._refine_timer.cancel()
            self._refine_timer = None
        if large and self._watched and self._encoder is not None and self._encoder.coarse:
            self._refine_timer = asyncio.get_running_loop().call_later(_REFINE_AFTER_S, self._refine)

    def _refine(self) -> None:
        self._refine_timer = None
        self._encode(None, False)

    def _encode(self, damage: Damage | None, key: bool) -> None:
        start_us = monotonic_us()
        converter = self._convert(damage)
        converted_us = monotonic_us()
        captured_us = start_us if damage is None else damage.captured_us
        self._ticks = max(self._ticks + 1, video_ticks(captured_us))
        key = key or self._encoder is None
        encoded = self._compress(converter, key)
        if encoded is None:
            return
        if encoded.key:
            self._key_wanted, self._key_frame_s = False, asyncio.get_running_loop().time()
        timestamp = (self._ticks + self._origin) & 0xFFFF_FFFF
        picture = Picture(encoded.data, timestamp, self.changed_us, encoded.key)
        encoded_us = monotonic_us()
        self._on_encoded(picture)
        stages_us = {
            "capture": start_us - captured_us,
            "convert": converted_us - start_us,
            "encode": encoded_us - converted_us,
            "send": monotonic_us() - encoded_us,
        }
        self.times.add(stages_us, picture.size_bytes)
        self._expect_refinement(picture.size_bytes > self._large_bytes)

    def _convert(self, damage: Damage | None) -> Converter:
        converter = self._converter
        if damage is None:
            assert converter is not None
            return converter
        height, width = damage.pixels.shape[:2]
        self.changed_us = damage.captured_us
        if converter is None or converter.size != (width, height):
            converter = self._converter = Converter(width, height)
            self._encoder = None
            converter.update(damage.pixels, (0, height), (0, width))
            self._on_resize(width, height)
        else:
            converter.update(damage.pixels, (damage.top, damage.bottom), (damage.left, damage.right))
        return converter

    def _compress(self, converter: Converter, key: bool) -> Encoded | None:
        try:
            if self._encoder is None:
                quantizer, rate = self._quality
                self._encoder = VideoEncoder(
                    converter.width, converter.height, quantizer=quantizer, max_bit_rate_bps=rate
                )
            return self._encoder.encode(converter.frame, self._ticks, key=key)
        except FFmpegError as error:
            self._encoder, self._key_wanted = None, True
            self._drops.count("encoder_failed")
            log.warning("The video encoder failed and is made anew with the next picture: %s", error)
            return None
