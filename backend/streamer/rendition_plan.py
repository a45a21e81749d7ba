"""Which viewers share an encoder. Pure."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from backend.streamer.quality import Quality

MOST_RENDITIONS = 3
"""Each costs a conversion and an encoder of its own; beyond that, viewers get what somebody thriftier gets."""
_LAZY = 3.0
"""Who wants so many times fewer pictures than another of the same quality gets an encoder of its own: to send and to
decode all of the other's would cost more."""

Viewer = TypeVar("Viewer")


@dataclass(frozen=True, slots=True)
class Share:
    """A rendition: what it is, and how often."""

    quality: Quality
    fps: float
    lazy: bool = False
    """A second one of its quality, for those who want few pictures."""


def plan(wishes: Mapping[Viewer, Share]) -> dict[Viewer, Share]:
    """The rendition of each viewer, never above its wish but for the pace, which is that of the most eager."""
    if len(wishes) == 1:
        return dict(wishes)
    groups = _by_quality(wishes)
    if len(groups) < MOST_RENDITIONS:
        groups = _without_lazy(groups, MOST_RENDITIONS - len(groups))
    while len(groups) > MOST_RENDITIONS:
        groups = _merged(groups)
    return {viewer: share for share, members in groups.items() for viewer in members}


_Groups = dict[Share, dict[Viewer, float]]


def _by_quality(wishes: Mapping[Viewer, Share]) -> _Groups[Viewer]:
    members: dict[Quality, dict[Viewer, float]] = {}
    for viewer, wish in wishes.items():
        members.setdefault(wish.quality, {})[viewer] = wish.fps
    return {Share(quality, max(fps.values())): fps for quality, fps in members.items()}


def _without_lazy(groups: _Groups[Viewer], room: int) -> _Groups[Viewer]:
    split: _Groups[Viewer] = {}
    for share, members in groups.items():
        lazy = {viewer: fps for viewer, fps in members.items() if fps * _LAZY <= share.fps}
        if not lazy or not room:
            split[share] = members
            continue
        room -= 1
        split[share] = {viewer: fps for viewer, fps in members.items() if viewer not in lazy}
        split[Share(share.quality, max(lazy.values()), lazy=True)] = lazy
    return split


def _merged(groups: _Groups[Viewer]) -> _Groups[Viewer]:
    """The two that differ least become one that is no better than either."""
    order = sorted(groups, key=lambda share: (share.quality.max_bit_rate_bps, share.quality.pixel_exact))
    place = min(range(len(order) - 1), key=lambda index: _distance(order[index].quality, order[index + 1].quality))
    first, second = order[place], order[place + 1]
    common = Share(_common(first.quality, second.quality), min(first.fps, second.fps))
    merged = {share: members for share, members in groups.items() if share not in (first, second)}
    joined = groups[first] | groups[second]
    for share in [share for share in merged if share.quality == common.quality]:
        joined |= merged.pop(share)
        common = replace(common, fps=max(common.fps, share.fps))
    merged[common] = joined
    return merged


def _distance(first: Quality, second: Quality) -> float:
    rate = abs(math.log2(first.max_bit_rate_bps / second.max_bit_rate_bps))
    size = 2 * abs(math.log2(first.shrink / second.shrink))
    return rate + size + 0.5 * (first.pixel_exact != second.pixel_exact) + 0.1 * abs(first.quantizer - second.quantizer)


def _common(first: Quality, second: Quality) -> Quality:
    return Quality(
        quantizer=max(first.quantizer, second.quantizer),
        max_bit_rate_bps=min(first.max_bit_rate_bps, second.max_bit_rate_bps),
        pixel_exact=first.pixel_exact and second.pixel_exact,
        shrink=max(first.shrink, second.shrink),
    )
