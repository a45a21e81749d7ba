"""``./loco bench lan``: the guests' switch under load, beside ``vde_switch`` of Debian in the same run.

Nine guests, played by one thread over the sockets that QEMU uses. *wire* is the same load without a switch, each guest
sending to the next one's socket: what the way costs by itself, and how exact the clock of the load is. *loco, agents*
is the switch as in a cluster, each guest behind a port agent and TCP; its CPU is that of the switch alone.
"""

import argparse
import asyncio
import json
import os
import shutil
import socket
import sys
import tempfile
import time
from pathlib import Path

from loco_kiosk.check.report import percentile
from tests.benchmarks._children import cpu_s, rss_mib
from tests.benchmarks._lan_load import Load, Outcome
from tests.benchmarks._lan_switches import Agents, Loco, Vde, running

Figures = dict[str, float | None]
P50, P95 = "frame through the switch, p50 ms", "frame through the switch, p95 ms"
PACED_CPU, FULL_CPU = "CPU a frame at that pace, us", "CPU a frame flat out, us"
RATE, RESTART = "full frames, Mbit/s", "killed and started: all hear, s"
CORE_RATE = "full frames a core, Mbit/s"
GOALS = {P50: "< 0.3", P95: "< 1", RATE: ">= 300", FULL_CPU: "<= 15", RESTART: "<= 2"}


def figures_of(paced: Outcome, flat_out: Outcome, paced_cpu_s: float | None, full_cpu_s: float | None) -> Figures:
    """The table's column."""
    rate = flat_out.octets * 8 / flat_out.seconds / 1e6
    return {
        P50: percentile(paced.delays_ms, 50),
        P95: percentile(paced.delays_ms, 95),
        "frame through the switch, p99 ms": percentile(paced.delays_ms, 99),
        "frames lost at that pace": float(paced.sent - paced.received),
        PACED_CPU: None if paced_cpu_s is None else paced_cpu_s / paced.received * 1e6,
        RATE: rate,
        FULL_CPU: None if full_cpu_s is None else full_cpu_s / flat_out.received * 1e6,
        CORE_RATE: None if full_cpu_s is None else rate * flat_out.seconds / full_cpu_s,
    }


async def measured(switch: Loco | Vde, ports: int, rate: float, seconds: float) -> Figures:
    """One switch."""
    async with running(switch, ports) as (program, plugs):
        load = Load(plugs)
        load.introduce()
        began_s = cpu_s(program.pid)
        paced = load.paced(rate, seconds)
        paced_cpu_s = cpu_s(program.pid) - began_s
        began_s = cpu_s(program.pid)
        flat_out = load.flat_out(seconds)
        figures = figures_of(paced, flat_out, paced_cpu_s, cpu_s(program.pid) - began_s)
        figures["memory, MiB"] = rss_mib(program.pid)
        figures[RESTART] = None
        if isinstance(switch, Loco):
            await program.kill()
            await program.start()
            figures[RESTART] = await asyncio.to_thread(load.silence, switch.redial)
    return figures


def wire(ports: int, rate: float, seconds: float) -> Figures:
    """No switch."""
    pairs = [socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM) for _ in range(ports)]
    load = Load(pairs)
    try:
        return figures_of(load.paced(rate, seconds), load.flat_out(seconds), None, None)
    finally:
        for end in (end for pair in pairs for end in pair):
            end.close()


def columns_of(ports: int, rate: float, seconds: float) -> dict[str, Figures]:
    """All of them, one after the other."""
    if shutil.which("vde_switch") is None:
        raise SystemExit("vde_switch is missing: ./loco bench lan installs it, or install the package vde2.")
    columns = {"wire": wire(ports, rate, seconds)}
    for kind in (Loco, Agents, Vde):
        print(f"measuring {kind.name} ...", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory(prefix="loco-") as work:
            columns[kind.name] = asyncio.run(measured(kind(Path(work), ports), ports, rate, seconds))
    return columns


def table(columns: dict[str, Figures]) -> str:
    """The figures side by side."""
    lines = [f"{'':36}" + " ".join(f"{name:>12}" for name in columns) + "  goal"]
    for name in columns[Loco.name]:
        values = (figures.get(name) for figures in columns.values())
        cells = " ".join(f"{value:12.3f}" if value is not None else f"{'-':>12}" for value in values)
        lines.append(f"{name:36}{cells}  {GOALS.get(name, '')}".rstrip())
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="./loco bench lan", description=__doc__)
    parser.add_argument("--ports", type=int, default=9)
    parser.add_argument("--rate", type=float, default=2000, help="frames a second, of all guests together")
    parser.add_argument("--seconds", type=float, default=10, help="of each load, for each switch")
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()
    began_s = time.monotonic()
    columns = columns_of(options.ports, options.rate, options.seconds)
    print(f"{options.ports} ports, {os.cpu_count()} processors, {time.monotonic() - began_s:.0f} s in all\n")
    print(table(columns))
    if options.json is not None:
        options.json.write_text(json.dumps({"columns": columns, "goals": GOALS}, indent=2) + "\n")


if __name__ == "__main__":
    main()
