"""Runs the real kiosk with demo guests under an X server of its own, for benchmarks."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from loco_kiosk.check import processes
from loco_kiosk.check.report import ProcessCost
from tests.loco_kiosk.xvfb import x_display

ROOT = Path(__file__).resolve().parents[2]


def settings_file(directory: Path, scene: str) -> Path:
    """Settings whose demo guests show ``scene`` (yard, full or still)."""
    path = directory / f"{scene}.toml"
    arguments = json.dumps(["-fw_cfg", f"name=opt/loco/scene,string={scene}"])
    path.write_text(f"[guest]\nextra_arguments = {arguments}\n")
    return path


@contextmanager
def kiosk(directory: Path, scene: str, instances: int, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """The kiosk, as ``./loco demo`` starts it at 1280x720; ends it afterwards."""
    command = [sys.executable, "-m", "loco_kiosk", "--config", str(settings_file(directory, scene)), "--no-zeroconf"]
    command += ["--instances", str(instances), "--state-directory", str(directory / scene), *arguments]
    with x_display() as environment, (directory / f"{scene}.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=20)


def check(directory: Path, scene: str, instances: int, seconds: float) -> dict[str, Any]:
    """Report of ``--check``, with ``elapsed_s`` from the start of the program to its end added."""
    report = directory / f"{scene}.json"
    began_s = time.monotonic()
    with kiosk(directory, scene, instances, "--check", str(seconds), "--report", str(report)) as process:
        process.wait(timeout=seconds + 120)
    document: dict[str, Any] = json.loads(report.read_text())
    return document | {"elapsed_s": time.monotonic() - began_s}


def costs_at_rest(directory: Path, instances: int, seconds: float) -> tuple[ProcessCost, ...]:
    """What every process costs while nine still screens are watched; nobody touches a key."""
    with kiosk(directory, "still", instances) as process:
        _wait_until_live(process.pid, instances)
        before = processes.snapshot(process.pid)
        time.sleep(seconds)  # the measurement itself
        return processes.costs(before, process.pid)


def _wait_until_live(root: int, instances: int) -> None:
    """Wait until every guest runs and the start-up work is over: CPU use has come to rest."""
    deadline_s = time.monotonic() + 90
    calm = 0
    while calm < 3:
        if time.monotonic() > deadline_s:
            raise TimeoutError("the machines did not come to rest")
        before = processes.snapshot(root)
        time.sleep(1.0)  # a sample of one second
        now = processes.costs(before, root)
        guests = sum(cost.role == "qemu" for cost in now)
        calm = calm + 1 if guests == instances and sum(cost.cpu_s for cost in now) < 0.8 else 0


def work_directory() -> tempfile.TemporaryDirectory[str]:
    """A place for state and reports, removed afterwards."""
    return tempfile.TemporaryDirectory(prefix="loco-bench-", ignore_cleanup_errors=True)


def sums(costs: list[dict[str, Any]], key: str) -> dict[str, float]:
    """Sum of ``key`` of a report's processes by role."""
    total: dict[str, float] = {}
    for cost in costs:
        total[cost["role"]] = total.get(cost["role"], 0.0) + float(cost[key])
    return total


def environment() -> dict[str, str]:
    """For children that import from this checkout."""
    return {**os.environ, "PYTHONPATH": str(ROOT)}
