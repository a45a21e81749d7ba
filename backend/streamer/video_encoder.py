"""Constant quality at the least work, and a bound on the rate for the screens that need one."""

import logging
from typing import NamedTuple

import av
from av.error import FFmpegError

from backend.contract.control import VIDEO_CLOCK_HZ
from backend.contract.token_bucket import TokenBucket
from backend.streamer.hardware import Encoder, HardwareEncoder
from backend.streamer.quality import Quality
from backend.streamer.x264 import X264

log = logging.getLogger(__name__)

_BURST_S = 1 / 6
"""What may leave at once, as time at the full rate: noise on the whole screen, the worst, stays a short burst."""
_CALM = 0.5
"""Share of the rate below which the bound is no longer needed."""
_FIRST_TRIAL_S, _LAST_TRIAL_S = 2.0, 64.0
"""How long a screen must be calm before constant quality is tried again; doubled by each try that failed."""


class Encoded(NamedTuple):
    """One access unit in Annex B form."""

    data: bytes
    key: bool
    """An IDR picture: on request, or because the encoder changed."""


class VideoEncoder:
    """Encodes pictures of one size; make a new one when the size changes.

    Desktops are nearly always cheap to encode, so the usual encoder has a constant quantizer. A picture that would
    break the bound is not sent but encoded again, as a key frame, by an encoder with rate control; that one stays
    until the screen is calm.

    Args:
        width, height: pixels, even.
        quality: the quantizer of the usual pictures, the bound, and whether they are 4:4:4; it does not shrink.
    """

    def __init__(self, width: int, height: int, quality: Quality) -> None:
        self._size = (width, height)
        self._quality = quality
        max_bit_rate_bps = quality.max_bit_rate_bps
        self._device = quality.device
        self._bucket = TokenBucket(max_bit_rate_bps / 8, max_bit_rate_bps / 8 * _BURST_S)
        self._constant: Encoder | None = self._new_constant()
        self._bounded: X264 | None = None
        self._trial_s = _FIRST_TRIAL_S
        self._calm_since_s = 0.0
        self._calm_bytes = 0

    @property
    def coarse(self) -> bool:
        """Whether the last picture may have been coarsened by the bound."""
        return self._bounded is not None

    def encode(self, frame: av.VideoFrame, timestamp: int, *, key: bool) -> Encoded:
        """One picture; see :meth:`X264.encode`.

        Raises:
            av.error.FFmpegError: the codec failed; make a new encoder.
        """
        now_s = timestamp / VIDEO_CLOCK_HZ
        if self._constant is not None:
            data, key = self._encode_constant(self._constant, frame, timestamp, key)
            if self._bucket.take(now_s, len(data)):
                return Encoded(data, key)
            return self._bound(frame, timestamp, now_s)
        return self._try_constant(frame, timestamp, now_s) or self._encode_bounded(frame, timestamp, now_s, key)

    def _bound(self, frame: av.VideoFrame, timestamp: int, now_s: float) -> Encoded:
        self._constant = None
        width, height = self._size
        quality = self._quality
        self._bounded = X264.bounded(
            width,
            height,
            quantizer=quality.quantizer,
            max_bit_rate_bps=quality.max_bit_rate_bps,
            burst_bits=round(quality.max_bit_rate_bps * _BURST_S),
            pixel_exact=quality.pixel_exact,
        )
        self._calm_since_s, self._calm_bytes = now_s, 0
        return self._encode_bounded(frame, timestamp, now_s, key=True)

    def _encode_bounded(self, frame: av.VideoFrame, timestamp: int, now_s: float, key: bool) -> Encoded:
        assert self._bounded is not None
        data = self._bounded.encode(frame, timestamp, key=key)
        self._calm_bytes += len(data)
        busy = self._calm_bytes > max(1.0, now_s - self._calm_since_s) * self._quality.max_bit_rate_bps / 8 * _CALM
        if busy:
            self._calm_since_s, self._calm_bytes = now_s, 0
        return Encoded(data, key)

    def _try_constant(self, frame: av.VideoFrame, timestamp: int, now_s: float) -> Encoded | None:
        if now_s - self._calm_since_s < self._trial_s:
            return None
        candidate = self._new_constant()
        data = candidate.encode(frame, timestamp, key=True)
        self._calm_since_s, self._calm_bytes = now_s, 0
        if not self._bucket.take(now_s, len(data)):
            self._trial_s = min(2 * self._trial_s, _LAST_TRIAL_S)
            return None
        self._constant, self._bounded, self._trial_s = candidate, None, _FIRST_TRIAL_S
        return Encoded(data, key=True)

    def _encode_constant(self, encoder: Encoder, frame: av.VideoFrame, timestamp: int, key: bool) -> tuple[bytes, bool]:
        try:
            return encoder.encode(frame, timestamp, key=key), key
        except FFmpegError as error:
            if self._device is None:
                raise
            self._leave_device(error)
            self._constant = self._new_constant()
            return self._constant.encode(frame, timestamp, key=True), True

    def _leave_device(self, error: FFmpegError) -> None:
        log.warning("The hardware encoder %s failed, x264 takes over: %s", self._device, error)
        self._device = None

    def _new_constant(self) -> Encoder:
        if self._device is not None:
            try:
                return HardwareEncoder(self._device, *self._size, quantizer=self._quality.quantizer)
            except FFmpegError as error:
                self._leave_device(error)
        return X264.constant(*self._size, quantizer=self._quality.quantizer, pixel_exact=self._quality.pixel_exact)
