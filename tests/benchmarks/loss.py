"""``./loco bench loss``: one stream over bad networks, the product and textbook aiortc through the same relay.

A UDP relay stands between streamer and receiver (:mod:`tests.relay`) and does to each datagram, both ways, what the
case says; the same seeds serve both stacks. A freeze is the longest time without a new picture; growth is how much the
median delay rose from the second to the last quarter of the run: a queue that fills up.
"""

import argparse
import asyncio
import json
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from loco_kiosk.check.report import percentile
from tests.benchmarks import _clip, _ours, _textbook_clip
from tests.benchmarks._arrivals import Run, clocks_in, watch
from tests.benchmarks._product import work_directory
from tests.relay.impairment import Impairment
from tests.relay.relay import Relay

Figures = dict[str, float | None]


@dataclass(frozen=True, slots=True)
class Case:
    """A network, and what is asked of the product on it."""

    words: str
    to_viewer: Impairment
    to_streamer: Impairment
    p95_ms: float | None = None
    freeze_ms: float | None = None


def _both(words: str, network: Impairment, p95_ms: float | None = None, freeze_ms: float | None = None) -> Case:
    return Case(words, network, network, p95_ms, freeze_ms)


def _narrow(words: str, rate_bps: float) -> Case:
    line = Impairment(rate_bps=rate_bps, queue_ms=300, delay_ms=5)
    return Case(words, line, Impairment(delay_ms=5))


CASES = {
    "clean": _both("nothing lost", Impairment()),
    "loss2": _both("2 % lost", Impairment(loss=0.02), p95_ms=10, freeze_ms=300),
    "burst2": _both("2 % lost in bursts of 5", Impairment(loss=0.02, burst=5)),
    "lan5": _both("5 % lost, 10 ms each way", Impairment(loss=0.05, delay_ms=10)),
    "bad10": _both(
        "10 % lost, up to 20 ms jitter, reordered", Impairment(loss=0.1, delay_ms=5, jitter_ms=20), freeze_ms=500
    ),
    "rate1m": _narrow("a line of 1 Mbit/s with a queue of 300 ms", 1_000_000),
    "rate400k": _narrow("a line of 400 kbit/s with a queue of 300 ms", 400_000),
}


def figures_of(run: Run, relay: Relay) -> Figures:
    """The table's column of a run."""
    delays = run.all_delays_ms()
    paths = [link.to_viewer for link in relay.links]
    offered = sum(path.passed + path.lost + path.overflowed for path in paths)
    return {
        "capture to decoded, p50 ms": percentile(delays, 50) if delays else None,
        "capture to decoded, p95 ms": percentile(delays, 95) if delays else None,
        "capture to decoded, p99 ms": percentile(delays, 99) if delays else None,
        "pictures/s": len(run.window(0)) / run.seconds,
        "longest freeze, ms": run.longest_freeze_ms(),
        "growth of delay, ms": run.growth_ms() if len(delays) > 20 else None,
        "datagrams lost, %": 100 * sum(path.lost + path.overflowed for path in paths) / offered if offered else None,
    }


async def ours(clip: Path, directory: Path, case: Case, warm_up_s: float, seconds: float) -> Figures:
    """The product."""
    paths, clocks = clocks_in(directory, 1)
    async with Relay(Impairment(), Impairment()) as relay, _ours.senders(clip, paths, bend=relay.bend) as behind:
        async with _ours.receiver(behind) as process:
            relay.change(case.to_viewer, case.to_streamer)  # the way to a first picture is another question
            run = await watch(process, [behind[0].pid], clocks, warm_up_s=warm_up_s, seconds=seconds)
        return figures_of(run, relay)


async def textbook(clip: Path, directory: Path, case: Case, warm_up_s: float, seconds: float) -> Figures:
    """The baseline."""
    async with Relay(case.to_viewer, case.to_streamer) as relay:
        run = await _textbook_clip.measure(clip, directory, 1, warm_up_s=warm_up_s, seconds=seconds, bend=relay.bend)
        return figures_of(run, relay)


async def measured(cases: Sequence[str], stacks: Sequence[str], seconds: float) -> dict[str, dict[str, Figures]]:
    """Every case with every stack."""
    results: dict[str, dict[str, Figures]] = {}
    with work_directory() as name:
        clip = Path(name) / "clip"
        _clip.write(clip)
        for key in cases:
            results[key] = {}
            for stack in stacks:
                directory = Path(name) / f"{key}-{stack}"
                directory.mkdir()
                measure = ours if stack == "loco" else textbook
                results[key][stack] = await measure(clip, directory, CASES[key], 3.0, seconds)
            print(table(key, results[key]), flush=True)
    return results


def table(key: str, columns: dict[str, Figures]) -> str:
    """One case."""
    case = CASES[key]
    goals = {"capture to decoded, p95 ms": case.p95_ms, "longest freeze, ms": case.freeze_ms}
    lines = [f"{key}: {case.words}".ljust(60) + " ".join(f"{stack:>9}" for stack in columns) + "  goal"]
    for name in next(iter(columns.values())):
        values = (figures[name] for figures in columns.values())
        cells = " ".join(f"{value:9.1f}" if value is not None else f"{'-':>9}" for value in values)
        goal = goals.get(name)
        lines.append(f"  {name:58}{cells}" + (f"  <= {goal:.0f}" if goal is not None else ""))
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="./loco bench loss", description=__doc__)
    parser.add_argument("--case", action="append", choices=tuple(CASES), help="only this one; may be repeated")
    parser.add_argument("--stack", action="append", choices=("loco", "textbook"))
    parser.add_argument("--seconds", type=float, default=15, help="of each case and stack")
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()
    began_s = time.monotonic()
    cases = options.case or tuple(CASES)
    results = asyncio.run(measured(cases, options.stack or ("loco", "textbook"), options.seconds))
    print(f"\none stream, {os.cpu_count()} processors, {time.monotonic() - began_s:.0f} s in all")
    if options.json is not None:
        options.json.write_text(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    main()
