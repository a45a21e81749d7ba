import os
import subprocess
import sys
from pathlib import Path

import numpy as np

from vr.audio import openal
from vr.audio.device import LoopbackDevice

ROOT = Path(__file__).resolve().parents[3]
PLAY = """
import sys, time
import numpy as np
from vr.audio.errors import NoSoundError
from vr.audio.spatial import SpatialSound
try:
    sound = SpatialSound.open()
except NoSoundError as error:
    sys.exit(str(error))
signal = (8000 * np.sin(np.arange(960 * 75) * 2 * np.pi * 440 / 48000)).astype(np.int16)
start_s = time.monotonic()
for number in range(75):
    sound.push(0, signal[number * 960:(number + 1) * 960])
    while (now_s := time.monotonic()) < start_s + number * 0.020:
        sound.pump(now_s)
        time.sleep(0.005)
    sound.pump(now_s)
figures = sound.statistics()
sound.close()
print(figures.late, round(figures.dropped_ms))
"""


def play(**environment: str) -> subprocess.CompletedProcess[str]:
    """Play a second and a half of a tone in a process of its own: OpenAL reads its environment once."""
    command = [sys.executable, "-c", PLAY]
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, timeout=60, check=False
    )


def test_a_loopback_device_renders_silence_while_nothing_plays() -> None:
    device = LoopbackDevice(openal.load())
    block = device.render(480)
    assert device.connected
    assert device.hrtf
    device.close()
    assert block.shape == (480, 2)
    assert not block.any()


def test_without_a_sound_device_a_sentence_says_what_to_do() -> None:
    result = play(ALSOFT_DRIVERS="pulse", PULSE_SERVER="unix:/nowhere")
    assert result.returncode == 1
    assert "this machine offers no sound device" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_device_with_a_clock_of_its_own_hears_the_tone_in_full(tmp_path: Path) -> None:
    """OpenAL's own thread mixes in real time here, into a file."""
    recording, settings = tmp_path / "heard.wav", tmp_path / "alsoft.conf"
    settings.write_text(f"[general]\nsample-type = int16\nfrequency = 48000\n[wave]\nfile = {recording}\n")
    result = play(ALSOFT_DRIVERS="wave", ALSOFT_CONF=str(settings))
    assert result.returncode == 0, result.stderr
    heard = _samples(recording)
    loud = np.flatnonzero(np.abs(heard[:, 0]) > 0.01)
    middle = heard[loud[0] + 480 : loud[-1] - 480]
    assert len(middle) > 48_000
    windows = np.abs(middle[: len(middle) // 480 * 480, 0]).reshape(-1, 480).max(axis=1)
    late, _dropped_ms = map(int, result.stdout.split())
    # A machine that is busy elsewhere may deliver late; then the gaps are counted, one for one.
    assert np.count_nonzero(np.diff((windows < 0.01).astype(int)) > 0) <= late


def _samples(recording: Path) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Of a WAV file of 16 bit stereo; OpenAL writes an extensible header, which the module ``wave`` refuses."""
    content = recording.read_bytes()
    start = content.index(b"data") + 8
    return np.frombuffer(content[start : start + (len(content) - start) // 4 * 4], np.int16).reshape(-1, 2) / 32_768
