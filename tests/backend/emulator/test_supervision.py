import asyncio
import os
import signal
import time
from pathlib import Path

import pytest

from backend.contract.status import GuestState
from backend.emulator.probe import NO, YES
from backend.qemu.guest import Guest
from backend.qemu.run_directory import RunDirectory
from tests.backend.emulator.conftest import Pod, until
from tests.backend.emulator.test_probe import qemu_of

pytestmark = pytest.mark.qemu


async def test_it_stops_in_order_and_says_so(pod: Pod) -> None:
    async with pod.emulator() as process:
        await pod.until("ready")
        qemu = qemu_of(pod)
        began = time.monotonic()
        process.terminate()
        assert await process.wait() == 0
        assert time.monotonic() - began < 3
    with pytest.raises(ProcessLookupError):
        os.kill(qemu, 0)
    report = RunDirectory(pod.run).read_report()
    assert report is not None
    assert "container" in report.reason
    assert not [path.name for path in pod.run.iterdir() if path.suffix in (".qmp", ".sock")]


async def test_a_second_start_on_the_same_directories_is_from_the_snapshot(pod: Pod) -> None:
    """What a restart of the container is, also after a kill that left everything lying about."""
    async with pod.emulator() as process:
        await pod.until("ready")
        process.kill()
        await process.wait()
    assert (pod.run / "supervisor.sock").exists()
    async with pod.emulator():
        await pod.until("ready")
    assert pod.said.read_text().count("first time") == 1
    assert (pod.state / "instance-4" / "overlay.qcow2").exists()


async def test_an_attached_streamer_outlives_the_emulator(pod: Pod) -> None:
    """The streamer's side attaches to each new emulator by itself, and the emulator needs no streamer."""
    pictures = before = 0
    states: list[GuestState] = []

    def count() -> None:
        nonlocal pictures
        pictures += guest.screen.take() is not None

    guest = Guest(pod.run, on_picture=count, on_report=lambda report: states.append(report.state))
    async with asyncio.TaskGroup() as tasks:
        attached = tasks.create_task(guest.run())
        for _ in range(2):
            before = pictures
            async with pod.emulator():
                await until(lambda: pictures >= before + 10)  # noqa: B023 - awaited here and now
            await until(lambda: guest.report.state is GuestState.RESTARTING)
        attached.cancel()
    assert states.count(GuestState.RUNNING) >= 2


async def test_variables_describe_the_guest_and_a_missing_disk_is_named(pod: Pod) -> None:
    async with pod.emulator(LOCO_GUEST_IMAGE="/guest/missing.qcow2") as process:
        await pod.until("ready", lambda verdict: verdict.status == NO and "missing.qcow2" in verdict.reason)
        assert pod.ask("live").status == YES
        process.send_signal(signal.SIGINT)
        assert await process.wait() == 0


@pytest.mark.parametrize("stuck", [False, True], ids=["well", "stuck"])
async def test_a_streamer_has_qemu_started_anew_through_its_guest(pod: Pod, stuck: bool) -> None:
    """Also a QEMU that answers nothing any more, as which SIGSTOP leaves it."""
    guest = Guest(pod.run, on_picture=lambda: None, on_report=lambda _report: None)
    async with pod.emulator(), asyncio.TaskGroup() as tasks:
        attached = tasks.create_task(guest.run())
        await pod.until("ready")
        await until(lambda: guest.report.state is GuestState.RUNNING)
        first = qemu_of(pod)
        if stuck:
            os.kill(first, signal.SIGSTOP)
        await guest.restart()
        with pytest.raises(ProcessLookupError):
            os.kill(first, 0)
        await pod.until("ready")
        await until(lambda: guest.report.state is GuestState.RUNNING)
        assert qemu_of(pod) != first
        attached.cancel()
    said = pod.said.read_text()
    assert "as was asked for" in said
    assert "started again at once" not in said, "a wanted end is no failure"


async def test_a_killed_qemu_is_started_again(pod: Pod) -> None:
    async with pod.emulator():
        await pod.until("ready")
        first = qemu_of(pod)
        os.kill(first, signal.SIGKILL)
        await pod.until("ready", lambda verdict: verdict.status != YES)
        await pod.until("ready")
        assert qemu_of(pod) != first


@pytest.mark.parametrize(("variables", "mac"), [({}, "02:4c:4f:43:00:04"), ({"LOCO_EMULATOR_LAN_SITE": "hall"}, "02:")])
async def test_the_guest_hangs_on_the_port_beside_it(pod: Pod, variables: dict[str, str], mac: str) -> None:
    async with pod.emulator(LOCO_EMULATOR_LAN="yes", **variables):
        await pod.until("ready")
        arguments = Path(f"/proc/{qemu_of(pod)}/cmdline").read_text()  # noqa: ASYNC240 - no disk
        assert f"local.path={pod.run}/lan.guest,remote.type=unix,remote.path={pod.run}/lan.switch" in arguments
        assert f"netdev=lan,mac={mac}" in arguments
        assert (pod.run / "lan.guest").is_socket()


async def test_without_a_lan_it_has_no_card(pod: Pod) -> None:
    async with pod.emulator():
        await pod.until("ready")
        assert "netdev" not in Path(f"/proc/{qemu_of(pod)}/cmdline").read_text()  # noqa: ASYNC240 - no disk
