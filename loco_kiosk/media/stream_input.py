"""The adaptive jitter buffer of one audio stream. Pure; locking is the mixer's business.

Silent sound is not sent, so an empty buffer is normal; it was an underrun only if the next piece continues the last.
"""

from collections import Counter, deque

import numpy as np
from numpy.typing import NDArray

from loco_kiosk.media.audio_receiver import SAMPLE_RATE_HZ, Pcm

MIN_TARGET_MS = 20
"""One Opus packet."""
MAX_TARGET_MS = 60
"""More would be heard as a delay between picture and sound."""
_STEP_MS = 10
_CATCH_UP_MS = 60
"""Above the target by this much, the sound lags: drop down to the target."""
_CALM_SAMPLES = 10 * SAMPLE_RATE_HZ
"""After 10 s without underrun a smaller target is tried."""


class StreamInput:
    """Takes decoded pieces and gives exactly as many samples as the mixer wants, silence where there are none."""

    def __init__(self) -> None:
        self.drops: Counter[str] = Counter()
        self.underruns = 0
        self.target_ms = MIN_TARGET_MS
        self._pieces: deque[Pcm] = deque()
        self._samples = 0
        self._playing = False
        self._ran_dry = False
        self._calm_samples = 0

    @property
    def buffered_ms(self) -> float:
        """How much waits."""
        return self._samples * 1000 / SAMPLE_RATE_HZ

    def push(self, pcm: Pcm, continuous: bool = True) -> None:
        """Take a piece; ``continuous`` when it follows the one before without a gap at the sender."""
        if self._ran_dry and continuous:
            self.underruns += 1
            self._calm_samples = 0
            self.target_ms = min(MAX_TARGET_MS, self.target_ms + _STEP_MS)
        self._ran_dry = False
        self._pieces.append(pcm)
        self._samples += len(pcm)
        if self.buffered_ms > self.target_ms + _CATCH_UP_MS:
            self._catch_up()
        if self.buffered_ms >= self.target_ms:
            self._playing = True

    def take(self, count: int) -> NDArray[np.int16] | None:
        """The next ``count`` samples, padded with silence at the end; None when there is only silence."""
        if not self._playing:
            return None
        block = np.zeros((count, 2), np.int16)
        filled = 0
        while filled < count and self._pieces:
            piece = self._pieces[0][: count - filled]
            block[filled : filled + len(piece)] = piece
            filled += len(piece)
            self._consume(len(piece))
        if filled < count:
            self._playing = False
            self._ran_dry = True
        self._relax(count)
        return block

    def _consume(self, count: int) -> None:
        self._samples -= count
        if count == len(self._pieces[0]):
            self._pieces.popleft()
        else:
            self._pieces[0] = self._pieces[0][count:]

    def _catch_up(self) -> None:
        target = self.target_ms * SAMPLE_RATE_HZ // 1000
        while self._samples - len(self._pieces[0]) >= target:
            self._samples -= len(self._pieces.popleft())
            self.drops["caught up"] += 1

    def _relax(self, count: int) -> None:
        self._calm_samples += count
        if self._calm_samples >= _CALM_SAMPLES:
            self._calm_samples = 0
            self.target_ms = max(MIN_TARGET_MS, self.target_ms - _STEP_MS)
