"""Counters of list and watch, read by the metrics."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class ResourceStatistics:
    """What happened with one resource."""

    lists: int = 0
    """Full lists that worked, the checking ones included."""
    events: int = 0
    """Changes told by the watch; bookmarks not counted."""
    bookmarks: int = 0
    restarts: int = 0
    """Watches opened after the first."""
    gone_410: int = 0
    drift: int = 0
    """Differences between a full list and the state that the watch had not told: must stay 0."""
    malformed: int = 0
    """Lines and objects that were not what the API promises; each led to a new list."""
    failed_probes: int = 0


@dataclass(frozen=True, slots=True)
class ApiCall:
    """One answered or failed request."""

    resource: str
    verb: str
    """``list``, ``watch`` (until its answer began), ``probe``."""
    code: str
    """Status, or ``lost`` where there was no answer."""
    seconds: float


BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


@dataclass(slots=True)
class Durations:
    """A histogram as Prometheus has it; times in seconds."""

    buckets: list[int] = field(default_factory=lambda: [0] * len(BUCKETS_S))
    """For each of :data:`BUCKETS_S`, the calls that took no longer."""
    count: int = 0
    sum_s: float = 0.0

    def add(self, seconds: float) -> None:
        """Count one."""
        self.count += 1
        self.sum_s += seconds
        for number, bound in enumerate(BUCKETS_S):
            self.buckets[number] += seconds <= bound


class Statistics:
    """Of all resources. Threading: one event loop."""

    def __init__(self) -> None:
        self.resources: dict[str, ResourceStatistics] = {}
        self.api_calls: Counter[tuple[str, str, str]] = Counter()
        """By resource, verb and code."""
        self.api_seconds: dict[tuple[str, str], Durations] = {}
        """By resource and verb."""
        self.disagreements = 0
        """Pods of which their service's endpoints said something else for longer than news travels."""
        self.unreadable = 0
        """Objects that are no malformed JSON and yet not what a pod or an endpoint looks like; each was left out."""

    def of(self, resource: str) -> ResourceStatistics:
        """The counters of a resource."""
        return self.resources.setdefault(resource, ResourceStatistics())

    def called(self, call: ApiCall) -> None:
        """Count a call."""
        self.api_calls[call.resource, call.verb, call.code] += 1
        self.api_seconds.setdefault((call.resource, call.verb), Durations()).add(call.seconds)
