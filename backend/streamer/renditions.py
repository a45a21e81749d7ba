"""Who gets what: from tiers, wishes and the ways to the viewers to the encoders that run."""

import math
from collections.abc import Collection
from typing import Final

from backend.contract.control import Preference, RenditionChosen, Tier
from backend.streamer.counters import Drops
from backend.streamer.ladder import Cause
from backend.streamer.picture_loop import PictureLoop
from backend.streamer.quality import Quality
from backend.streamer.rendition import Rendition
from backend.streamer.rendition_plan import Share, plan
from backend.streamer.settings import StreamerSettings
from backend.streamer.stage_times import SecondSummary
from backend.streamer.viewer import Viewer

TIER_FPS: Final = {Tier.ZOOMED: 60.0, Tier.GRID: 30.0, Tier.SMALL: 10.0, Tier.HIDDEN: 1.0}
_SLACK = 1.15
"""A guest that draws exactly as often as the pace allows, or QEMU, which looks at its display 33.3 times a second,
must never wait for it."""
_PUSH = 3.0
"""Large pictures go to a viewer at so many times the mean rate that its way carries."""
_EXACT_FINER = 4
"""Taken off the quantizer of pixel-exact pictures: 43 dB in place of 39 on small text, for a fifth more bits."""
_COARSEST = 51
"""H.264, section 7.4.2.2."""
_SHRINKS = (4, 2)


class Renditions:
    """Keeps the encoders that the viewers need, at the pace that they need.

    Args:
        viewers: a live collection owned by the streamer.
        loop: makes the pictures.
        settings: bound what anybody gets.
        drops: for the encoders.
        device: hardware that encodes pictures with shared colours; None: x264.
    """

    def __init__(
        self,
        viewers: Collection[Viewer],
        *,
        loop: PictureLoop,
        settings: StreamerSettings,
        drops: Drops,
        device: str | None = None,
    ) -> None:
        self._viewers = viewers
        self._loop = loop
        self._settings = settings
        self._drops = drops
        self._device = device
        self._running: dict[tuple[Quality, bool], Rendition] = {}

    @property
    def running(self) -> Collection[Rendition]:
        """Those that work now."""
        return self._running.values()

    def plan(self) -> None:
        """Something changed: a viewer, its tier, its wish, its way."""
        wishes = {viewer: self._share(viewer) for viewer in self._viewers if viewer.wants_pictures}
        shares = plan(wishes)
        for viewer, share in shares.items():
            rendition = self._rendition(share)
            if viewer.wanted is not rendition:
                viewer.wanted = rendition
                if viewer.rendition is not rendition:
                    rendition.request_key_frame(urgent=viewer.rendition is None)
        for share in set(shares.values()):
            self._rendition(share).set_pace(share.fps * _SLACK)
        used = {each for viewer in wishes for each in (viewer.wanted, viewer.rendition)}
        self._running = {key: rendition for key, rendition in self._running.items() if rendition in used}
        self._loop.show(list(self._running.values()))
        for viewer in wishes:
            viewer.limit_rate(_PUSH * viewer.ladder.rung.max_bit_rate_bps)
            self.tell(viewer)

    def close_second(self, elapsed_s: float) -> SecondSummary:
        """Close a second that lasted ``elapsed_s``; that of the rendition which made most pictures."""
        for rendition in self.running:
            rendition.second = rendition.times.summarize(elapsed_s)
        seconds = (rendition.second for rendition in self.running)
        return max(seconds, key=lambda second: second.fps, default=SecondSummary())

    def tell(self, viewer: Viewer, *, again: bool = False) -> None:
        """Tell a viewer what it gets, if that is news or it shall hear it again."""
        if viewer.wanted is None or self._loop.size is None:
            return
        quality = viewer.wanted.quality
        unit = 2 * quality.shrink
        width, height = (-(-side // unit) * 2 for side in self._loop.size)
        fps = min(self._fps(viewer), viewer.wanted.fps / _SLACK)
        chosen = RenditionChosen(
            width,
            height,
            quality.pixel_exact,
            round(fps, 1),
            quality.max_bit_rate_bps,
            _reason(viewer, quality, self._quality(viewer)),
        )
        if again or chosen != viewer.chosen:
            viewer.chosen = chosen
            viewer.channels.send(chosen)

    def _rendition(self, share: Share) -> Rendition:
        key = (share.quality, share.lazy)
        if key not in self._running:
            self._running[key] = Rendition(share.quality, share.fps * _SLACK, self._drops)
        return self._running[key]

    def _share(self, viewer: Viewer) -> Share:
        return Share(self._quality(viewer), self._fps(viewer))

    def _fps(self, viewer: Viewer) -> float:
        return min(TIER_FPS[viewer.tier], viewer.ladder.rung.max_fps, self._settings.max_fps)

    def _quality(self, viewer: Viewer) -> Quality:
        rung, settings = viewer.ladder.rung, self._settings
        rate_bps = min(settings.max_bit_rate_bps, rung.max_bit_rate_bps)
        exact = viewer.wish.pixel_exact and viewer.decodes_exact and rung.shrink == 1
        fitting = fitting_shrink(self._loop.size or (0, 0), viewer.shown_px)
        quantizer = settings.quantizer + rung.coarser - (_EXACT_FINER if exact else 0)
        return Quality(
            quantizer=max(1, min(_COARSEST, quantizer)),
            max_bit_rate_bps=math.floor(rate_bps),
            pixel_exact=exact,
            shrink=max(rung.shrink, fitting),
            device=None if exact else self._device,
        )


def fitting_shrink(screen_px: tuple[int, int], shown_px: tuple[int, int]) -> int:
    """How many pixels of the screen, across and down, become one, so that no more are sent than are shown.

    The picture stays at least as large as it is shown; 1 where that is not known.
    """
    if not all(shown_px):
        return 1
    most = min(have / shown for have, shown in zip(screen_px, shown_px, strict=True))
    return next((shrink for shrink in _SHRINKS if shrink <= most), 1)


def _reason(viewer: Viewer, gets: Quality, own: Quality) -> str:
    reasons = []
    if viewer.ladder.cause is not Cause.NONE:
        reasons.append(f"Less than full quality: {viewer.ladder.cause.value}.")
    elif viewer.wish.preference is Preference.THRIFTY:
        reasons.append("Thrifty, as set.")
    if viewer.wish.pixel_exact and not viewer.decodes_exact:
        reasons.append("Without pixel-exact colours: this viewer did not offer to decode them.")
    elif viewer.wish.pixel_exact and not gets.pixel_exact:
        reasons.append("Without pixel-exact colours until the way carries more.")
    if gets != own:
        reasons.append("Others watch at other qualities, and no more can be made at once.")
    return " ".join(reasons)
