"""Starting and ending, with small programs in QEMU's place."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from backend.qemu import process
from backend.qemu.errors import ProgramError
from backend.qemu.process import LOG_TAIL_BYTES, QemuProcess, start

SHELL = Path("/bin/sh")


async def until_said(qemu: QemuProcess, words: str) -> None:
    async with asyncio.timeout(5):
        while words not in qemu.log_tail():  # noqa: ASYNC110 - no event tells of a file
            await asyncio.sleep(0.005)


async def test_its_words_and_its_status_are_kept(tmp_path: Path) -> None:
    qemu = await start(SHELL, ["-c", "echo out; echo err >&2; exit 3"], tmp_path / "qemu.log")
    assert await qemu.wait() == 3
    assert qemu.status == 3
    assert qemu.log_tail() == "out\nerr\n"


async def test_the_log_of_the_run_before_stays_beside_the_new_one(tmp_path: Path) -> None:
    log = tmp_path / "qemu.log"
    for words in ("first", "second"):
        await (await start(SHELL, ["-c", f"echo {words}"], log)).wait()
    assert log.read_text() == "second\n"
    assert log.with_name("qemu.log.old").read_text() == "first\n"


async def test_only_the_end_of_a_long_log_is_told(tmp_path: Path) -> None:
    qemu = await start(SHELL, ["-c", "head -c 20000 /dev/zero | tr '\\0' x; echo end"], tmp_path / "qemu.log")
    await qemu.wait()
    assert len(qemu.log_tail()) == LOG_TAIL_BYTES
    assert qemu.log_tail().endswith("xend\n")


async def test_a_log_that_vanished_tells_nothing(tmp_path: Path) -> None:
    qemu = await start(SHELL, ["-c", "exit 0"], tmp_path / "qemu.log")
    await qemu.wait()
    (tmp_path / "qemu.log").unlink()
    assert qemu.log_tail() == ""


async def test_it_is_asked_to_end_before_it_is_killed(tmp_path: Path) -> None:
    log = tmp_path / "qemu.log"
    qemu = await start(SHELL, ["-c", "trap 'echo asked; exit 0' TERM; echo up; while :; do sleep 0.01; done"], log)
    await until_said(qemu, "up")
    await qemu.stop()
    assert qemu.status == 0
    assert qemu.log_tail() == "up\nasked\n"


async def test_one_that_does_not_listen_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "QUIT_S", 0.05)
    log = tmp_path / "qemu.log"
    qemu = await start(SHELL, ["-c", "trap '' TERM; echo up; while :; do sleep 0.01; done"], log)
    await until_said(qemu, "up")
    await qemu.stop()
    assert qemu.status == -signal.SIGKILL
    await qemu.stop()  # a second time does no harm
    qemu.kill()


async def test_what_cannot_be_started_is_told(tmp_path: Path) -> None:
    with pytest.raises(ProgramError, match="cannot be started: No such file or directory"):
        await start(SHELL, [], tmp_path / "missing" / "qemu.log")


def test_it_dies_with_the_one_who_started_it_even_when_that_is_killed(tmp_path: Path) -> None:
    program = (
        "import asyncio, pathlib, sys\nfrom backend.qemu.process import start\n"
        "async def run():\n"
        "    qemu = await start(pathlib.Path('/bin/sleep'), ['60'], pathlib.Path(sys.argv[1]))\n"
        "    print(qemu.pid, flush=True)\n"
        "    await qemu.wait()\n"
        "asyncio.run(run())\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "qemu.log")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        until_runs(pid, "sleep")
        parent.kill()
    deadline = time.monotonic() + 5
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.005)
    assert not is_alive(pid)


def until_runs(pid: int, name: str) -> None:
    """Until setpriv has become the program, for its death signal holds from then on."""
    deadline = time.monotonic() + 5
    while name not in Path(f"/proc/{pid}/comm").read_text() and time.monotonic() < deadline:
        time.sleep(0.005)


def is_alive(pid: int) -> bool:
    """Running, and not only waiting for its parent to look."""
    try:
        os.kill(pid, 0)
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except (ProcessLookupError, FileNotFoundError):
        return False
