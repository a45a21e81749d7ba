"""PCM to Opus packets; silence is not sent."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from backend.streamer.audio_encoder import FRAMES_PER_PACKET, SAMPLE_RATE_HZ, AudioEncoder
from backend.streamer.source import Sound

SILENCE_DBFS = -120.0
_GATE_DBFS = -72.0
"""Below the noise of the 8-bit sound cards that guests have, whose smallest step is at -48 dBFS."""
_HANGOVER_BLOCKS = 15
"""Silent blocks still sent after the last loud one, 0.3 s: a pause between two notes does not toggle the stream."""


class SoundLoop:
    """Sends blocks of 20 ms while something sounds and somebody listens.

    Args:
        sound: where PCM comes from.
        rtp_origin: added to every time stamp.
        now_s: the monotonic clock.
        heard: whether anybody listens.
        on_encoded: gets packet, RTP time stamp, and whether it is the first after silence (RFC 3551, section 4.1).
    """

    def __init__(
        self,
        sound: Sound,
        *,
        rtp_origin: int,
        now_s: Callable[[], float],
        heard: Callable[[], bool],
        on_encoded: Callable[[bytes, int, bool], None],
    ) -> None:
        self._sound = sound
        self._origin = rtp_origin
        self._now_s = now_s
        self._heard = heard
        self._on_encoded = on_encoded
        self._encoder: AudioEncoder | None = None
        self._pending = np.empty((0, 2), np.int16)
        self._quiet_blocks = _HANGOVER_BLOCKS
        self._sending = False
        self._position = 0
        self._loudest_dbfs = SILENCE_DBFS

    def changed(self) -> None:
        """The guest played something."""
        pcm = self._sound.take()
        if pcm is None:
            return
        self._pending = np.concatenate((self._pending, pcm)) if len(self._pending) else pcm
        while len(self._pending) >= FRAMES_PER_PACKET:
            self._block(self._pending[:FRAMES_PER_PACKET])
            self._pending = self._pending[FRAMES_PER_PACKET:]

    def level_dbfs(self) -> float:
        """Loudest 20 ms since the last call."""
        level, self._loudest_dbfs = self._loudest_dbfs, SILENCE_DBFS
        return round(level, 1)

    def _block(self, block: NDArray[np.int16]) -> None:
        level = level_dbfs(block)
        self._loudest_dbfs = max(self._loudest_dbfs, level)
        self._quiet_blocks = 0 if level > _GATE_DBFS else self._quiet_blocks + 1
        if self._quiet_blocks > _HANGOVER_BLOCKS or not self._heard():
            self._sending = False
            return
        first, self._sending = not self._sending, True
        if first:
            # The time stamps went on while nothing was sent.
            self._position = max(self._position, round(self._now_s() * SAMPLE_RATE_HZ))
        if self._encoder is None:
            self._encoder = AudioEncoder()
        self._on_encoded(self._encoder.encode(block), (self._position + self._origin) & 0xFFFF_FFFF, first)
        self._position += FRAMES_PER_PACKET


def level_dbfs(block: NDArray[np.int16]) -> float:
    """RMS level without the constant part, which idle 8-bit sound cards have."""
    deviation = float(np.std(block, axis=0).max())
    return 20.0 * math.log10(deviation / 32_768.0) if deviation > 0 else SILENCE_DBFS
