import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from backend.contract.status import GuestReport, GuestState
from backend.emulator.probe import NO, SILENCE, YES, ask
from backend.qemu.run_directory import RunDirectory
from tests.backend.emulator.conftest import ROOT, Pod


@contextmanager
def answering(path: Path, line: bytes) -> Iterator[None]:
    """A socket that says ``line`` to whoever connects; nothing: it stays silent."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        kept = []

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                connection.sendall(line)
                if line:
                    connection.close()
                kept.append(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        yield
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()
        for connection in kept:
            connection.close()


def reporting(pod: Pod, state: GuestState, reason: str = "") -> bytes:
    pod.run.mkdir(exist_ok=True)
    return json.dumps(GuestReport(state, reason).to_json()).encode() + b"\n"


@pytest.mark.parametrize("kind", ["startup", "ready", "live"])
def test_nobody_there_is_told_from_a_no(pod: Pod, kind: str) -> None:
    verdict = pod.ask(kind)
    assert verdict.status == SILENCE
    assert "does not answer" in verdict.reason


def test_a_guest_that_boots_is_alive_but_not_ready_and_says_why(pod: Pod) -> None:
    line = reporting(pod, GuestState.BOOTING, "The guest boots for the first time.")
    with answering(RunDirectory(pod.run).supervisor, line):
        assert pod.ask("startup").status == YES
        assert pod.ask("live").status == YES
        ready = pod.ask("ready")
    assert ready.status == NO
    assert "boots for the first time" in ready.reason


def test_a_qemu_that_does_not_greet_is_neither_alive_nor_ready(pod: Pod) -> None:
    line = reporting(pod, GuestState.RUNNING)
    directory = RunDirectory(pod.run)
    with answering(directory.supervisor, line), answering(directory.control, b""):
        began = time.monotonic()
        assert pod.ask("live").status == NO
        assert pod.ask("ready").status == NO
        assert pod.ask("startup").status == YES
        assert time.monotonic() - began < 2 * 2.0


@pytest.mark.parametrize("line", [b"nonsense\n", b'{"state": "dancing"}\n', b"\n", b"[]\n", b'{"state": "running"'])
def test_an_answer_that_is_none_is_silence(pod: Pod, line: bytes) -> None:
    pod.run.mkdir()
    with answering(RunDirectory(pod.run).supervisor, line):
        assert pod.ask("ready").status == SILENCE


def test_a_probe_is_a_small_program() -> None:
    """It runs every few seconds on each of nine PCs."""
    program = "import sys, backend.emulator.app; print(*sys.modules)"
    said = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert not {"asyncio", "numpy", "qemu.qmp"} & set(said.split())


@pytest.mark.qemu
async def test_a_stopped_qemu_is_noticed_and_a_continued_one_is_well(pod: Pod) -> None:
    async with pod.emulator():
        await pod.until("ready")
        assert ask("live", pod.run).status == YES
        qemu = qemu_of(pod)
        os.kill(qemu, signal.SIGSTOP)
        await pod.until("live", lambda verdict: verdict.status == NO)
        os.kill(qemu, signal.SIGCONT)
        await pod.until("live")


def qemu_of(pod: Pod) -> int:
    """By its command line, which names its sockets."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        words = path.read_bytes()
        if words.startswith((b"qemu", b"/usr/bin/qemu")) and str(pod.run).encode() in words:
            return int(path.parent.name)
    raise LookupError(pod.said.read_text())
