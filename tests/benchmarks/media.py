"""``./loco bench media``: a picture's way from the guest's pixels to decoded planes, in four stacks.

All get the same moving clip (a game at 640x480, 30 pictures a second, changing nearly everywhere) on this machine, one
after the other, with one sender process a stream and one receiver process for all. *loco* is the real streamer and the
kiosk's real receive path, from BGRX pixels; *gst* is GStreamer's webrtcbin from the same pixels, with the same encoder
settings, no jitter buffer and FFmpeg's decoder; *textbook* is aiortc as its documentation shows it, from and to RGB;
*floor* is conversion, encoder and decoder alone. Delay is from the finished picture in the source to the decoded one in
the receiver. Processor time of a sender is divided by the pictures made, of the receiver by the pictures decoded.
"""

import argparse
import asyncio
import json
import os
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from loco_kiosk.check.report import percentile
from tests.benchmarks import _clip, _gst, _ours, _textbook_clip
from tests.benchmarks._arrivals import Run
from tests.benchmarks._children import child
from tests.benchmarks._product import work_directory

Figures = dict[str, float | None]
SENDER, RECEIVER, SUM = "sender, ms of CPU a picture", "receiver, ms of CPU a picture", "sum, ms of CPU a picture"
P50, P95, P99 = "capture to decoded, p50 ms", "capture to decoded, p95 ms", "capture to decoded, p99 ms"
FIRST = "offer to first picture, worst s"
ONE_MORE = "one more viewer, ms of CPU a picture"
STILL = "still screens, all processes, cores"
GOALS = {SENDER: "<= 2.3", RECEIVER: "<= 0.5", P50: "<= 3", P95: "<= 8", P99: "<= 15", FIRST: "<= 0.3"}
GOALS |= {ONE_MORE: "<= 0.2", STILL: "<= 0.12"}
RATIO_GOALS = {"gst": "<= 0.8", "textbook": "<= 0.3", "floor": "<= 1.8", "floor with conversion": ""}
MEASURES: dict[str, Callable[..., Awaitable[Run]]] = {
    "loco": _ours.measure,
    "gst": _gst.measure,
    "textbook": _textbook_clip.measure,
}
STACKS = (*MEASURES, "floor")


def figures_of(run: Run) -> Figures:
    """The table's column of a run."""
    delays = run.all_delays_ms()
    decoded = sum(len(run.window(stream)) for stream in range(len(run.arrivals)))
    sender = 1000 * run.sender_cpu_s / run.made() if decoded else None
    receiver = 1000 * run.receiver_cpu_s / decoded if decoded else None
    return {
        SENDER: sender,
        RECEIVER: receiver,
        SUM: sender + receiver if sender is not None and receiver is not None else None,
        P50: percentile(delays, 50) if delays else None,
        P95: percentile(delays, 95) if delays else None,
        P99: percentile(delays, 99) if delays else None,
        "slowest stream, pictures/s": min(len(run.window(stream)) for stream in range(len(run.arrivals))) / run.seconds,
        FIRST: max(run.first_s) if run.first_s else None,
        "receiver, MiB resident": run.receiver_rss_mib,
        "receiver, threads": float(run.receiver_threads),
    }


def figures_of_floor(stages_ms: dict[str, float]) -> Figures:
    """The floor has no transport."""
    sender = stages_ms["convert"] + stages_ms["encode"]
    figures: Figures = {SENDER: sender, RECEIVER: stages_ms["decode"], SUM: sender + stages_ms["decode"]}
    return figures | {f"{stage} alone, ms of CPU a picture": value for stage, value in stages_ms.items()}


def ratios(columns: dict[str, Figures]) -> dict[str, float]:
    """Our sum by theirs."""
    sums = {stack: figures[SUM] for stack, figures in columns.items()}
    if "floor" in columns:
        convert = columns["floor"]["convert alone, ms of CPU a picture"]
        sums["floor with conversion"] = sums["floor"]
        sums["floor"] = (sums["floor"] or 0) - (convert or 0)
    ours = sums.pop("loco", None)
    return {stack: ours / theirs for stack, theirs in sums.items() if ours and theirs}


