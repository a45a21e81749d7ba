"""What is heard: the sound of every screen of the page, from where it hangs."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from loco_kiosk.client.vr_messages import NO_PLACE, ScreenView, SoundState
from vr.audio.spatial import DUCKED, FULL
from vr.audio.wall_sound import WallSound
from vr.scene.geometry import Placement, Pose

_BLOCK = 4_800
"""Samples taken at most in one frame: a tenth of a second."""


class Samples(Protocol):
    """Where sound comes from; see :class:`vr.feed.feed.Feed`."""

    def samples(self, place: int, frames: int) -> NDArray[np.int16] | None:
        """What is new of a place, mono at 48 kHz."""


class Heard:
    """Carries sound from the feed to the ears. Threading: the frame loop's."""

    def __init__(self, source: Samples, sound: WallSound) -> None:
        self._source = source
        self._sound = sound
        self._levels: SoundState | None = None
        self._places: frozenset[int] = frozenset()

    @property
    def notice(self) -> str:
        """A sentence while nothing can be heard; else empty."""
        return self._sound.notice

    @property
    def audible(self) -> bool:
        """Whether there is a device."""
        return self._sound.audible

    def step(
        self,
        views: Sequence[ScreenView],
        placements: Mapping[str, Placement],
        front: str,
        levels: SoundState,
        *,
        head: Pose | None,
        now_s: float,
    ) -> None:
        """One frame: new sound, the head, and where the screens hang."""
        if levels != self._levels:
            self._levels = levels
            self._sound.set_levels(levels.volume, muted=levels.muted, mono=levels.mono)
        if head is not None:
            self._sound.listener(head)
        there = {view.place: view.id for view in views if view.place != NO_PLACE and view.id in placements}
        for gone in self._places - there.keys():
            self._sound.forget(gone)
        self._places = frozenset(there)
        for place, name in there.items():
            gain = FULL if front in ("", name) else DUCKED
            self._sound.place(place, placements[name].pose.position, gain)
            samples = self._source.samples(place, _BLOCK)
            if samples is not None:
                self._sound.push(place, samples)
        self._sound.pump(now_s)

    def close(self) -> None:
        """Fall silent."""
        self._sound.close()
