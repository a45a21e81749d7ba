"""Damage to pictures: look at the screen when something changed, and let each rendition make its picture when due.

Nothing runs while nothing changes or nobody watches. Usually there is one rendition, which reads the guest's own
pixels; where there are more, each at its own pace, they read a copy of the screen that keeps what one took too early
for the others.
"""

import asyncio
import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from backend.streamer.clock import MediaTicks, monotonic_us
from backend.streamer.picture import Picture
from backend.streamer.rendition import EARLY_S, Rendition
from backend.streamer.source import Damage, Screen

GATHER_S = 0.0015
"""QEMU tells the bands of one look at its display one after the other, within a millisecond: wait for all of them, or a
guest that moves in two places costs two pictures."""
_SEVERAL_S = 1.0
"""A guest that moved in one place only for so long is not waited for: that would be delay for nothing."""


class PictureLoop:
    """Makes pictures of one screen and hands each to ``on_picture``.

    Args:
        screen: where damage comes from.
        rtp_origin: what is added to every time stamp.
        on_picture: gets each picture with its rendition, within :meth:`changed` or from a timer; must not block.
        on_resize: gets width and height of the guest's screen when they change, before the first such picture.
        gather_s: how long a change waits for others of the same moment, where the guest lately moved in several places;
            never while the answer to a key may come.
    """

    def __init__(
        self,
        screen: Screen,
        *,
        rtp_origin: int,
        on_picture: Callable[[Rendition, Picture], None],
        on_resize: Callable[[int, int], None],
        gather_s: float = GATHER_S,
    ) -> None:
        self.pictures = 0
        """Made since the start."""
        self.changed_us = 0
        """When the guest last drew something that was taken; 0 before the first."""
        self.size: tuple[int, int] | None = None
        """Size of the guest's screen; None before the first picture."""
        self._screen = screen
        self._ticks = MediaTicks(rtp_origin)
        self._on_picture = on_picture
        self._on_resize = on_resize
        self._gather_s = gather_s
        self._gather_until_s = self._made_s = -math.inf
        self._renditions: tuple[Rendition, ...] = ()
        self._take_whole = False
        self._pixels: NDArray[np.uint8] | None = None
        self._running = self._wake_after = False
        self._timer: asyncio.TimerHandle | None = None
        self._later: asyncio.TimerHandle | None = None

    def show(self, renditions: Sequence[Rendition]) -> None:
        """Work for these from now on; for none, stop."""
        if set(renditions) != set(self._renditions):
            for rendition in renditions:
                rendition.since_us = max(rendition.since_us, self.changed_us)
            self._renditions = tuple(renditions)
            # What one of them took is not known to the others, and the copy begins or ends.
            self._take_whole = True
            self._pixels = None
        self.wake()

    def changed(self) -> None:
        """The screen has something to take."""
        now_s = asyncio.get_running_loop().time()
        if self._timer is not None or now_s - self._made_s < self._gather_s:
            self._gather_until_s = now_s + _SEVERAL_S
        if self._timer is not None and self._hurries(now_s):
            # What it waits for, an answer need not.
            self.stop()
        if self._timer is None and self._renditions:
            self._schedule()

    def wake(self) -> None:
        """A rendition wants another pace or a key frame."""
        if self._running:
            self._wake_after = True
            return
        self.stop()
        if self._renditions:
            self._schedule()

    def stop(self) -> None:
        """Forget what is scheduled."""
        for timer in (self._timer, self._later):
            if timer is not None:
                timer.cancel()
        self._timer = self._later = None

    def _schedule(self) -> None:
        loop = asyncio.get_running_loop()
        now_s = loop.time()
        gather_s = self._gather_s if now_s < self._gather_until_s and not self._hurries(now_s) else 0.0
        delay_s = max(gather_s, min(rendition.free_s(now_s) for rendition in self._renditions))
        if delay_s > 0:
            self._timer = loop.call_later(delay_s, self._run)
        else:
            self._run()

    def _hurries(self, now_s: float) -> bool:
        return any(rendition.hurries(now_s) for rendition in self._renditions)

    def _run(self) -> None:
        if self._later is not None:
            self._later.cancel()
        self._timer = self._later = None
        self._running, self._wake_after = True, False
        try:
            soonest_s = self._make_what_is_due()
        finally:
            self._running = False
        if self._wake_after:
            self.wake()
        elif soonest_s < math.inf:
            self._later = asyncio.get_running_loop().call_at(soonest_s, self._look_again)

    def _look_again(self) -> None:
        self._later = None
        self.changed()

    def _make_what_is_due(self) -> float:
        """When something is due again that needs no change of the screen."""
        now_s = self._made_s = asyncio.get_running_loop().time()
        damage = self._take()
        soonest_s = math.inf
        renditions = self._renditions
        for rendition in renditions:
            if damage is not None:
                rendition.damaged(damage)
        for rendition in renditions:
            due_s = rendition.due_s(now_s)
            if due_s <= now_s + EARLY_S and self._renditions is renditions:
                self._make(rendition, now_s)
                due_s = rendition.due_s(now_s)
            soonest_s = min(soonest_s, due_s)
        return soonest_s

    def _take(self) -> Damage | None:
        damage = self._screen.take(whole=self._take_whole)
        if damage is None:
            return None
        self._take_whole = False
        self.changed_us = damage.captured_us
        height, width = damage.pixels.shape[:2]
        if self.size != (width, height):
            self.size = (width, height)
            self._on_resize(width, height)
        if len(self._renditions) == 1:
            self._pixels = damage.pixels
        else:
            self._keep(damage)
        return damage

    def _keep(self, damage: Damage) -> None:
        kept, pixels = self._pixels, damage.pixels
        if kept is None or kept.shape != pixels.shape:
            self._pixels = pixels.copy()
            return
        area = (slice(damage.top, damage.bottom), slice(damage.left, damage.right))
        kept[area] = pixels[area]

    def _make(self, rendition: Rendition, now_s: float) -> None:
        made = rendition.encode(self._pixels, self._ticks, now_s)
        if made is None:
            return
        self.pictures += 1
        picture, stages_us = made
        start_us = monotonic_us()
        self._on_picture(rendition, picture)
        stages_us["send"] = monotonic_us() - start_us
        rendition.times.add(stages_us, picture.size_bytes)
