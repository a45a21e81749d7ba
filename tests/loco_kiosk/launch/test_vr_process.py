import asyncio
import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from loco_kiosk import settings
from loco_kiosk.launch import vr_process
from loco_kiosk.launch.vr_process import VrEnd, VrExit, VrProcess, VrStartError

STAND_IN = str(Path(__file__).with_name("vr_stand_in.py"))


@contextlib.contextmanager
def started(mode: str, directory: Path) -> Iterator[tuple[VrProcess, socket.socket]]:
    ours, theirs = socket.socketpair()
    memory = os.memfd_create("test")
    words = [sys.executable, STAND_IN, mode, "--feed-socket", str(theirs.fileno()), "--feed-memory", str(memory)]
    process = VrProcess(log_file=directory / "vr.log", environment=os.environ)
    try:
        with theirs:
            process.start(words, [theirs.fileno(), memory])
        os.close(memory)
        yield process, ours
    finally:
        ours.close()


async def end_of(mode: str, directory: Path) -> VrExit:
    with started(mode, directory) as (process, _ours):
        try:
            return await asyncio.wait_for(process.ended(), 20)
        finally:
            await process.stop()


@pytest.mark.parametrize(
    ("mode", "end", "words"),
    [
        ("leave", VrEnd.LEFT, ""),
        ("2", VrEnd.FAILED, "[vr] has no setting 'pth'; did you mean 'path'?"),
        ("3", VrEnd.NO_RUNTIME, "No OpenXR runtime is chosen on this machine."),
        ("4", VrEnd.SERVICE_DOWN, "The OpenXR runtime is installed, but its service does not run."),
        ("5", VrEnd.NO_HEADSET, "The runtime sees no headset."),
        ("6", VrEnd.NO_GRAPHICS, "No way to draw."),
        ("7", VrEnd.LOST, "The runtime ended in the middle."),
    ],
)
async def test_the_ends_are_told_apart(mode: str, end: VrEnd, words: str, tmp_path: Path) -> None:
    assert await end_of(mode, tmp_path) == VrExit(end, words)


@pytest.mark.parametrize(("mode", "words"), [("crash", "signal 11"), ("mute", "exit code 1. It said nothing.")])
async def test_a_crash_is_told_with_its_log(mode: str, words: str, tmp_path: Path) -> None:
    told = await end_of(mode, tmp_path)
    assert told.end is VrEnd.FAILED
    assert words in told.sentence
    assert str(tmp_path / "vr.log") in told.sentence


async def test_only_the_words_of_this_run_are_told(tmp_path: Path) -> None:
    await end_of("3", tmp_path)
    assert "OpenXR" not in (await end_of("mute", tmp_path)).sentence


async def test_told_to_stop_it_leaves_by_itself(tmp_path: Path) -> None:
    with started("stay", tmp_path) as (process, ours):
        ours.sendall(b'{"type": "stop", "reason": ""}\n')
        await process.stop()
        assert await process.ended() == VrExit(VrEnd.LEFT)


async def test_a_program_that_does_not_listen_is_killed(tmp_path: Path) -> None:
    with started("deaf", tmp_path) as (process, _ours):
        begun = time.monotonic()
        await process.stop(patience_s=0.4)
        assert time.monotonic() - begun < 3
        assert "signal 9" in (await process.ended()).sentence


def test_killing_the_kiosk_with_signal_9_ends_it(tmp_path: Path) -> None:
    program = f"""
import asyncio, os, socket, sys
from pathlib import Path
from loco_kiosk.launch.vr_process import VrProcess
ours, theirs = socket.socketpair()
memory = os.memfd_create("test")
process = VrProcess(log_file=Path({str(tmp_path)!r}) / "vr.log", environment=os.environ)
words = ["setpriv", "--pdeathsig", "TERM", "--", sys.executable, {STAND_IN!r}, "stay", "--feed-socket",
         str(theirs.fileno()), "--feed-memory", str(memory)]
process.start(words, [theirs.fileno(), memory])
print(process.pid, flush=True)
asyncio.run(process.ended())
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as kiosk:
        assert kiosk.stdout is not None
        child = int(kiosk.stdout.readline())
        kiosk.kill()
    deadline = time.monotonic() + 10
    while Path(f"/proc/{child}").exists():
        assert time.monotonic() < deadline, "VR outlived the kiosk"
        os.sched_yield()


async def test_a_program_that_is_not_there_is_named(tmp_path: Path) -> None:
    process = VrProcess(log_file=tmp_path / "vr.log", environment={})
    with pytest.raises(VrStartError, match="/nowhere/vr"):
        process.start(["/nowhere/vr"], [])
    await process.stop()


def test_the_command_line_names_the_feed_and_the_settings_file(tmp_path: Path) -> None:
    file = tmp_path / "loco.toml"
    file.write_text("")
    words = vr_process.command(settings.load(["--config", str(file)], {}), 7, 9)
    assert words[:4] == ["setpriv", "--pdeathsig", "TERM", "--"]
    assert " ".join(words).endswith(f"-m vr --feed-socket 7 --feed-memory 9 --config {file}")


def test_without_setpriv_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(VrStartError, match="setpriv"):
        vr_process.require_platform()


def test_the_package_is_found_from_any_directory_and_logs_and_keeps_files_where_the_kiosk_does(tmp_path: Path) -> None:
    loaded = settings.load(["--log-level", "debug", "--state-directory", str(tmp_path)], {})
    found = vr_process.environment({"PYTHONPATH": "/other", "LOCO_VR_LOG_FORMAT": "json"}, loaded)
    assert (Path(found["PYTHONPATH"].split(os.pathsep)[0]) / "loco_kiosk").is_dir()
    assert (found["LOCO_VR_LOG_LEVEL"], found["LOCO_VR_LOG_FORMAT"]) == ("debug", "json")
    assert found["LOCO_VR_STATE_DIRECTORY"] == str(tmp_path)
