"""One screen's sound: a queue of samples before an OpenAL source, short on purpose."""

import ctypes
import math
from collections import deque
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vr.audio import openal
from vr.audio.device import SAMPLE_RATE_HZ

Mono = NDArray[np.int16]

_MS = SAMPLE_RATE_HZ // 1000
LEAD = 30 * _MS
"""Silence before the first sample: room for a packet of 20 ms that waits for the next frame, and for some jitter."""
MAX_LEAD = 50 * _MS
LIMIT = 80 * _MS
"""With more waiting, sound lags behind the picture: drop the oldest, down to the lead and a packet."""
_PACKET = 20 * _MS
_STEP = 10 * _MS
_LATE_S = 0.1
"""Sound that goes on so soon after the queue ran out was late; after a longer pause the guest was silent."""
_CALM_S = 10.0
"""Without sound that is late, a shorter lead is tried."""
_FADE = SAMPLE_RATE_HZ // 400
"""2.5 ms: a cut that fades is not heard as a click."""
_RISING = np.linspace(0.0, 1.0, _FADE, dtype=np.float32)
_MAX_BUFFERS = 32
"""More than the limit holds in any sensible pieces; beyond, samples wait here."""
_EMPTY: Mono = np.zeros(0, np.int16)


class StreamSource:
    """Plays what is pushed, at most :data:`LIMIT` samples late. Silence that is not sent costs nothing.

    ``dropped`` counts samples skipped to catch up, ``late`` the gaps that were heard because sound came too late; each
    of these makes the next lead longer, up to :data:`MAX_LEAD`.
    """

    def __init__(self, library: Any) -> None:  # noqa: ANN401 - see openal.load
        self._library = library
        self._name = ctypes.c_uint()
        library.alGenSources(1, ctypes.byref(self._name))
        self._free: list[ctypes.c_uint] = []
        self._queued: deque[tuple[ctypes.c_uint, int]] = deque()
        self._queued_samples = 0
        self._pending = _EMPTY
        self._answer = ctypes.c_int()
        self._lead = LEAD
        self._ends_s = -math.inf
        self._late_at_s = -math.inf
        self.dropped = 0
        self.late = 0

    @property
    def waiting(self) -> int:
        """Samples between push and ear."""
        self._take_back()
        return self._queued_samples - self._get(openal.SAMPLE_OFFSET) + len(self._pending)

    def push(self, samples: Mono) -> None:
        """Take what follows; bounded, even if nobody calls :meth:`pump`."""
        self._pending = np.concatenate((self._pending, samples)) if len(self._pending) else samples.copy()
        excess = len(self._pending) - LIMIT
        if excess > 0:
            self._skip(excess)

    def pump(self, now_s: float) -> None:
        """Queue what has come; starts again after silence."""
        if not len(self._pending):
            return
        running = self._get(openal.SOURCE_STATE) == openal.PLAYING
        waiting, fresh = self.waiting, len(self._pending)
        if not running:
            self._begin(now_s)
        elif waiting > LIMIT:
            self._skip(min(waiting - self._lead - _PACKET, len(self._pending)))
        self._ends_s = now_s + (waiting - fresh + len(self._pending)) / SAMPLE_RATE_HZ
        self._queue()
        if not running:
            self._library.alSourcePlay(self._name)

    def place(self, x: float, y: float, z: float, *, relative: bool) -> None:
        """Where it sounds from, in metres; ``relative`` to the head instead of the room."""
        self._library.alSourcei(self._name, openal.SOURCE_RELATIVE, relative)
        self._library.alSource3f(self._name, openal.POSITION, x, y, z)

    def set_gain(self, gain: float) -> None:
        """Linear gain; the mixer glides to it."""
        self._library.alSourcef(self._name, openal.GAIN, gain)

    def close(self) -> None:
        """Fall silent and give the source and its buffers back."""
        self._library.alSourceStop(self._name)
        self._take_back()
        self._library.alDeleteSources(1, ctypes.byref(self._name))
        for buffer in self._free:
            self._library.alDeleteBuffers(1, ctypes.byref(buffer))

    def _begin(self, now_s: float) -> None:
        """Silence first, as far as what has come is no lead of its own."""
        if now_s - self._ends_s < _LATE_S:
            self.late += 1
            self._late_at_s = now_s
            self._lead = min(self._lead + _STEP, MAX_LEAD)
        elif now_s - self._late_at_s > _CALM_S:
            self._lead = max(self._lead - _STEP, LEAD)
        _fade(self._pending[:_FADE], _EMPTY)
        silence = max(0, self._lead + _PACKET - len(self._pending))
        self._pending = np.concatenate((np.zeros(silence, np.int16), self._pending))

    def _skip(self, count: int) -> None:
        left_out, kept = self._pending[:count], self._pending[count:]
        _fade(kept[:_FADE], left_out)
        self._pending = kept
        self.dropped += count

    def _queue(self) -> None:
        buffer = self._buffer()
        if buffer is None:
            return
        data = self._pending.tobytes()
        self._library.alBufferData(buffer, openal.FORMAT_MONO16, data, len(data), SAMPLE_RATE_HZ)
        self._library.alSourceQueueBuffers(self._name, 1, ctypes.byref(buffer))
        self._queued.append((buffer, len(self._pending)))
        self._queued_samples += len(self._pending)
        self._pending = _EMPTY

    def _buffer(self) -> ctypes.c_uint | None:
        if self._free:
            return self._free.pop()
        if len(self._queued) >= _MAX_BUFFERS:
            return None
        buffer = ctypes.c_uint()
        self._library.alGenBuffers(1, ctypes.byref(buffer))
        return buffer

    def _take_back(self) -> None:
        for _ in range(self._get(openal.BUFFERS_PROCESSED)):
            buffer, samples = self._queued.popleft()
            self._library.alSourceUnqueueBuffers(self._name, 1, ctypes.byref(buffer))
            self._free.append(buffer)
            self._queued_samples -= samples

    def _get(self, what: int) -> int:
        self._library.alGetSourcei(self._name, what, ctypes.byref(self._answer))
        return self._answer.value


def _fade(rising: Mono, falling: Mono) -> None:
    """Fade ``rising`` in, in place, over the start of ``falling``."""
    share = _RISING[: len(rising)]
    mixed = rising * share
    over = min(len(rising), len(falling))
    mixed[:over] += falling[:over] * (1.0 - share[:over])
    rising[:] = mixed.astype(np.int16)
