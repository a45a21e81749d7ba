"""``./loco bench input``: from a key press to the decoded picture that shows it, with real guests.

The demo guest changes an area of its screen with each press. *guest* is that change seen at QEMU's display, without any
stream: what no stream can be faster than. *loco* is the real streamer and the kiosk's receive path, in the grid and
zoomed; *textbook* is aiortc as its documentation shows it. Nine guests play at once and one of them is typed into, by
turns, at random moments: the guest's keyboard is in one person's hands.
"""

import argparse
import asyncio
import json
import os
import socket
import sys
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from loco_kiosk.check.report import percentile
from tests.benchmarks import _textbook
from tests.benchmarks._children import child
from tests.benchmarks._ours import Sender, straight
from tests.benchmarks._product import work_directory
from tests.loco_kiosk.fake_backend import Broker, FakeBackend

Figures = dict[str, float | None]
P50, P95 = "key to decoded picture, p50 ms", "key to decoded picture, p95 ms"
GOALS = {P50: "<= 8", P95: "<= 20"}


def figures_of(answers_ms: list[float], unanswered: int | None) -> Figures:
    """The table's column."""
    return {
        P50: percentile(answers_ms, 50) if answers_ms else None,
        P95: percentile(answers_ms, 95) if answers_ms else None,
        "key to decoded picture, p99 ms": percentile(answers_ms, 99) if answers_ms else None,
        "presses answered": float(len(answers_ms)),
        "presses without answer": None if unanswered is None else float(unanswered),
    }


def figures_of_report(report: list[dict[str, Any]]) -> Figures:
    """Of all instances together."""
    answers = [answer for each in report for answer in each["answers_ms"]]
    return figures_of(answers, sum(each["unanswered"] for each in report))


async def ours(run_directories: list[Path], tier: str, seconds: float) -> Figures:
    """The product."""
    streamers: dict[str, Broker] = {}
    async with AsyncExitStack() as stack:
        for number, directory in enumerate(run_directories):
            listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
            options = ["--directory", directory, "--instance", f"instance-{number}", "--listen-fd", listener.fileno()]
            options += ["--media-addresses", "127.0.0.1", "--log-level", "warning"]
            process = await stack.enter_async_context(child("backend.streamer", *options, pass_fds=[listener.fileno()]))
            url = f"http://127.0.0.1:{listener.getsockname()[1]}"
            streamers[f"instance-{number}"] = Sender(url, process.pid, straight)
        backend = await stack.enter_async_context(FakeBackend(streamers))
        receiver = await stack.enter_async_context(
            child("tests.benchmarks._input_receiver", backend.url, len(streamers), seconds, tier)
        )
        return figures_of_report(await receiver.read(seconds + 90))


async def measured(instances: int, seconds: float, scene: str) -> dict[str, Figures]:
    """All of them on the same guests, one after the other."""
    with work_directory() as work:
        directory = Path(work)
        async with _textbook.guests(directory, scene, instances) as run_directories:
            _say("guest")
            async with child("tests.benchmarks._guest_floor", seconds, *run_directories) as process:
                columns = {"guest": figures_of_report(await process.read(seconds + 90))}
            for name, tier in (("loco", "grid"), ("zoomed", "zoomed")):
                _say(name)
                columns[name] = await ours(run_directories, tier, seconds)
            _say("textbook")
            textbook = await _textbook.measure_on(run_directories, directory, seconds)
            columns["textbook"] = figures_of(textbook["key_delays_ms"], None)
    return columns


def _say(stack: str) -> None:
    print(f"measuring {stack} ...", file=sys.stderr, flush=True)


def table(columns: dict[str, Figures]) -> str:
    """The figures side by side."""
    lines = [f"{'':36}" + " ".join(f"{stack:>9}" for stack in columns) + "  goal"]
    for name in next(iter(columns.values())):
        values = (figures[name] for figures in columns.values())
        cells = " ".join(f"{value:9.1f}" if value is not None else f"{'-':>9}" for value in values)
        lines.append(f"{name:36}{cells}  {GOALS.get(name, '')}".rstrip())
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="./loco bench input", description=__doc__)
    parser.add_argument("--instances", type=int, default=9)
    parser.add_argument("--seconds", type=float, default=15, help="of presses, for each stack")
    parser.add_argument("--scene", default="yard", choices=("yard", "full", "still"))
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()
    began_s = time.monotonic()
    columns = asyncio.run(measured(options.instances, options.seconds, options.scene))
    print(f"{options.instances} guests, {os.cpu_count()} processors, {time.monotonic() - began_s:.0f} s in all\n")
    print(table(columns))
    if options.json is not None:
        options.json.write_text(json.dumps({"columns": columns, "goals": GOALS}, indent=2) + "\n")


if __name__ == "__main__":
    main()
