"""The product for ``./loco bench vr``: the real VR process, fed as the kiosk feeds it, on a composited Monado."""

import os
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from loco_kiosk.client.vr_messages import Statistics, Status
from loco_kiosk.media.decoder import Decoder
from tests.benchmarks._vr_clip import RATE_HZ, clip, schedule
from tests.benchmarks._vr_composited import Compositor
from tests.vr.monado import until
from tests.vr.pretended_feed import PretendedFeed

WARM_UP_S = 5.0
SAMPLE_S = 1.0


@dataclass
class Measured:
    """Of one stretch of nine moving screens."""

    began_s: float
    ended_s: float = 0.0
    decoded: int = 0
    feed_cpu_s: float = 0.0
    vr_cpu_s: float = 0.0
    seconds: list[Statistics] = field(default_factory=list)
    """What the VR process said about each second."""
    memory_mib: list[tuple[float, float]] = field(default_factory=list)
    """Monotonic time, and what the VR process has for itself."""

    def median(self, name: str) -> float:
        """Of a figure over the seconds."""
        return statistics.median(second.figures[name] for second in self.seconds)

    def worst(self, name: str) -> float:
        """The largest of a figure over the seconds."""
        return max(second.figures[name] for second in self.seconds)

    def total(self, name: str) -> float:
        """Of a count."""
        return sum(second.figures[name] for second in self.seconds)

    @property
    def growth_mib(self) -> float:
        """From the middle of the first fifth to that of the last one, so that single samples do not matter."""
        values = [value for _, value in self.memory_mib]
        fifth = max(1, len(values) // 5)
        return statistics.median(values[-fifth:]) - statistics.median(values[:fifth])


@contextmanager
def wall(compositor: Compositor, screens: int, directory: Path, *flags: str) -> Iterator[PretendedFeed]:
    """The VR process, worn, with nothing to show yet; ended in order afterwards."""
    feed = PretendedFeed(screens, directory / "vr.log")
    state = ("--state-directory", str(directory / "state"))
    try:
        feed.start(compositor.service.environment, *state, *flags)
        feed.wait_until_worn()
        yield feed
    finally:
        feed.close()


def moving(feed: PretendedFeed, screens: int, seconds: float) -> Measured:
    """Show ``screens`` moving pictures for a while, decoded here as in the media thread."""
    decoders = [Decoder() for _ in range(screens)]
    measured = Measured(began_s=time.monotonic() + WARM_UP_S)
    cpu_s, sampled_s, started = (0.0, 0.0), 0.0, False
    for at_s, screen, data in schedule(clip(), screens):
        time.sleep(max(0.0, at_s - time.monotonic()))
        frame = decoders[screen].decode(data)
        assert frame is not None
        feed.put(screen, frame)
        now_s = time.monotonic()
        if now_s < measured.began_s:
            continue
        if not started:
            started, cpu_s = True, (time.process_time(), cpu_of(feed))
        measured.decoded += 1
        if now_s >= sampled_s + SAMPLE_S:
            sampled_s = now_s
            measured.memory_mib.append((now_s, memory_of(feed)))
        if now_s >= measured.began_s + seconds:
            break
    measured.ended_s = time.monotonic()
    measured.feed_cpu_s, measured.vr_cpu_s = time.process_time() - cpu_s[0], cpu_of(feed) - cpu_s[1]
    measured.seconds = [
        message
        for at_s, message in feed.messages
        if isinstance(message, Statistics) and measured.began_s + 1.0 <= at_s <= measured.ended_s
    ]
    return measured


def kill_to_message_ms(compositor: Compositor, feed: PretendedFeed) -> float:
    """From the death of the runtime until the feed has the sentence."""
    killed_s = time.monotonic()
    compositor.service.kill()

    def lost() -> bool:
        return any(status.state in ("lost", "service_down") for status in feed.said(Status, killed_s))

    until(lost, 10.0, lambda: f"nothing was said: {feed.log[-2000:]}")
    arrived_s = next(at for at, message in feed.messages if isinstance(message, Status) and at >= killed_s)
    return (arrived_s - killed_s) * 1000


def cpu_of(feed: PretendedFeed) -> float:
    """Processor time of the VR process so far, in seconds."""
    assert feed.process is not None
    fields = Path(f"/proc/{feed.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_of(feed: PretendedFeed) -> float:
    """Memory of the VR process that no other process has too, in MiB: the shared pictures do not count."""
    assert feed.process is not None
    rollup = Path(f"/proc/{feed.process.pid}/smaps_rollup").read_text()
    sizes = {line.split()[0]: int(line.split()[1]) for line in rollup.splitlines()[1:]}
    return (sizes["Private_Dirty:"] + sizes["Private_Clean:"]) / 1024


def offered(seconds: float, screens: int) -> float:
    """Pictures that a stretch should have."""
    return seconds * screens * RATE_HZ
