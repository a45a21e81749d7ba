"""``./loco bench discovery``: from the bytes of an API server's event to what the backend serves.

The real backend watches a pretended API server over real HTTP, whose pods are as long as real ones and whose streamers
all report every second. A time counts from just before the API server writes an event's bytes. Baselines in the same
run, against the same server: a plain ``Watch`` loop of the ``kubernetes`` package up to its Python object (so without
serving anything), and a list every five seconds, as the predecessor made.
"""

import argparse
import asyncio
import json
import random
import statistics
import time
from pathlib import Path

from backend.contract import routes
from loco_kiosk.check.report import percentile
from tests.benchmarks._kiosks import ASKED, WATCHED
from tests.benchmarks._stage import Backend, Stage, backend, program, staged

TEXTBOOK_AGENT = "OpenAPI-Generator"
PUBLISHED = "200 at once, from their arrival to list and stream"
"""By the backend's own histogram: 200 events take the pretended server some time to write, and a client to read."""
GOALS = {
    "one of nine, to the event stream, p95 ms": "< 10",
    "one of nine, to /api/instances/live, p95 ms": "< 10",
    f"{PUBLISHED}, p95 ms": "< 50",
    "1000 instances, 100 kiosks: API, p95 ms": "< 100",
    "memory at 9 instances, MiB": "< 120",
}
Figures = dict[str, float]


def spread(name: str, samples_ms: list[float]) -> Figures:
    """Median and 95th percentile."""
    return {f"{name}, p50 ms": percentile(samples_ms, 50), f"{name}, p95 ms": percentile(samples_ms, 95)}


async def by_events(stage: Stage, one: Backend, ordinals: list[int], *, ready: bool) -> list[float]:
    """Delays in ms until the event stream told each change."""
    wanted = "ready" if ready else "degraded"
    at_s = await stage.change(ordinals, ready=ready)
    ids = [f"instance-{ordinal}" for ordinal in ordinals]
    async with asyncio.timeout(20):
        while any(one.arrived[each][0] != wanted for each in ids):  # noqa: ASYNC110 - told by another task
            await asyncio.sleep(0.001)
    return [(one.arrived[each][1] - at_s) * 1000 for each in ids]


async def by_live(stage: Stage, one: Backend, ordinals: list[int], *, ready: bool) -> list[float]:
    """Delays in ms until an answer of ``/api/instances/live``, asked again and again, had each change."""
    wanted = "ready" if ready else "degraded"
    waiting = {f"instance-{ordinal}" for ordinal in ordinals}
    shown_s: list[float] = []

    async def ask() -> None:
        async with asyncio.timeout(20):
            while waiting:
                states = await one.live()
                now_s = time.monotonic()
                shown = {each for each in waiting if states[each] == wanted}
                waiting.difference_update(shown)
                shown_s.extend([now_s] * len(shown))

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(ask())
        await asyncio.sleep(0.01)
        at_s = await stage.change(ordinals, ready=ready)
    return [(each - at_s) * 1000 for each in shown_s]


async def nine(rounds: int) -> Figures:
    """Nine instances, one change at a time; memory."""
    to_events: list[float] = []
    to_live: list[float] = []
    async with staged(9) as stage, backend(stage, 9) as one:
        for number in range(rounds * 2):
            for ready in (False, True):
                measure, samples = (by_events, to_events) if number % 2 else (by_live, to_live)
                samples += await measure(stage, one, [number % 9], ready=ready)
                await asyncio.sleep(random.uniform(0.02, 0.08))
        memory = one.memory_mib
    return {
        **spread("one of nine, to the event stream", to_events),
        **spread("one of nine, to /api/instances/live", to_live),
        "memory at 9 instances, MiB": memory,
    }


def within(counts: dict[float, float], percent: int) -> float:
    """A percentile in ms of a cumulative histogram, taken as even inside each bucket."""
    wanted = counts[float("inf")] * percent / 100
    low_s = below = 0.0
    for upper_s, count in counts.items():
        if count >= wanted:
            return 1000 * (low_s + (upper_s - low_s) * (wanted - below) / (count - below))
        low_s, below = upper_s, count
    raise AssertionError("a histogram ends at infinity")


async def two_hundred(rounds: int) -> Figures:
    """Two hundred instances that change together."""
    to_events: list[float] = []
    to_live: list[float] = []
    costs_s: list[float] = []
    everyone = list(range(200))
    async with staged(200) as stage, backend(stage, 200) as one:
        before = await one.published()
        for number in range(rounds * 2):
            for ready in (False, True):
                if ready == bool(number % 2):
                    before_s = one.cpu_s
                    to_events += await by_events(stage, one, everyone, ready=ready)
                    costs_s.append(one.cpu_s - before_s)
                else:
                    to_live += await by_live(stage, one, everyone, ready=ready)
                await asyncio.sleep(0.5)
        published = {upper_s: count - before[upper_s] for upper_s, count in (await one.published()).items()}
    return {
        **{f"{PUBLISHED}, p{percent} ms": within(published, percent) for percent in (50, 95)},
        **spread("200 at once, to the event stream", to_events),
        **spread("200 at once, to /api/instances/live", to_live),
        "200 at once: processor time, ms": 1000 * statistics.mean(costs_s),
    }