def table(columns: dict[str, Figures]) -> str:
    """The figures side by side."""
    names = list(dict.fromkeys(name for figures in columns.values() for name in figures))
    lines = [f"{'':42}" + "".join(f" {stack:>9}" for stack in columns) + "  goal"]
    for name in names:
        cells = (figures.get(name) for figures in columns.values())
        texts = (f"{value:9.2f}" if value is not None else f"{'-':>9}" for value in cells)
        lines.append(f"{name:42} {' '.join(texts)}  {GOALS.get(name, '')}".rstrip())
    for stack, ratio in ratios(columns).items():
        lines.append(f"{'sum of CPU, loco / ' + stack:42} {ratio:9.2f}  {RATIO_GOALS[stack]}".rstrip())
    return "\n".join(lines)


async def floor(clip: Path, streams: int, seconds: float) -> Figures:
    """Measure the floor."""
    async with child("tests.benchmarks._codec_floor", clip, streams, seconds) as process:
        return figures_of_floor(await process.read())


async def measured(
    stacks: Sequence[str], streams: int, *, repeats: int, warm_up_s: float, seconds: float, extra: bool
) -> dict[str, Figures]:
    """All stacks by turns; each figure is the median of the repeats."""
    runs: dict[str, list[Figures]] = {stack: [] for stack in stacks}
    with work_directory() as name:
        clip = Path(name) / "clip"
        _clip.write(clip)
        for repeat in range(repeats):
            for stack in stacks:
                print(f"measuring {stack} ...", file=sys.stderr, flush=True)
                if stack == "floor":
                    runs[stack].append(await floor(clip, streams, seconds))
                    continue
                directory = Path(name) / f"{stack}-{repeat}"
                directory.mkdir()
                run = await MEASURES[stack](clip, directory, streams, warm_up_s=warm_up_s, seconds=seconds)
                runs[stack].append(figures_of(run))
        columns = {stack: _medians(figures) for stack, figures in runs.items()}
        if extra:
            columns["loco"] |= await _extra(clip, Path(name), streams, seconds)
    return columns


async def _extra(clip: Path, directory: Path, streams: int, seconds: float) -> Figures:
    """What only the product does."""
    alone, four = [await _ours.cpu_of_viewers(clip, _made(directory, n), n, seconds) for n in (1, 4)]
    still = await _ours.cpu_of_still(clip, _made(directory, 0), streams, seconds)
    return {ONE_MORE: (four - alone) / 3, STILL: still}


def _made(directory: Path, number: int) -> Path:
    (made := directory / f"extra-{number}").mkdir()
    return made


def _medians(runs: list[Figures]) -> Figures:
    known = {name: [value for figures in runs if (value := figures.get(name)) is not None] for name in runs[0]}
    return {name: statistics.median(values) if values else None for name, values in known.items()}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="./loco bench media", description=__doc__)
    parser.add_argument("--streams", type=int, default=9)
    parser.add_argument("--stack", action="append", choices=STACKS, help="only this one; may be repeated")
    parser.add_argument("--repeats", type=int, default=1, help="the stacks take turns, medians are shown")
    parser.add_argument("--warm-up-s", type=float, default=4)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--extra", action="store_true", help="also what one more viewer and still screens cost")
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()
    began_s = time.monotonic()
    columns = asyncio.run(
        measured(
            options.stack or STACKS,
            options.streams,
            repeats=options.repeats,
            warm_up_s=options.warm_up_s,
            seconds=options.seconds,
            extra=options.extra,
        )
    )
    print(f"{options.streams} streams, {os.cpu_count()} processors, {time.monotonic() - began_s:.0f} s in all\n")
    print(table(columns))
    if options.json is not None:
        document = {"streams": options.streams, "stacks": columns, "ratios": ratios(columns), "goals": GOALS}
        options.json.write_text(json.dumps(document, indent=2) + "\n")


if __name__ == "__main__":
    main()
