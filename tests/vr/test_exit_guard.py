"""An end that cannot hang."""

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HANGS = """
import threading
from vr import exit_guard
with exit_guard.bounded(7, {patience_s}, "It hangs."):
    threading.Event().wait({seconds})
print("came through")
"""


def run(seconds: float, patience_s: float) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", HANGS.format(seconds=seconds, patience_s=patience_s)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=30)


def test_a_call_that_never_returns_is_left_behind_with_the_whole_process() -> None:
    started_s = time.monotonic()
    done = run(60, 0.2)
    assert done.returncode == 7
    assert done.stderr == "loco-vr: It hangs.\n"
    assert time.monotonic() - started_s < 10


def test_a_call_that_returns_in_time_is_not_disturbed() -> None:
    done = run(0.01, 60)
    assert (done.returncode, done.stdout) == (0, "came through\n")
