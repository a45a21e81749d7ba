import os
import signal
import subprocess
import sys

import pytest

from loco_kiosk.launch.child import Child, readable

STUBBORN = "import os, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); os.write({}, b'x'); time.sleep(60)"


def start(*command: str, inherited: int | None = None) -> Child:
    if inherited is None:
        return Child(subprocess.Popen(command))
    with open(inherited, "wb") as given:
        return Child(subprocess.Popen(command, pass_fds=(given.fileno(),)))


async def test_waiting_gives_the_exit_code() -> None:
    child = start(sys.executable, "-c", "raise SystemExit(7)")
    assert await child.wait() == 7
    assert await child.wait() == 7


async def test_a_polite_child_ends_by_the_first_signal() -> None:
    child = start("sleep", "60")
    await child.stop()
    assert await child.wait() == -signal.SIGTERM
    await child.stop()


async def test_a_stubborn_child_is_killed_and_that_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    read_end, write_end = os.pipe()
    child = start(sys.executable, "-c", STUBBORN.format(write_end), inherited=write_end)
    await readable(read_end)
    os.close(read_end)
    await child.stop(patience_s=0.1)
    assert await child.wait() == -signal.SIGKILL
    assert "is killed" in caplog.text


async def test_readable_returns_at_once_when_the_writer_is_gone() -> None:
    read_end, write_end = os.pipe()
    os.close(write_end)
    await readable(read_end)
    os.close(read_end)


def test_it_works_on_the_event_loop_of_qt() -> None:
    program = """
import asyncio, os, subprocess, sys
from PySide6.QtCore import QCoreApplication
import qasync
from loco_kiosk.launch.child import Child, readable
async def main():
    read_end, write_end = os.pipe()
    child = Child(subprocess.Popen(["sh", "-c", f"echo hello >&{write_end}; exit 3"], pass_fds=(write_end,)))
    os.close(write_end)
    async with asyncio.timeout(10):
        await readable(read_end)
        assert os.read(read_end, 100) == b"hello\\n"
        assert await child.wait() == 3
        stopped = Child(subprocess.Popen(["sleep", "60"]))
        await stopped.stop()
        assert await stopped.wait() == -15
    print("all well")
application = QCoreApplication([])
with qasync.QEventLoop(application) as loop:
    loop.run_until_complete(main())
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.strip() == "all well", done.stderr
