"""What a receiver saw, whatever stack it belongs to, and the figures that are made of it."""

import asyncio
import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from loco_kiosk.check.report import percentile
from tests.benchmarks import _children, _counter
from tests.benchmarks._children import Child

Arrival = tuple[int, float]
"""Number of a picture, and the monotonic time when it was decoded."""


@dataclass(kw_only=True)
class Run:
    """One stack over a window of time."""

    began_s: float
    ended_s: float
    arrivals: list[list[Arrival]]
    """By stream, of the whole run."""
    clocks: list[_counter.Clock]
    sender_cpu_s: float
    receiver_cpu_s: float
    receiver_rss_mib: float = 0.0
    receiver_threads: int = 0
    first_s: list[float] = field(default_factory=list)
    """From the offer to the first decoded picture, by stream."""
    tiles: list[dict[str, Any]] = field(default_factory=list)
    """What the product itself says of each stream."""

    @property
    def seconds(self) -> float:
        """Length of the window."""
        return self.ended_s - self.began_s

    def window(self, stream: int) -> list[Arrival]:
        """Those within it."""
        return [arrival for arrival in self.arrivals[stream] if self.began_s <= arrival[1] < self.ended_s]

    def delays(self, stream: int) -> list[tuple[float, float]]:
        """Time and delay in ms of each picture; a number that was never made is a misread one and left out."""
        made = ((at_s, self.clocks[stream].made_at_s(number)) for number, at_s in self.window(stream))
        return [(at_s, (at_s - made_s) * 1000) for at_s, made_s in made if made_s is not None]

    def all_delays_ms(self) -> list[float]:
        """Of all streams."""
        return [delay for stream in range(len(self.arrivals)) for _, delay in self.delays(stream)]

    def longest_freeze_ms(self) -> float:
        """The longest time without a new picture on any stream, the ends of the window included."""
        longest = 0.0
        for stream in range(len(self.arrivals)):
            times = [self.began_s, *(at_s for _, at_s in self.window(stream)), self.ended_s]
            longest = max(longest, *(later - earlier for earlier, later in itertools.pairwise(times)))
        return longest * 1000

    def made(self) -> int:
        """Pictures that the senders made within the window."""
        return sum(clock.count(self.began_s, self.ended_s) for clock in self.clocks)

    def growth_ms(self) -> float:
        """Median delay of the last quarter less that of the second, of the worst stream: a queue that fills up."""
        worst = float("-inf")
        for stream in range(len(self.arrivals)):
            delays = self.delays(stream)
            second = self._quarter(delays, 1)
            last = self._quarter(delays, 3)
            if second and last:
                worst = max(worst, percentile(last, 50) - percentile(second, 50))
        return worst

    def _quarter(self, delays: Sequence[tuple[float, float]], index: int) -> list[float]:
        began = self.began_s + index * self.seconds / 4
        return [delay for at_s, delay in delays if began <= at_s < began + self.seconds / 4]


async def watch(
    receiver: Child, senders: Sequence[int], clocks: list[_counter.Clock], *, warm_up_s: float, seconds: float
) -> Run:
    """Measure a receiver that has just told that all its streams are live, and take its report.

    The report is a line ``{"arrivals": [[[number, at_s], ...], ...]}`` once its input ends, with ``offered_s`` of each
    stream where the receiver knows it.
    """
    await asyncio.sleep(warm_up_s)
    before = [_children.cpu_s(pid) for pid in (receiver.pid, *senders)]
    began_s = time.monotonic()
    await asyncio.sleep(seconds)
    ended_s = time.monotonic()
    after = [_children.cpu_s(pid) for pid in (receiver.pid, *senders)]
    rss_mib, threads = _children.rss_mib(receiver.pid), _children.threads(receiver.pid)
    receiver.hush()
    report = await receiver.read()
    used = [later - earlier for earlier, later in zip(before, after, strict=True)]
    arrivals = [[(number, at_s) for number, at_s in stream] for stream in report["arrivals"]]
    offered = report.get("offered_s", ())
    return Run(
        began_s=began_s,
        ended_s=ended_s,
        arrivals=arrivals,
        clocks=clocks,
        sender_cpu_s=sum(used[1:]),
        receiver_cpu_s=used[0],
        receiver_rss_mib=rss_mib,
        receiver_threads=threads,
        first_s=[stream[0][1] - offered_s for stream, offered_s in zip(arrivals, offered, strict=False)],
        tiles=report.get("tiles", []),
    )


def clocks_in(directory: Path, streams: int) -> tuple[list[Path], list[_counter.Clock]]:
    """A clock for each stream, as files for the senders."""
    paths = [directory / f"{number}.clock" for number in range(streams)]
    return paths, [_counter.Clock(path) for path in paths]
