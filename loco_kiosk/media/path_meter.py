"""What the way from the streamer does to its packets, as the streamer is told it. Pure; time enters as a parameter.

Read from counters a few times a second, so that it costs nothing per packet.
"""

from collections import deque

from backend.contract.control import PathReport

_BUCKET_US = 10_000_000
_BUCKETS = 6
"""The best transit of the last minute is the empty way; two clocks drift by some 3 ms in it, and routes do change."""
_CALM_MS = 10.0
_CALM_US = 1_000_000
"""A good way is worth one report a second, since each costs both ends half a millisecond; a bad one is told at once."""


class DelayGrowth:
    """How long packets take, against the best moments of the last minute. Clocks need not agree."""

    def __init__(self) -> None:
        self._best_us: deque[int] = deque(maxlen=_BUCKETS)
        self._bucket_end_us = 0

    def ms(self, transit_us: int | None, now_us: int) -> float:
        """By how much this transit is above the best; None, where nothing came, tells nothing and gives 0.

        Give the shortest of the time since the last call: a queue delays each packet, and mere jitter spares some.
        """
        if transit_us is None:
            return 0.0
        if now_us >= self._bucket_end_us:
            self._best_us.append(transit_us)
            self._bucket_end_us = now_us + _BUCKET_US
        self._best_us[-1] = min(self._best_us[-1], transit_us)
        return (transit_us - min(self._best_us)) / 1000.0

    def restart(self) -> None:
        """Another source, with a clock of its own."""
        self._best_us.clear()
        self._bucket_end_us = 0


class PathMeter:
    """Makes the reports of one connection."""

    def __init__(self) -> None:
        self._growth = DelayGrowth()
        self._expected = self._lost = self._octets = 0
        self._reported_us = 0

    def report(
        self,
        *,
        expected: int,
        received: int,
        octets: int,
        transit_us: int | None,
        round_trip_us: int | None,
        now_us: int,
    ) -> PathReport | None:
        """What to tell of the time since the last call; None where nothing came, or nothing is worth telling yet.

        Args:
            expected: packets that the source has sent since it began.
            received: those of them that came by themselves, not by repair.
            octets: bytes of media that came since the connection began.
            transit_us: shortest from time stamp to arrival since the last call, whatever the clocks; None where none.
            round_trip_us: shortest round trip lately; None while unknown.
            now_us: time of the call.
        """
        lost = expected - received
        sent, sent_lost = expected - self._expected, lost - self._lost
        self._expected, self._lost = expected, lost
        first = self._reported_us == 0
        if sent < 0:
            self._growth.restart()
        growth_ms = self._growth.ms(transit_us, now_us)
        if first:
            self._octets, self._reported_us = octets, now_us
        if first or sent <= 0 or now_us <= self._reported_us:
            return None
        loss = max(0.0, min(1.0, sent_lost / sent))
        if not loss and growth_ms <= _CALM_MS and now_us - self._reported_us < _CALM_US:
            return None
        rate_bps = round((octets - self._octets) * 8e6 / (now_us - self._reported_us))
        self._octets, self._reported_us = octets, now_us
        return PathReport(round(loss, 4), round(growth_ms, 1), (round_trip_us or 0) / 1000.0, rate_bps)
