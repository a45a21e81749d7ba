"""``./loco bench grid``: nine guests in the real kiosk, beside a textbook aiortc sender and receiver in the same run.

The product runs whole: QEMU, streamers, backend, and the kiosk with its window under Xvfb at 1280x720. The baseline has
the same guests and no window: nine sender processes as aiortc's documentation shows them (poll at 30 fps, RGB, default
encoder) and one receiver that decodes to RGB. So the comparison favours the baseline.
"""

import argparse
import asyncio
import json
import statistics
from pathlib import Path
from typing import Any

from loco_kiosk.check.report import percentile
from tests.benchmarks import _product, _textbook

GOALS = {
    "slowest tile, pictures/s": ">= 27",
    "key to picture, p50 ms": "< 20",
    "key to picture, p95 ms": "< 50",
    "start to nine live tiles, s": "< 8",
    "memory of everything, MiB (PSS)": "< 2560",
    "nine still screens, % of a core without QEMU": "< 15",
}


def figures_of_product(moving: dict[str, Any], rest: tuple[Any, ...], rest_s: float) -> dict[str, float | None]:
    """The figures of the table from a report and the costs at rest."""
    tiles = moving["tiles"]
    cpu = _product.sums(moving["processes"], "cpu_s")
    without_qemu = sum(cost.cpu_s for cost in rest if cost.role != "qemu")
    return {
        "slowest tile, pictures/s": min(tile["fps_presented"] for tile in tiles),
        "key to picture, p50 ms": moving["key_to_picture_ms"]["p50"],
        "key to picture, p95 ms": moving["key_to_picture_ms"]["p95"],
        "key to picture, worst tile's p95 ms": _worst([tile["key_to_picture_ms"]["p95"] for tile in tiles]),
        "capture to screen, p50 ms": _median([tile["capture_to_swap_ms"]["p50"] for tile in tiles]),
        "capture to screen, p95 ms": _worst([tile["capture_to_swap_ms"]["p95"] for tile in tiles]),
        "start to nine live tiles, s": moving["start_s"],
        "streamers, % of a core": 100 * cpu.get("streamer", 0.0) / moving["seconds"],
        "kiosk, % of a core": 100 * cpu.get("kiosk", 0.0) / moving["seconds"],
        "QEMU, % of a core": 100 * cpu.get("qemu", 0.0) / moving["seconds"],
        "memory of everything, MiB (PSS)": sum(cost.pss_mib for cost in rest),
        "nine still screens, % of a core without QEMU": 100 * without_qemu / rest_s,
    }


def figures_of_textbook(measured: dict[str, Any]) -> dict[str, float | None]:
    """The same figures of the baseline, where it has them."""
    delays, keys = measured["delays_ms"], measured["key_delays_ms"]
    return {
        "slowest tile, pictures/s": min(measured["fps"]),
        "key to picture, p50 ms": percentile(keys, 50) if keys else None,
        "key to picture, p95 ms": percentile(keys, 95) if keys else None,
        "capture to decoded, p50 ms": percentile(delays, 50) if delays else None,
        "capture to decoded, p95 ms": percentile(delays, 95) if delays else None,
        "connections that broke off": measured["broke_off"],
        "kiosk, % of a core": 100 * measured["receiver_cpu_s"] / measured["seconds"],
    }


def _median(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None


def _worst(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return max(known) if known else None


def table(product: dict[str, float | None], textbook: dict[str, float | None]) -> str:
    """The figures side by side."""
    names = [*product, *(name for name in textbook if name not in product)]
    lines = [f"{'':46} {'loco':>9} {'textbook':>9}  goal"]
    for name in names:
        cells = (
            f"{value:9.1f}" if value is not None else f"{'-':>9}" for value in (product.get(name), textbook.get(name))
        )
        lines.append(f"{name:46} {' '.join(cells)}  {GOALS.get(name, '')}")
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="./loco bench grid", description=__doc__)
    parser.add_argument("--instances", type=int, default=9)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()
    with _product.work_directory() as name:
        directory = Path(name)
        _product.check(directory, "yard", options.instances, 2)  # first boot: makes the snapshots
        moving = _product.check(directory, "yard", options.instances, options.seconds)
        moving["start_s"] = moving["platform"]["start_to_live_s"]
        rest = _product.costs_at_rest(directory, options.instances, options.seconds)
        product = figures_of_product(moving, rest, options.seconds)
        textbook = figures_of_textbook(
            asyncio.run(_textbook.measure(directory, "yard", options.instances, options.seconds))
        )
    print(table(product, textbook))
    if options.json is not None:
        options.json.write_text(json.dumps({"loco": product, "textbook": textbook, "goals": GOALS}, indent=2) + "\n")


if __name__ == "__main__":
    main()
