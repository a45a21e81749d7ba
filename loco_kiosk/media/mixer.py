"""All streams to one pair of loudspeakers, the one in focus in front."""

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from loco_kiosk.media.audio_receiver import SAMPLE_RATE_HZ, Pcm
from loco_kiosk.media.stream_input import StreamInput

SILENCE_DBFS = -120.0
_DUCKED = 10 ** (-12 / 20)
"""-12 dB: the others stay recognisable behind the one in focus."""
_DECAY_DB_PER_S = 40.0
"""A meter falls over its visible 60 dB in one and a half seconds."""
_KNEE = 0.8
"""Of full scale: below, the mix is untouched; above, it bends towards full scale and never clips hard."""


@dataclass(frozen=True, slots=True)
class MixerStatistics:
    """Counts since the start."""

    underruns: int
    drops: dict[str, int] = field(default_factory=dict)


class _Channel:
    def __init__(self) -> None:
        self.input = StreamInput()
        self.gain = 0.0
        self.level_dbfs = SILENCE_DBFS


class MixerInput:
    """Where one stream's sound goes in. Threading: any thread."""

    def __init__(self, mixer: "Mixer", identity: str, channel: _Channel, lock: threading.Lock) -> None:
        self._mixer = mixer
        self._identity = identity
        self._channel = channel
        self._lock = lock

    @property
    def buffered_ms(self) -> float:
        """How much waits to be played."""
        return self._channel.input.buffered_ms

    def push(self, pcm: Pcm, continuous: bool = True) -> None:
        """Take int16 samples of shape (n, 2) at 48 kHz; not ``continuous`` after silence that was not sent."""
        with self._lock:
            self._channel.input.push(pcm, continuous)
        listener = self._mixer.listener
        if listener is not None:
            listener(self._identity, pcm)


class Mixer:
    """Mixes what the media thread pushes into blocks that the audio thread pulls.

    ``volume`` is 0 to 1, ``focus`` the id of the stream in front or None for all alike; ``listener`` gets each stream's
    sound besides, in the thread that pushes it. Threading: every method and attribute may be used from any thread; a
    pull holds the lock for well under a millisecond.
    """

    def __init__(self) -> None:
        self.volume = 1.0
        self.muted = False
        self.mono = False
        self.focus: str | None = None
        self.listener: Callable[[str, Pcm], None] | None = None
        self._lock = threading.Lock()
        self._channels: dict[str, _Channel] = {}

    def stream(self, identity: str) -> MixerInput:
        """The input of a stream, made where it is new."""
        with self._lock:
            return MixerInput(self, identity, self._channels.setdefault(identity, _Channel()), self._lock)

    def remove(self, identity: str) -> None:
        """Forget a stream; what it still pushes is not heard."""
        with self._lock:
            self._channels.pop(identity, None)

    def pull(self, frames: int) -> NDArray[np.int16]:
        """The next block of the mix, shape (frames, 2)."""
        mix = np.zeros((frames, 2), np.float32)
        with self._lock:
            for identity, channel in self._channels.items():
                taken = channel.input.take(frames)
                block = None if taken is None else taken.astype(np.float32)
                _measure(channel, block, frames)
                target = 1.0 if self.focus in (None, identity) else _DUCKED
                if block is not None:
                    mix += block if channel.gain == target == 1.0 else block * _ramp(channel.gain, target, frames)
                channel.gain = target
        mix *= 0.0 if self.muted else max(0.0, min(1.0, self.volume)) / 32_768.0
        if self.mono:
            mix[:] = mix.mean(axis=1, keepdims=True)
        return (_soften(mix) * 32_767.0).astype(np.int16)

    def levels_dbfs(self) -> dict[str, float]:
        """RMS level of each stream, before volume and ducking, falling slowly like a meter."""
        with self._lock:
            return {identity: channel.level_dbfs for identity, channel in self._channels.items()}

    @property
    def statistics(self) -> MixerStatistics:
        """Sums over all streams."""
        with self._lock:
            inputs = [channel.input for channel in self._channels.values()]
            drops: dict[str, int] = {}
            for each in inputs:
                for cause, count in each.drops.items():
                    drops[cause] = drops.get(cause, 0) + count
            return MixerStatistics(sum(each.underruns for each in inputs), drops)


def _measure(channel: _Channel, block: NDArray[np.float32] | None, frames: int) -> None:
    now_dbfs = SILENCE_DBFS
    if block is not None:
        flat = block.ravel()
        mean_square = float(np.dot(flat, flat)) / flat.size
        now_dbfs = 10 * math.log10(mean_square / 32_768.0**2) if mean_square > 0 else SILENCE_DBFS
    fallen_dbfs = channel.level_dbfs - _DECAY_DB_PER_S * frames / SAMPLE_RATE_HZ
    channel.level_dbfs = max(now_dbfs, fallen_dbfs, SILENCE_DBFS)


def _ramp(before: float, after: float, frames: int) -> NDArray[np.float32] | np.float32:
    """A gain that glides over the block, since a jump is a click."""
    if before == after:
        return np.float32(after)
    return np.linspace(before, after, frames, dtype=np.float32)[:, None]


def _soften(mix: NDArray[np.float32]) -> NDArray[np.float32]:
    if mix.size and max(float(mix.max()), -float(mix.min())) > _KNEE:
        loud = np.abs(mix) > _KNEE
        over = (np.abs(mix[loud]) - _KNEE) / (1 - _KNEE)
        mix[loud] = np.sign(mix[loud]) * (_KNEE + (1 - _KNEE) * np.tanh(over))
    return mix
