"""PCM to Opus packets; silence is not sent."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from backend.streamer.audio_encoder import SAMPLE_RATE_HZ, AudioEncoder
from backend.streamer.source import Sound

SILENCE_DBFS = -120.0
_GATE_DBFS = -72.0
"""Below the noise of the 8-bit sound cards that guests have, whose smallest step is at -48 dBFS."""
_HANGOVER_MS = 200
"""Silence still sent after the last sound: a pause between two notes does not toggle the stream."""
_NEAR_MS, _FAR_MS = 10, 60
"""Length of a packet for a viewer who plays, and for those who look at the whole wall: what a packet costs, at both
ends, is hardly the samples in it."""


class SoundLoop:
    """Sends blocks while something sounds and somebody listens.

    Args:
        sound: where PCM comes from.
        rtp_origin: added to every time stamp.
        now_s: the monotonic clock.
        heard: whether anybody listens.
        near: whether anybody plays, so that delay counts more than cost.
        on_encoded: gets packet, RTP time stamp, and whether it is the first after silence (RFC 3551, section 4.1).
    """

    def __init__(
        self,
        sound: Sound,
        *,
        rtp_origin: int,
        now_s: Callable[[], float],
        heard: Callable[[], bool],
        near: Callable[[], bool],
        on_encoded: Callable[[bytes, int, bool], None],
    ) -> None:
        self._sound = sound
        self._origin = rtp_origin
        self._now_s = now_s
        self._heard = heard
        self._near = near
        self._on_encoded = on_encoded
        self._encoders = {packet_ms: AudioEncoder(packet_ms) for packet_ms in (_NEAR_MS, _FAR_MS)}
        self._pending = np.empty((0, 2), np.int16)
        self._quiet_ms = _HANGOVER_MS
        self._sending = False
        self._position = 0
        self._loudest_dbfs = SILENCE_DBFS

    def changed(self) -> None:
        """The guest played something."""
        pcm = self._sound.take()
        if pcm is None:
            return
        self._pending = np.concatenate((self._pending, pcm)) if len(self._pending) else pcm
        packet_ms = _NEAR_MS if self._near() else _FAR_MS
        encoder = self._encoders[packet_ms]
        while len(self._pending) >= encoder.block:
            self._block(self._pending[: encoder.block], packet_ms)
            self._pending = self._pending[encoder.block :]
        self._sound.want(encoder.block - len(self._pending))

    def level_dbfs(self) -> float:
        """Loudest block since the last call."""
        level, self._loudest_dbfs = self._loudest_dbfs, SILENCE_DBFS
        return round(level, 1)

    def _block(self, block: NDArray[np.int16], packet_ms: int) -> None:
        level = level_dbfs(block)
        self._loudest_dbfs = max(self._loudest_dbfs, level)
        self._quiet_ms = 0 if level > _GATE_DBFS else self._quiet_ms + packet_ms
        if self._quiet_ms > _HANGOVER_MS or not self._heard():
            self._sending = False
            return
        first, self._sending = not self._sending, True
        if first:
            # The time stamps went on while nothing was sent.
            self._position = max(self._position, round(self._now_s() * SAMPLE_RATE_HZ))
        packet = self._encoders[packet_ms].encode(block)
        self._on_encoded(packet, (self._position + self._origin) & 0xFFFF_FFFF, first)
        self._position += len(block)


def level_dbfs(block: NDArray[np.int16]) -> float:
    """RMS level without the constant part, which idle 8-bit sound cards have; of every fourth sample frame."""
    samples = block[::4].astype(np.float32)
    variance = 0.0
    for channel in (samples[:, 0], samples[:, 1]):
        mean = float(channel.sum()) / len(channel)
        variance = max(variance, float(channel.dot(channel)) / len(channel) - mean * mean)
    return 10.0 * math.log10(variance / 32_768.0**2) if variance > 0 else SILENCE_DBFS
