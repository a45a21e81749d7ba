"""The whole program in a process of its own, with a backend that is not there."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.loco_kiosk.xvfb import x_display

ROOT = Path(__file__).parents[2]


@pytest.mark.timeout(90)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_kiosk_waits_for_its_backend_and_ends_in_order(number: signal.Signals, tmp_path: Path) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_CONFIG_HOME": str(tmp_path)}
    command = [sys.executable, "-m", "loco_kiosk", "--no-fullscreen", "--backend", "http://127.0.0.1:9"]
    log = tmp_path / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=output)
        deadline = time.monotonic() + 60
        while "cannot be reached" not in log.read_text() and time.monotonic() < deadline and process.poll() is None:
            time.sleep(0.05)
        process.send_signal(number)
        code = process.wait(30)
    text = log.read_text()
    assert "cannot be reached" in text
    assert code == 0, text
    assert "Traceback" not in text


@pytest.mark.gl
@pytest.mark.timeout(90)
def test_a_display_that_goes_away_ends_the_kiosk_with_one_sentence(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "loco_kiosk", "--no-fullscreen", "--backend", "http://127.0.0.1:9"]
    log = tmp_path / "log"
    with x_display() as environment, log.open("wb") as output:
        environment |= {"XDG_CONFIG_HOME": str(tmp_path)}
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=output)
        deadline = time.monotonic() + 60
        while "cannot be reached" not in log.read_text() and time.monotonic() < deadline and process.poll() is None:
            time.sleep(0.05)
        before = len(log.read_text())
    assert process.wait(30) == 1
    (said,) = log.read_text()[before:].splitlines()
    assert said.startswith("loco-kiosk: The display went away")
