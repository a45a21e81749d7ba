"""The guest's sound: written by the audio listener, taken by whoever encodes it."""

from collections import Counter, deque

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 48_000
CHANNELS = 2
FRAME_BYTES = 2 * CHANNELS
KEPT_FRAMES = RATE_HZ // 5
"""200 ms: older sound is worth less than the delay it would cause."""

Pcm = NDArray[np.int16]


class Sound:
    """PCM at 48 kHz, stereo, 16 bit; bounded, the oldest goes first.

    Threading: event loop only.
    """

    def __init__(self) -> None:
        self._blocks: deque[Pcm] = deque()
        self._frames = 0
        self._drops: Counter[str] = Counter()
        self._wanted = 1

    @property
    def drops(self) -> dict[str, int]:
        """Dropped frames by cause: ``late`` was not taken in time, ``format`` was not what is read here."""
        return dict(self._drops)

    def want(self, frames: int) -> None:
        """Say how many frames are worth telling of."""
        self._wanted = frames

    def put(self, data: bytes | memoryview) -> bool:
        """Add PCM; an incomplete frame at the end is dropped. Returns whether as much is there as is wanted."""
        block = np.frombuffer(data, np.int16, len(data) // FRAME_BYTES * CHANNELS).reshape(-1, CHANNELS).copy()
        self._blocks.append(block)
        self._frames += len(block)
        while self._frames > KEPT_FRAMES and len(self._blocks) > 1:
            oldest = self._blocks.popleft()
            self._frames -= len(oldest)
            self._drops["late"] += len(oldest)
        return self._frames >= self._wanted

    def drop(self, cause: str, frames: int) -> None:
        """Count sound that could not be used."""
        self._drops[cause] += frames

    def take(self) -> Pcm | None:
        """Everything since the last call, (n, 2); None where there is nothing."""
        blocks, self._blocks, self._frames = self._blocks, deque(), 0
        if not blocks:
            return None
        return blocks[0] if len(blocks) == 1 else np.concatenate(blocks)
