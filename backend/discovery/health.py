"""How well an instance serves its viewers: a score from 0 to 100 and what is missing to 100, in sentences.

The state says what to expect, and bounds the score; figures of its streamer and of its viewers take more off.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from backend.contract.instance import Instance, InstanceState
from backend.contract.quality import Quality
from backend.contract.status import StreamerStatus
from backend.discovery.registry import Registry

CACHED_S = 0.5
"""A streamer reports once a second."""
SLUGGISH_FPS = 8.0
"""A picture that changes all the time and is sent less often looks like a fault; small tiles ask for 10."""
HIDDEN_FPS = 1.5
"""Hidden tiles ask for no more, and a clock on a desktop changes no more."""
CHANGING_S = 1.0
"""A picture that changed within this time is in motion."""
CLIPPING_DBFS = -0.5
SLOW_ENCODING_MS = 25.0
"""Of the 33 ms that a picture lasts, what is left for all the rest."""
_SEEN_BY_VIEWERS = {
    "slow_viewer": (20, "The network does not carry the picture to one of its viewers ({} pictures dropped)."),
    "waits_for_way": (10, "The way to one of its viewers is full ({} left out)."),
    "waits_for_key_frame": (10, "One of its viewers waits for a whole picture ({} left out)."),
    "key_frame_requests": (10, "Its viewers lost pictures and asked for whole ones ({} times)."),
    "slow_listener": (10, "The network does not carry the sound to one of its viewers ({} packets dropped)."),
    "never_connected": (5, "{} viewers asked for the picture and never got a connection for it."),
    "encoder_failed": (50, "Its encoder failed {} times."),
}
"""What a second's drops mean, by cause."""


@dataclass(frozen=True, slots=True)
class Health:
    """The score and the reasons, the worst first."""

    score: int
    reasons: tuple[str, ...] = ()


def score(instance: Instance, status: StreamerStatus | None) -> Health:
    """Judge an instance by its state (which holds what the cluster and its silence say), then by its figures.

    Each fault takes its share of what the worse ones have left.
    """
    faults: list[tuple[int, str]] = []
    if instance.health < 100:
        faults.append((100 - instance.health, instance.reason or f"It is {instance.state.value}."))
    if status is not None:
        faults += [*_faults_of_streamer(status), *_faults_of_viewers(status)]
    elif instance.state is InstanceState.READY:
        faults.append((10, "The cluster calls it ready; its streamer has not been heard yet."))
    faults.sort(key=lambda fault: -fault[0])
    left = 100
    for weight, _ in faults:
        left = left * (100 - weight) // 100
    return Health(left, tuple(words for _, words in faults))


def _faults_of_streamer(status: StreamerStatus) -> list[tuple[int, str]]:
    faults = []
    moving = 0 <= status.picture_age_s < CHANGING_S
    if status.viewers and moving and HIDDEN_FPS < status.fps < SLUGGISH_FPS and status.uptime_s > CHANGING_S:
        faults.append((15, f"Its picture moves, but only {status.fps:.0f} pictures a second are sent."))
    if status.encode_ms > SLOW_ENCODING_MS:
        faults.append((15, f"Encoding a picture takes {status.encode_ms:.0f} ms; the machine is too slow or too busy."))
    if status.audio_dbfs > CLIPPING_DBFS:
        faults.append((5, f"Its sound is as loud as can be ({status.audio_dbfs:.1f} dBFS) and probably distorted."))
    return faults


def _faults_of_viewers(status: StreamerStatus) -> list[tuple[int, str]]:
    told = ((_SEEN_BY_VIEWERS[cause], count) for cause, count in status.drops.items() if cause in _SEEN_BY_VIEWERS)
    return [(weight, words.format(count)) for (weight, words), count in told if count > 0]


class Judge:
    """Judges the instances of a registry; a judgement holds for half a second, or until the instance changes."""

    def __init__(self, registry: Registry, *, now_s: Callable[[], float] = time.monotonic) -> None:
        self._registry = registry
        self._now_s = now_s
        self._judged: dict[str, tuple[float, Instance, Quality]] = {}

    def quality(self, instance: Instance) -> Quality:
        """The quality of an instance of the registry."""
        now_s = self._now_s()
        known = self._judged.get(instance.id)
        if known is not None and known[1] is instance and now_s - known[0] < CACHED_S:
            return known[2]
        if len(self._judged) > 2 * len(self._registry.instances) + 16:
            self._judged.clear()
        status = self._registry.status(instance.id)
        health = score(instance, status)
        quality = Quality(
            id=instance.id, state=instance.state, score=health.score, reasons=health.reasons, status=status
        )
        self._judged[instance.id] = now_s, instance, quality
        return quality