async def thousand(seconds: float) -> Figures:
    """A thousand instances and a hundred kiosks on one replica, while pods change."""
    to_events: list[float] = []
    async with staged(1000) as stage, backend(stage, 1000) as one:
        async with program("tests.benchmarks._kiosks", one.url, "100", str(seconds)) as kiosks:
            assert kiosks.stdout is not None
            await kiosks.stdout.readline()
            cpu_s, began_s = one.cpu_s, time.monotonic()
            while time.monotonic() < began_s + seconds - 1:
                ordinal = random.randrange(1000)
                for ready in (False, True):
                    to_events += await by_events(stage, one, [ordinal], ready=ready)
                    await asyncio.sleep(0.1)
            cpu_percent = 100 * (one.cpu_s - cpu_s) / (time.monotonic() - began_s)
            report = json.loads(await kiosks.stdout.readline())
        by_path = report["delays_ms"]
        answers = [delay for path in ASKED for delay in by_path[path]]
        return {
            **spread("1000 instances, 100 kiosks: API", answers),
            **{f"1000 instances, 100 kiosks: {path}, worst ms": max(by_path[path]) for path in (routes.LIVE, *WATCHED)},
            **spread("1000 instances, 100 kiosks: event stream", to_events),
            "1000 instances, 100 kiosks: events lost": float(report["gaps"]),
            "1000 instances, 100 kiosks: % of a core": cpu_percent,
            "1000 instances: start to all ready, s": one.started_s,
            "memory at 1000 instances, MiB": one.memory_mib,
        }


async def textbook(rounds: int) -> tuple[Figures, Figures]:
    """The two baselines: a plain watch, and polling."""
    single, polled = [], []
    async with (
        staged(9) as stage,
        program("tests.benchmarks._textbook_watch", "poll", str(stage.kubeconfig)) as poll,
        program("tests.benchmarks._textbook_watch", "watch", str(stage.kubeconfig)) as watch,
    ):
        assert watch.stdout is not None
        assert poll.stdout is not None
        await watch.stdout.readline()
        written_s = []
        for number in range(rounds * 2):
            at_s = await stage.change([number % 9], ready=bool(number // 9 % 2), agent=TEXTBOOK_AGENT)
            written_s.append(at_s)
            single.append((json.loads(await watch.stdout.readline())["at_s"] - at_s) * 1000)
            await asyncio.sleep(random.uniform(0.1, 0.4))
        while (polled_s := json.loads(await poll.stdout.readline())["at_s"]) < written_s[-1]:
            polled += [(polled_s - at_s) * 1000 for at_s in written_s if at_s < polled_s and at_s > 0]
            written_s = [at_s for at_s in written_s if at_s > polled_s]
        polled += [(polled_s - at_s) * 1000 for at_s in written_s]
    many = []
    async with (
        staged(200) as stage,
        program("tests.benchmarks._textbook_watch", "watch", str(stage.kubeconfig)) as watch,
    ):
        assert watch.stdout is not None
        await watch.stdout.readline()
        for ready in (False, True) * 2:
            at_s = await stage.change(range(200), ready=ready, agent=TEXTBOOK_AGENT)
            many += [(json.loads(await watch.stdout.readline())["at_s"] - at_s) * 1000 for _ in range(200)]
            await asyncio.sleep(0.5)
    watched = spread("one of nine, to the event stream", single) | spread("200 at once, to the event stream", many)
    return watched, spread("one of nine, to /api/instances/live", polled)


def table(loco: Figures, watched: Figures, polled: Figures) -> str:
    """The figures side by side."""
    lines = [f"{'':58} {'loco':>9} {'Watch':>9} {'polling':>9}  goal"]
    for name, value in loco.items():
        cells = (f"{column[name]:9.1f}" if name in column else f"{'-':>9}" for column in (watched, polled))
        lines.append(f"{name:58} {value:9.1f} {' '.join(cells)}  {GOALS.get(name, '')}")
    return "\n".join(lines)


async def measure(options: argparse.Namespace) -> tuple[Figures, Figures, Figures]:
    """All of it."""
    loco = {
        **await nine(options.rounds),
        **await two_hundred(max(1, options.rounds // 10)),
        **await thousand(options.seconds),
    }
    return loco, *await textbook(options.rounds)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="./loco bench discovery", description=__doc__)
    parser.add_argument("--rounds", type=int, default=30, help="single changes of each kind, there and back")
    parser.add_argument("--seconds", type=float, default=15, help="of a thousand instances and a hundred kiosks")
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()
    loco, watched, polled = asyncio.run(measure(options))
    print(table(loco, watched, polled))
    if options.json is not None:
        document = {"loco": loco, "watch": watched, "polling": polled, "goals": GOALS}
        options.json.write_text(json.dumps(document, indent=2) + "\n")


if __name__ == "__main__":
    main()
