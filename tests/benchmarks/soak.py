"""``./loco bench soak``: four hours' worth of pictures, compressed, and nothing may grow.

Real streamers send the clip at 60 pictures a second each, as to a zoomed tile, to one receiver process with the kiosk's
receive path. Memory, open handles and threads of all processes are read all along and compared between the end of the
warm-up, in which caches and allocators fill, and the end. Exits with 1 where something grew.
"""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean

from tests.benchmarks import _children, _clip, _ours
from tests.benchmarks._arrivals import clocks_in
from tests.benchmarks._product import work_directory

USUAL_FPS = 30
FPS = 60
WARM_UP = 0.2
"""Part of the run."""
MEMORY_MIB = 2.0
"""Growth that is noise: an allocator's arena."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One process at one time."""

    at_s: float
    memory_mib: float
    handles: int
    threads: int


@dataclass(frozen=True, slots=True)
class Growth:
    """Of one process, from the end of the warm-up to the end."""

    memory_mib: float
    handles: int
    threads: int
    began_mib: float

    @property
    def none(self) -> bool:
        """Whether nothing grew."""
        return self.memory_mib <= MEMORY_MIB and self.handles <= 0 and self.threads <= 0


def sample(pid: int) -> Sample:
    """Look at a process."""
    return Sample(time.monotonic(), _children.rss_mib(pid), _children.handles(pid), _children.threads(pid))


def growth(samples: Sequence[Sample]) -> Growth:
    """Means of a tenth of the samples after the warm-up and at the end, so that one reading decides nothing."""
    steady = samples[int(len(samples) * WARM_UP) :]
    size = max(1, len(steady) // 10)
    first, last = steady[:size], steady[-size:]

    def mean(part: Sequence[Sample], name: str) -> float:
        return fmean(float(getattr(one, name)) for one in part)

    return Growth(
        mean(last, "memory_mib") - mean(first, "memory_mib"),
        round(mean(last, "handles") - mean(first, "handles")),
        round(mean(last, "threads") - mean(first, "threads")),
        mean(first, "memory_mib"),
    )


async def soak(options: argparse.Namespace) -> tuple[dict[str, list[Sample]], int, float]:
    """Run for the time that so many pictures take; samples by process, pictures decoded, seconds."""
    with work_directory() as name:
        directory = Path(name)
        clip = directory / "clip"
        _clip.write(clip)
        paths, _ = clocks_in(directory, options.streams)
        async with _ours.senders(clip, paths, fps=FPS) as behind, _ours.receiver(behind, "zoomed") as receiver:
            pids = {"receiver": receiver.pid} | {f"streamer {n}": sender.pid for n, sender in enumerate(behind)}
            began_s = time.monotonic()
            samples = await _watched(pids, options.hours * 3600 * USUAL_FPS / FPS / options.streams, options.every_s)
            seconds = time.monotonic() - began_s
            receiver.hush()
            return samples, int((await receiver.read())["pictures"]), seconds


async def _watched(pids: dict[str, int], seconds: float, every_s: float) -> dict[str, list[Sample]]:
    samples: dict[str, list[Sample]] = {name: [] for name in pids}
    until_s = time.monotonic() + seconds
    while time.monotonic() < until_s:
        for name, pid in pids.items():
            samples[name].append(sample(pid))
        await asyncio.sleep(every_s)
    return samples


def main() -> None:
    """Run, print, and fail where something grew."""
    parser = argparse.ArgumentParser(prog="./loco bench soak", description=__doc__)
    parser.add_argument("--hours", type=float, default=4, help="of one stream at 30 pictures a second, in the receiver")
    parser.add_argument("--streams", type=int, default=4, help="at once, each of 60 pictures a second")
    parser.add_argument("--every-s", type=float, default=1, help="between two looks at the processes")
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()
    samples, pictures, seconds = asyncio.run(soak(options))
    print(f"{pictures} pictures in {seconds:.0f} s: {pictures / USUAL_FPS / 3600:.2f} hours of one stream\n")
    grown = {name: growth(readings) for name, readings in samples.items()}
    print(f"{'':12}{'MiB after warm-up':>18}{'growth, MiB':>13}{'handles':>9}{'threads':>9}")
    for name, one in grown.items():
        print(f"{name:12}{one.began_mib:18.1f}{one.memory_mib:13.2f}{one.handles:9d}{one.threads:9d}")
    if options.json is not None:
        options.json.write_text(json.dumps({name: asdict(one) for name, one in grown.items()}, indent=2) + "\n")
    sys.exit(0 if all(one.none for one in grown.values()) else 1)


if __name__ == "__main__":
    main()
