"""The adaptive jitter buffer of one audio stream. Pure; locking is the mixer's business.

What counts is the reserve: how much is left to play when the next piece comes. Too little, and lateness is heard; more
than that is mere delay. The reserve is measured and cut down to what the last underruns ask for, so that no delay can
grow, whatever network, clocks and the length of packets do.

Silent sound is not sent, so an empty buffer is normal; it was an underrun only if the next piece continues the last.
"""

from collections import Counter, deque

import numpy as np
from numpy.typing import NDArray

from loco_kiosk.media.audio_receiver import SAMPLE_RATE_HZ, Pcm
from loco_kiosk.media.splice import faded_in, ring_out, shortened

MIN_RESERVE_MS = 10
"""One block of the mixer, which takes a block at a time."""
MAX_RESERVE_MS = 60
"""More would be heard as a delay between picture and sound."""
LIMIT_MS = 60
"""So much above the reserve cannot be cut unheard in time: it is dropped."""
_STEP_MS = 10
_CALM_SAMPLES = 10 * SAMPLE_RATE_HZ
"""After 10 s without underrun a smaller reserve is tried."""
_JUDGED_SAMPLES = SAMPLE_RATE_HZ // 2
"""The least reserve of half a second is what can be spared."""
_MOST_CUT = SAMPLE_RATE_HZ // 100
"""10 ms at a time, twice a second: not heard, and quicker than any clock drifts."""


class StreamInput:
    """Takes decoded pieces and gives exactly as many samples as the mixer wants, silence where there are none."""

    def __init__(self) -> None:
        self.drops: Counter[str] = Counter()
        self.underruns = 0
        self.reserve_ms = MIN_RESERVE_MS
        """What is kept against lateness, at present."""
        self._pieces: deque[Pcm] = deque()
        self._samples = 0
        self._playing = False
        self._ran_dry = False
        self._calm_samples = 0
        self._judged_samples = 0
        self._least: int | None = None
        self._last: Pcm = np.zeros((1, 2), np.int16)

    @property
    def buffered_ms(self) -> float:
        """How much waits."""
        return self._samples * 1000 / SAMPLE_RATE_HZ

    def push(self, pcm: Pcm, continuous: bool = True) -> None:
        """Take a piece; ``continuous`` when it follows the one before without a gap at the sender."""
        if self._playing:
            self._least = self._samples if self._least is None else min(self._least, self._samples)
        else:
            self._begin(continuous)
            pcm = faded_in(pcm)
        self._append(pcm)
        if self._judged_samples >= _JUDGED_SAMPLES:
            self._judge()
        while self._samples > _samples(self.reserve_ms + LIMIT_MS) + len(pcm):
            self._consume(len(self._pieces[0]))
            self.drops["caught up"] += 1

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
            ring_out(block[:filled] if filled else self._last, block[filled:])
            self._playing, self._ran_dry = False, True
        self._last = block[-1:]
        self._adapt(count)
        return block

    def _begin(self, continuous: bool) -> None:
        self._playing = True
        if self._ran_dry and continuous:
            # Late by how much it ran dry; that much the next one may be late, too.
            self.underruns += 1
            self._calm_samples = 0
            self.reserve_ms = min(MAX_RESERVE_MS, self.reserve_ms + _STEP_MS)
        else:
            self._append(np.zeros((_samples(self.reserve_ms), 2), np.int16))
        self._ran_dry = False
        self._judged_samples, self._least = 0, None

    def _append(self, pcm: Pcm) -> None:
        self._pieces.append(pcm)
        self._samples += len(pcm)

    def _consume(self, count: int) -> None:
        self._samples -= count
        if count == len(self._pieces[0]):
            self._pieces.popleft()
        else:
            self._pieces[0] = self._pieces[0][count:]

    def _adapt(self, count: int) -> None:
        self._calm_samples += count
        if self._calm_samples >= _CALM_SAMPLES:
            self._calm_samples = 0
            self.reserve_ms = max(MIN_RESERVE_MS, self.reserve_ms - _STEP_MS)
        self._judged_samples += count

    def _judge(self) -> None:
        spare = 0 if self._least is None else self._least - _samples(self.reserve_ms)
        self._judged_samples, self._least = 0, None
        if spare >= _MOST_CUT:
            whole = shortened(np.concatenate(list(self._pieces)), _MOST_CUT)
            self._pieces = deque([whole])
            self._samples = len(whole)


def _samples(milliseconds: int) -> int:
    return milliseconds * SAMPLE_RATE_HZ // 1000
