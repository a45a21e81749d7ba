"""Nine screens heard from where they hang, by a head that turns."""

import ctypes
import logging
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vr.audio import openal
from vr.audio.device import SAMPLE_RATE_HZ, Device, LoopbackDevice, open_output
from vr.audio.errors import NoSoundError
from vr.audio.stream import Mono, StreamSource
from vr.scene.geometry import AHEAD, ZERO, Pose, Vector, rotate

log = logging.getLogger(__name__)

FULL = 1.0
"""Gain of the screen in focus, or of all while none is."""
DUCKED = 10 ** (-12 / 20)
"""-12 dB: the others stay recognisable behind the one in focus."""
_UP = Vector(0.0, 1.0, 0.0)


@dataclass(frozen=True, slots=True)
class SoundStatistics:
    """Counts since the start, over all screens."""

    waiting_ms: float = 0.0
    """The longest queue now."""
    dropped_ms: float = 0.0
    late: int = 0
    """Gaps that were heard, because sound came too late."""

    def __add__(self, other: "SoundStatistics") -> "SoundStatistics":
        """Counts add up; the queue is that of ``other``, which is the newer."""
        return SoundStatistics(other.waiting_ms, self.dropped_ms + other.dropped_ms, self.late + other.late)


@dataclass(slots=True)
class _Screen:
    source: StreamSource
    position: Vector = AHEAD
    gain: float = FULL


class SpatialSound:
    """A source a screen, filtered for the position of the head. Threading: the frame loop's."""

    def __init__(self, library: Any, device: Device) -> None:  # noqa: ANN401 - see openal.load
        self._library = library
        self._device = device
        self._screens: dict[int, _Screen] = {}
        self._head: Pose | None = None
        self._mono = False
        self._volume = 1.0
        self._muted = False
        # A screen that leans nearer must not get louder by that: loudness says what is in focus.
        library.alDistanceModel(openal.NONE)

    @classmethod
    def open(cls, loopback: bool = False) -> "SpatialSound":
        """Sound on the machine's default device, or into memory.

        Raises:
            NoSoundError: nothing can be heard, in a sentence.
        """
        library = openal.load()
        try:
            device = LoopbackDevice(library) if loopback else open_output(library)
        except NoSoundError:
            openal.unload(library)
            raise
        log.info("sound plays on %s, head-related filters %s", device.name, "on" if device.hrtf else "off")
        return cls(library, device)

    @property
    def hrtf(self) -> bool:
        """Whether the head-related filters are on; without them left and right still differ in loudness."""
        return self._device.hrtf

    @property
    def mono(self) -> bool:
        """The same in both ears, for who hears with one."""
        return self._mono

    @mono.setter
    def mono(self, mono: bool) -> None:
        if mono != self._mono:
            self._mono = mono
            for screen in self._screens.values():
                self._put(screen)

    @property
    def volume(self) -> float:
        """Of everything, 0 to 1."""
        return self._volume

    @volume.setter
    def volume(self, volume: float) -> None:
        self._volume = min(max(volume, 0.0), 1.0)
        self._set_loudness()

    @property
    def muted(self) -> bool:
        """Silent, while the queues go on."""
        return self._muted

    @muted.setter
    def muted(self, muted: bool) -> None:
        self._muted = muted
        self._set_loudness()

    def listener(self, head: Pose) -> None:
        """The head, in LOCAL space."""
        if head == self._head:
            return
        self._head = head
        self._library.alListener3f(openal.POSITION, *head.position)
        forward, up = rotate(head.rotation, AHEAD), rotate(head.rotation, _UP)
        self._library.alListenerfv(openal.ORIENTATION, (ctypes.c_float * 6)(*forward, *up))

    def place(self, place: int, position: Vector, gain: float) -> None:
        """Where a screen hangs, in LOCAL space, and how loud it is: :data:`FULL` or :data:`DUCKED`."""
        screen = self._screen(place)
        if screen.gain != gain:
            screen.gain = gain
            screen.source.set_gain(gain)
        if screen.position != position:
            screen.position = position
            self._put(screen)

    def push(self, place: int, samples: Mono) -> None:
        """Sound that follows what was pushed before: mono, 48 kHz."""
        self._screen(place).source.push(samples)

    def pump(self, now_s: float) -> None:
        """Once a frame: queue what was pushed. ``now_s`` is any clock that only goes forward.

        Raises:
            NoSoundError: the device is gone; close this one.
        """
        for screen in self._screens.values():
            screen.source.pump(now_s)
        if not self._device.connected:
            raise NoSoundError("No sound: the sound device has gone.")

    def forget(self, place: int) -> None:
        """No more sound from there."""
        screen = self._screens.pop(place, None)
        if screen:
            screen.source.close()

    def statistics(self) -> SoundStatistics:
        """How the queues do."""
        sources = [screen.source for screen in self._screens.values()]
        to_ms = 1000 / SAMPLE_RATE_HZ
        waiting = max((source.waiting for source in sources), default=0)
        dropped = sum(source.dropped for source in sources)
        return SoundStatistics(waiting * to_ms, dropped * to_ms, sum(source.late for source in sources))

    def render(self, frames: int) -> NDArray[np.float32]:
        """What is heard next, shape (frames, 2); of a loopback device only."""
        if not isinstance(self._device, LoopbackDevice):
            raise TypeError("Only a loopback device renders into memory.")
        return self._device.render(frames)

    def close(self) -> None:
        """Fall silent and let the device go."""
        for place in list(self._screens):
            self.forget(place)
        self._device.close()

    def _screen(self, place: int) -> _Screen:
        if place not in self._screens:
            self._screens[place] = _Screen(StreamSource(self._library))
            self._put(self._screens[place])
        return self._screens[place]

    def _put(self, screen: _Screen) -> None:
        if self._mono:
            screen.source.place(*ZERO, relative=True)
        else:
            screen.source.place(*screen.position, relative=False)

    def _set_loudness(self) -> None:
        self._library.alListenerf(openal.GAIN, 0.0 if self._muted else self._volume)
