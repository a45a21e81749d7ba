import asyncio
import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

import pytest

from backend.contract.retry import Backoff
from loco_kiosk import settings
from loco_kiosk.launch import embedded
from loco_kiosk.launch.embedded import EmbeddedBackend, EmbeddedError, EmbeddedReport

STAND_IN = str(Path(__file__).with_name("stand_in.py"))
QUICK = Backoff(initial_s=0.05, maximum_s=0.1)


def stand_in(mode: str) -> Callable[[int, int], Sequence[str]]:
    return lambda port, ready: [sys.executable, STAND_IN, mode, str(port), str(ready)]


class Running:
    """The embedded backend with everything that it reported."""

    def __init__(self, command: Callable[[int, int], Sequence[str]], log_file: Path, timeout_s: float = 10) -> None:
        self.reports: asyncio.Queue[EmbeddedReport] = asyncio.Queue()
        self.backend = EmbeddedBackend(
            command,
            log_file=log_file,
            environment=os.environ,
            on_report=self.reports.put_nowait,
            backoff=QUICK,
            ready_timeout_s=timeout_s,
        )

    async def next(self) -> EmbeddedReport:
        return await asyncio.wait_for(self.reports.get(), 10)


@contextlib.asynccontextmanager
async def running(
    command: Callable[[int, int], Sequence[str]], log_file: Path, timeout_s: float = 10
) -> AsyncIterator[Running]:
    started = Running(command, log_file, timeout_s)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(started.backend.run())
        try:
            yield started
        finally:
            task.cancel()


def pids_of(word: str) -> list[int]:
    """Processes with ``word`` in their command line."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if word in path.read_text() and int(path.parent.name) != os.getpid():
                found.append(int(path.parent.name))
    return found


async def test_the_ready_line_gives_the_address_even_in_pieces(tmp_path: Path) -> None:
    async with running(stand_in("works"), tmp_path / "backend.log") as started:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", (await started.next()).url)


async def test_after_a_crash_it_starts_again_at_the_same_port_and_says_so(tmp_path: Path) -> None:
    async with running(stand_in("works"), tmp_path / "backend.log") as started:
        first = await started.next()
        (pid,) = pids_of(STAND_IN)
        os.kill(pid, signal.SIGKILL)
        gone = await started.next()
        assert gone.url == ""
        assert "signal 9" in gone.reason
        assert "started again in" in gone.reason
        assert await started.next() == first


async def test_stopping_leaves_no_process(tmp_path: Path) -> None:
    async with running(stand_in("works"), tmp_path / "backend.log") as started:
        await started.next()
        assert pids_of(STAND_IN)
    assert not pids_of(STAND_IN)


async def test_the_backends_own_sentence_reaches_the_person(tmp_path: Path) -> None:
    async with running(stand_in("fails"), tmp_path / "backend.log") as started:
        report = await started.next()
    assert "QEMU is missing: install qemu-system-x86." in report.reason
    assert "exit code 2" in report.reason
    assert str(tmp_path / "backend.log") in report.reason


@pytest.mark.parametrize(
    ("mode", "told"),
    [("garbage", "does not speak as expected"), ("endless", "does not speak as expected"), ("no-address", "gopher")],
)
async def test_garbage_on_the_ready_descriptor_is_told_plainly(tmp_path: Path, mode: str, told: str) -> None:
    async with running(stand_in(mode), tmp_path / "backend.log") as started:
        assert told in (await started.next()).reason
    assert not pids_of(STAND_IN)


async def test_a_backend_that_never_gets_ready_is_given_up_and_ended(tmp_path: Path) -> None:
    async with running(stand_in("silent"), tmp_path / "backend.log", timeout_s=0.3) as started:
        assert "was not ready within" in (await started.next()).reason
    assert not pids_of(STAND_IN)


async def test_a_program_that_is_not_there_is_named(tmp_path: Path) -> None:
    async with running(lambda _port, _ready: ["/nowhere/loco"], tmp_path / "backend.log") as started:
        assert "/nowhere/loco" in (await started.next()).reason


async def test_a_log_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    async with running(stand_in("works"), tmp_path / "file" / "backend.log") as started:
        assert "Cannot start guests" in (await started.next()).reason


def test_killing_the_kiosk_with_signal_9_leaves_no_child(tmp_path: Path) -> None:
    program = f"""
import asyncio, os, sys
from pathlib import Path
from loco_kiosk.launch.embedded import EmbeddedBackend
backend = EmbeddedBackend(
    lambda port, ready: ["setpriv", "--pdeathsig", "TERM", "--", sys.executable, {STAND_IN!r}, "works", str(port),
                         str(ready)],
    log_file=Path({str(tmp_path)!r}) / "backend.log", environment=os.environ,
    on_report=lambda report: print(report.url, flush=True))
asyncio.run(backend.run())
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as kiosk:
        assert kiosk.stdout is not None
        assert kiosk.stdout.readline().startswith(b"http://")
        children = [pid for pid in pids_of(STAND_IN) if pid != kiosk.pid]
        assert children
        kiosk.kill()
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in children):
        assert time.monotonic() < deadline, "the backend outlived the kiosk"
        os.sched_yield()


def test_the_command_line_carries_the_settings(tmp_path: Path) -> None:
    file = tmp_path / "loco.toml"
    file.write_text("")
    flags = ["--config", str(file), "--instances", "3", "--state-directory", str(tmp_path)]
    words = embedded.command(settings.load(flags, {}), 8123, 5)
    assert words[:7] == ["nice", "-n", "5", "setpriv", "--pdeathsig", "TERM", "--"]
    text = " ".join(words)
    for part in ("--local 3", "--port 8123", "--ready-fd 5", f"--config {file}", f"--state-directory {tmp_path}"):
        assert part in text


def test_without_setpriv_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(EmbeddedError, match="--backend URL"):
        embedded.command(settings.load([], {}), 0, 5)


def test_the_package_is_found_from_any_directory() -> None:
    found = embedded.environment({"PYTHONPATH": "/other", "HOME": "/root"})
    assert found["PYTHONPATH"].split(os.pathsep)[1] == "/other"
    assert (Path(found["PYTHONPATH"].split(os.pathsep)[0]) / "backend" / "contract").is_dir()
