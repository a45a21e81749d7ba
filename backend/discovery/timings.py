"""How long things took, in buckets, for whoever exports them."""

from bisect import bisect_left
from itertools import accumulate

BUCKETS_S = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.075, 0.1, 0.25, 0.5, 1.0, 2.5)
"""Fine where the goals are: 10 ms for one change, 50 ms for two hundred."""


class Timings:
    """A histogram of durations in seconds."""

    def __init__(self) -> None:
        self.count = 0
        self.sum_s = 0.0
        self._buckets = [0] * (len(BUCKETS_S) + 1)

    def observe(self, duration_s: float) -> None:
        """Take one duration."""
        self.count += 1
        self.sum_s += duration_s
        self._buckets[bisect_left(BUCKETS_S, duration_s)] += 1

    def cumulative(self) -> list[tuple[str, int]]:
        """Upper bounds and how many were no longer, as Prometheus wants them; the last bound is ``+Inf``."""
        bounds = [*(str(bound) for bound in BUCKETS_S), "+Inf"]
        return list(zip(bounds, accumulate(self._buckets), strict=True))
