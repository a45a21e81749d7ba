"""The wall's sound as the frame loop uses it: it may be missing, and comes back by itself."""

import logging
import threading
from collections.abc import Callable

from vr.audio.errors import NoSoundError
from vr.audio.spatial import SoundStatistics, SpatialSound
from vr.audio.stream import Mono
from vr.scene.geometry import Pose, Vector

log = logging.getLogger(__name__)

RETRY_S = 5.0
"""Between two looks for a device at first: soon enough for somebody who plugs headphones in."""
MAX_RETRY_S = 60.0
"""It doubles up to this: sound systems complain on stderr at each look, and most machines without sound stay so."""


class WallSound:
    """Calls of :class:`SpatialSound`, none of which fails: without a device they do nothing.

    ``notice`` is a sentence while nothing can be heard, else empty. Threading: the frame loop's; a look for a device,
    which may take a tenth of a second, runs in a thread of its own, and the next :meth:`pump` takes over what it found.
    """

    def __init__(self, opener: Callable[[], SpatialSound] = SpatialSound.open) -> None:
        self._opener = opener
        self._sound: SpatialSound | None = None
        self._found: list[SpatialSound | NoSoundError] = []
        self._search: threading.Thread | None = None
        self._next_look_s = 0.0
        self._retry_s = RETRY_S
        self._past = SoundStatistics()
        self._volume, self._muted, self._mono = 1.0, False, False
        self.notice = ""

    @property
    def audible(self) -> bool:
        """Whether there is a device."""
        return self._sound is not None

    def set_levels(self, volume: float, *, muted: bool, mono: bool) -> None:
        """Volume 0 to 1 of everything, and the same in both ears for ``mono``."""
        self._volume, self._muted, self._mono = volume, muted, mono
        if self._sound:
            self._sound.volume, self._sound.muted, self._sound.mono = volume, muted, mono

    def listener(self, head: Pose) -> None:
        """The head, in LOCAL space; each frame."""
        if self._sound:
            self._sound.listener(head)

    def place(self, place: int, position: Vector, gain: float) -> None:
        """Where a screen hangs and how loud it is; each frame, so that a new device learns it too."""
        if self._sound:
            self._sound.place(place, position, gain)

    def push(self, place: int, samples: Mono) -> None:
        """What follows of a screen's sound: mono, 48 kHz."""
        if self._sound:
            self._sound.push(place, samples)

    def forget(self, place: int) -> None:
        """No more sound from there."""
        if self._sound:
            self._sound.forget(place)

    def pump(self, now_s: float) -> None:
        """Once a frame: queue what was pushed, or look for a device."""
        self._take_over(now_s)
        if self._sound is None:
            self._look(now_s)
            return
        try:
            self._sound.pump(now_s)
        except NoSoundError as error:
            self._drop(error, now_s)

    def statistics(self) -> SoundStatistics:
        """How the queues do; counts go on over a change of the device."""
        return self._past + self._sound.statistics() if self._sound else self._past

    def close(self) -> None:
        """Fall silent, and wait for a look that still runs."""
        if self._search:
            self._search.join()
        for sound in (self._sound, *self._found):
            if isinstance(sound, SpatialSound):
                sound.close()
        self._sound = None
        self._found.clear()

    def _look(self, now_s: float) -> None:
        if self._search or now_s < self._next_look_s:
            return
        self._search = threading.Thread(target=self._open, name="look for a sound device", daemon=True)
        self._search.start()

    def _open(self) -> None:
        try:
            self._found.append(self._opener())
        except NoSoundError as error:
            self._found.append(error)

    def _take_over(self, now_s: float) -> None:
        if not self._found or self._search is None:
            return
        self._search.join()
        self._search = None
        match self._found.pop():
            case SpatialSound() as sound:
                self._sound = sound
                self.notice = ""
                self._retry_s = RETRY_S
                self.set_levels(self._volume, muted=self._muted, mono=self._mono)
            case error:
                self._tell(error, now_s)

    def _drop(self, error: NoSoundError, now_s: float) -> None:
        assert self._sound
        self._past += self._sound.statistics()
        self._sound.close()
        self._sound = None
        self._tell(error, now_s)

    def _tell(self, error: NoSoundError, now_s: float) -> None:
        self._next_look_s = now_s + self._retry_s
        self._retry_s = min(2 * self._retry_s, MAX_RETRY_S)
        if self.notice != str(error):
            log.warning("%s", error)
            self.notice = str(error)
