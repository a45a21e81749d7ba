"""What a network does to datagrams, as a pure function of time and chance."""

import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Impairment:
    """One direction of a network. Each datagram is first lost or not, then waits for the line, then travels."""

    loss: float = 0.0
    """Part that is lost, 0 to 1, over a long time."""
    burst: float = 1.0
    """Mean length of a loss, in datagrams; 1: each is lost by itself."""
    delay_ms: float = 0.0
    """Travel time of every datagram."""
    jitter_ms: float = 0.0
    """Travel time on top: evenly between 0 and this. Datagrams overtake one another unless ``in_order``."""
    in_order: bool = False
    reorder: float = 0.0
    """Part that is held back besides, by ``reorder_ms``."""
    reorder_ms: float = 5.0
    rate_bps: float = 0.0
    """Rate of the line; 0: no limit."""
    queue_ms: float = 200.0
    """What the line's queue holds at that rate; what does not fit is lost."""


_OVERHEAD_BYTES = 28
"""IPv4 and UDP headers count for the line."""


class Path:
    """One direction that datagrams go, one after the other.

    Args:
        impairment: may be replaced at any time.
        seed: the same seed and the same datagrams have the same fate.
    """

    def __init__(self, impairment: Impairment, seed: int) -> None:
        self.impairment = impairment
        self.passed = 0
        self.lost = 0
        """By chance."""
        self.overflowed = 0
        """By a full queue."""
        self._random = random.Random(seed)
        self._losing = False
        self._line_free_s = 0.0
        self._latest_s = 0.0

    def arrival_s(self, size: int, now_s: float) -> float | None:
        """When a datagram of ``size`` bytes that enters now comes out; None: never."""
        if self._is_lost():
            self.lost += 1
            return None
        out_s = self._through_the_line(size, now_s)
        if out_s is None:
            self.overflowed += 1
            return None
        self.passed += 1
        wanted = self.impairment
        out_s += (wanted.delay_ms + self._random.uniform(0, wanted.jitter_ms)) / 1000
        if wanted.reorder and self._random.random() < wanted.reorder:
            out_s += wanted.reorder_ms / 1000
        if wanted.in_order:
            out_s = self._latest_s = max(out_s, self._latest_s)
        return out_s

    def _is_lost(self) -> bool:
        """Two states (Gilbert's model): within a loss, and between losses."""
        loss, burst = self.impairment.loss, self.impairment.burst
        if loss <= 0:
            return False
        if self._losing:
            self._losing = self._random.random() >= 1 / burst
        if not self._losing:
            # So often that the losing state lasts ``loss`` of the time.
            begins = loss if burst <= 1 else loss / (burst * (1 - loss))
            self._losing = self._random.random() < begins
        return self._losing

    def _through_the_line(self, size: int, now_s: float) -> float | None:
        rate_bps = self.impairment.rate_bps
        if not rate_bps:
            return now_s
        free_s = max(self._line_free_s, now_s)
        if free_s - now_s > self.impairment.queue_ms / 1000:
            return None
        self._line_free_s = free_s + (size + _OVERHEAD_BYTES) * 8 / rate_bps
        return self._line_free_s
