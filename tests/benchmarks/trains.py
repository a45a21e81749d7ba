"""``./loco bench trains``: nine demo guests exchange trains over the real switch for ten minutes; it is killed twice.

Prints how many trains travelled, and how long after each kill every guest was heard again. Exits with 1 where a train
was lost or doubled.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.benchmarks._children import cpu_s, rss_mib
from tests.integration.conftest import Cluster
from tests.integration.yards import Yards, switch_pid, yards

GOAL_S = 2.0
"""From the kill of the switch until every guest got a frame again."""
LOOK_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Of one run."""

    guests: int
    minutes: float
    arrivals: int
    trains: int
    back_s: tuple[float, ...]
    """After each kill."""
    frames: int
    """Through the last of the switches."""
    switch_cpu_us: float
    """Of it, per frame that it handed on."""
    switch_mib: float


async def exchange(all_yards: Yards, minutes: float, kills: int) -> list[float]:
    """Let them travel; the kills lie evenly between."""
    back_s = []
    for _part in range(kills):
        await travel(all_yards, minutes * 60 / (kills + 1))
        back_s.append(await all_yards.kill_switch())
    await travel(all_yards, minutes * 60 / (kills + 1))
    return back_s


async def travel(all_yards: Yards, seconds: float) -> None:
    """Read what the guests say, before their debug ports forget it."""
    end_s = time.monotonic() + seconds
    while (left_s := end_s - time.monotonic()) > 0:
        await all_yards.read()
        await asyncio.sleep(min(LOOK_S, left_s))


async def run(guests: int, minutes: float, kills: int, directory: Path) -> Outcome:
    """One run; raises AssertionError where a train was lost or doubled."""
    cluster = Cluster(directory / "state", directory / "backend.log", guests)
    cluster.start()
    try:
        async with yards(cluster, guests) as all_yards:
            back_s = await exchange(all_yards, minutes, kills)
            await all_yards.settled()
            all_yards.each_train_is_somewhere_once()
            status, pid = await all_yards.status(), switch_pid(cluster)
            assert status is not None
            frames = sum(port.frames_out for room in status.rooms for port in room.ports)
            return Outcome(
                guests=guests,
                minutes=minutes,
                arrivals=all_yards.arrivals,
                trains=sum(yard.trains for yard in all_yards.all),
                back_s=tuple(round(each, 2) for each in back_s),
                frames=frames,
                switch_cpu_us=cpu_s(pid) / max(1, frames) * 1e6,
                switch_mib=rss_mib(pid),
            )
    finally:
        cluster.stop()


def table(outcome: Outcome) -> str:
    """For people."""
    back = ", ".join(f"{each:.2f}" for each in outcome.back_s) or "-"
    rows = [
        ("guests, minutes", f"{outcome.guests}, {outcome.minutes:g}"),
        ("trains that arrived in another yard", str(outcome.arrivals)),
        ("trains at the end", f"{outcome.trains} of {outcome.guests}"),
        (f"killed switch: all hear again, s (goal {GOAL_S:g})", back),
        ("frames of the last switch", str(outcome.frames)),
        ("its CPU a frame, idle time included, us", f"{outcome.switch_cpu_us:.0f}"),
        ("its memory, MiB", f"{outcome.switch_mib:.0f}"),
    ]
    return "\n".join(f"{name:<52}{value:>12}" for name, value in rows)


def main() -> int:
    """Run and print; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--guests", type=int, default=9)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--kills", type=int, default=2)
    parser.add_argument("--json", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="loco-trains-") as directory:
        try:
            outcome = asyncio.run(run(arguments.guests, arguments.minutes, arguments.kills, Path(directory)))
        except AssertionError as error:
            print(f"A train was lost or doubled, or did not travel: {error}")
            return 1
    print(table(outcome))
    if arguments.json is not None:
        arguments.json.write_text(json.dumps(asdict(outcome), indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
