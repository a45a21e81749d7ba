import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.vr.audio.listening import PIECE, level_db, tone
from vr.audio.errors import NoSoundError
from vr.audio.spatial import FULL, SpatialSound
from vr.audio.wall_sound import RETRY_S, WallSound
from vr.scene.geometry import ORIGIN, Vector

ROOT = Path(__file__).resolve().parents[3]
Loopback = Callable[[], SpatialSound]


@pytest.fixture
def opened() -> list[SpatialSound]:
    return []


@pytest.fixture
def wall(opened: list[SpatialSound]) -> Iterator[WallSound]:
    def opener() -> SpatialSound:
        opened.append(SpatialSound.open(loopback=True))
        return opened[-1]

    made = WallSound(opener)
    yield made
    made.close()


def pump_until(wall: WallSound, done: Callable[[], bool], now_s: float = 0.0) -> None:
    deadline = time.monotonic() + 20
    while not done():
        assert time.monotonic() < deadline
        wall.pump(now_s)
        time.sleep(0.002)


def test_sound_begins_once_a_device_is_found(wall: WallSound, opened: list[SpatialSound]) -> None:
    wall.set_levels(0.5, muted=False, mono=True)
    wall.push(0, tone(1))
    assert not wall.audible
    pump_until(wall, lambda: wall.audible)
    assert wall.notice == ""
    assert opened[0].volume == 0.5
    assert opened[0].mono
    wall.listener(ORIGIN)
    wall.place(0, Vector(0.0, 0.0, -2.0), FULL)
    for number in range(10):
        wall.push(0, tone(1))
        wall.pump(number * 0.02)
        heard = opened[0].render(PIECE)
    assert level_db(heard) > -40
    wall.forget(0)


def test_levels_can_change_while_it_plays(wall: WallSound, opened: list[SpatialSound]) -> None:
    pump_until(wall, lambda: wall.audible)
    wall.set_levels(0.25, muted=True, mono=False)
    assert (opened[0].volume, opened[0].muted, opened[0].mono) == (0.25, True, False)


def test_without_a_device_every_call_is_harmless_and_the_notice_says_why() -> None:
    attempts = []

    def refuse() -> SpatialSound:
        attempts.append(1)
        raise NoSoundError("No sound: nothing to hear it with.")

    wall = WallSound(refuse)
    pump_until(wall, lambda: bool(wall.notice))
    assert wall.notice == "No sound: nothing to hear it with."
    for number in range(100):
        wall.listener(ORIGIN)
        wall.place(0, Vector(0.0, 0.0, -2.0), FULL)
        wall.push(0, np.zeros(PIECE, np.int16))
        wall.forget(0)
        wall.pump(number * 0.01)
    assert len(attempts) == 1
    pump_until(wall, lambda: len(attempts) == 2, RETRY_S)
    pump_until(wall, lambda: wall._search is None, RETRY_S)
    for number in range(100):
        wall.pump(2 * RETRY_S + number * 0.01)
    assert len(attempts) == 2
    pump_until(wall, lambda: len(attempts) == 3, 3 * RETRY_S)
    assert wall.statistics().waiting_ms == 0
    wall.close()


def test_a_pump_never_waits_for_a_slow_device() -> None:
    may_answer, answers = threading.Event(), threading.Event()

    def slow() -> SpatialSound:
        may_answer.wait(30.0)
        answers.set()
        raise NoSoundError("No sound.")

    wall = WallSound(slow)
    for _ in range(20):
        wall.pump(0.0)
    assert not answers.is_set()
    may_answer.set()
    wall.close()


LOSE = """
import os, signal, subprocess, sys, time
import numpy as np
from vr.audio import wall_sound
from vr.audio.wall_sound import WallSound

wall_sound.RETRY_S = 0.05
socket = sys.argv[1]

def server():
    command = ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no"]
    modules = ["module-null-sink", f"module-native-protocol-unix socket={socket} auth-anonymous=1"]
    return subprocess.Popen([*command, *(part for name in modules for part in ("-L", name))])

def pump_until(done, what):
    deadline = time.monotonic() + 20
    while not done():
        if time.monotonic() > deadline:
            sys.exit(f"never {what}")
        wall.push(0, np.zeros(960, np.int16))
        wall.pump(time.monotonic())
        time.sleep(0.01)

wall = WallSound()
pump_until(lambda: wall.notice, "missed")
pulse = server()
try:
    pump_until(lambda: wall.audible, "began")
    pulse.terminate()
    pulse.wait()
    lost_s = time.monotonic()
    pump_until(lambda: not wall.audible, "noticed")
    print(f"noticed after {time.monotonic() - lost_s:.2f} s: {wall.notice}")
    pulse = server()
    pump_until(lambda: wall.audible, "came back")
    print("back:", repr(wall.notice))
finally:
    wall.close()
    pulse.terminate()
    pulse.wait()
"""


def test_sound_survives_the_end_of_the_sound_server(tmp_path: Path) -> None:
    """A real PulseAudio begins after the first look for one, ends, and another begins."""
    command = [sys.executable, "-c", LOSE, str(tmp_path / "server")]
    environment = {
        "ALSOFT_DRIVERS": "pulse",
        "PULSE_SERVER": f"unix:{tmp_path}/server",
        "HOME": str(tmp_path),
        "XDG_RUNTIME_DIR": str(tmp_path),
    }
    result = subprocess.run(
        command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, timeout=90, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert "the sound device has gone" in result.stdout
    assert "back: ''" in result.stdout
