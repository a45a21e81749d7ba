import asyncio
import socket
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from backend.contract.reading import json_object
from backend.contract.status import GuestReport, GuestState
from backend.qemu import supervisor_socket
from backend.qemu.errors import SupervisorError
from backend.qemu.supervisor_socket import ask_restart, serve


@dataclass
class Supervisor:
    path: Path
    report: GuestReport = field(default_factory=lambda: GuestReport(GuestState.RUNNING))
    restarts: int = 0

    async def restart(self) -> None:
        self.restarts += 1
        self.report = GuestReport(GuestState.RESTARTING, "As was asked for.")


@pytest.fixture
async def supervisor() -> AsyncIterator[Supervisor]:
    with tempfile.TemporaryDirectory(prefix="loco-", dir="/tmp") as directory:
        one = Supervisor(Path(directory) / "supervisor.sock")
        async with await serve(one.path, report=lambda: one.report, restart=one.restart):
            yield one


async def test_who_asks_for_a_restart_gets_one_and_waits_for_it(supervisor: Supervisor) -> None:
    await ask_restart(supervisor.path)
    assert supervisor.restarts == 1
    assert supervisor.report.state is GuestState.RESTARTING


async def test_a_probe_gets_the_report_and_restarts_nothing(supervisor: Supervisor) -> None:
    reader, writer = await asyncio.open_unix_connection(supervisor.path)
    line = await reader.readline()
    writer.close()
    assert GuestReport.from_json(json_object(line, "The report")) == supervisor.report
    assert supervisor.restarts == 0


@pytest.mark.parametrize("said", [b"restart\n", b'{"ask": "explode"}\n', b"x" * 10_000 + b"\n", b"\xff\n", b"half"])
async def test_what_it_does_not_know_is_ignored_and_the_caller_let_go(
    supervisor: Supervisor, said: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor_socket, "ASK_S", 0.05)
    reader, writer = await asyncio.open_unix_connection(supervisor.path)
    writer.write(said)
    assert await reader.readline()
    assert await reader.read() == b""
    writer.close()
    assert supervisor.restarts == 0
    await ask_restart(supervisor.path)
    assert supervisor.restarts == 1


async def test_without_a_supervisor_the_words_say_what_to_restart(tmp_path: Path) -> None:
    with pytest.raises(SupervisorError, match="Restart the program or the container"):
        await ask_restart(tmp_path / "nobody.sock")


async def test_a_supervisor_that_is_stuck_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor_socket, "ANSWER_S", 0.05)
    with tempfile.TemporaryDirectory(prefix="loco-", dir="/tmp") as directory, socket.socket(socket.AF_UNIX) as stuck:
        path = Path(directory) / "supervisor.sock"
        stuck.bind(str(path))
        stuck.listen()
        with pytest.raises(SupervisorError, match="No loco-emulator answers"):
            await ask_restart(path)


async def test_a_supervisor_that_ends_meanwhile_is_told_from_one_that_did_it(supervisor: Supervisor) -> None:
    async def die() -> None:
        raise ConnectionResetError

    path = supervisor.path.with_name("dying.sock")
    async with await serve(path, report=lambda: supervisor.report, restart=die):
        with pytest.raises(SupervisorError, match="being stopped"):
            await ask_restart(path)
