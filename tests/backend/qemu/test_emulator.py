import asyncio
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from backend.contract.status import GuestState
from backend.qemu.settings import GuestSettings
from tests.backend.qemu.conftest import Boot, Machine

NOT_QEMU = "#!/bin/sh\necho 'qemu: cannot set up guest memory: Cannot allocate memory' >&2\nexit 1\n"


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def until_told(machine: Machine, words: str) -> None:
    await machine.until(lambda: any(words in report.reason for report in machine.emulator_reports), words)


@pytest.mark.qemu
async def test_the_second_start_is_from_the_snapshot_and_quick(boot: Boot, short_directory: Path) -> None:
    async with boot() as machine:
        cold = await machine.until_demo()
    async with boot() as machine:
        warm = await machine.until_demo()
        print(f"start to picture: cold {cold * 1000:.0f} ms, from snapshot {warm * 1000:.0f} ms")
        assert warm < 2
        assert not any("first time" in report.reason for report in machine.emulator_reports)


@pytest.mark.qemu
async def test_nothing_is_left_after_cancellation(boot: Boot, short_directory: Path) -> None:
    async with boot() as machine:
        await machine.until_demo()
        pid = machine.emulator.pid
        assert pid is not None
        began = time.monotonic()
    print(f"stopped in {(time.monotonic() - began) * 1000:.0f} ms")
    assert not is_running(pid)
    assert machine.emulator.pid is None
    assert not list((short_directory / "run").glob("*.qmp"))


@pytest.mark.qemu
async def test_cancellation_while_qemu_starts_leaves_nothing(boot: Boot) -> None:
    async with boot() as machine:
        while (pid := machine.emulator.pid) is None:  # noqa: ASYNC110 - nothing is told of it
            await asyncio.sleep(0.001)
    assert not is_running(pid)


@pytest.mark.qemu
async def test_restart_starts_a_new_qemu(boot: Boot) -> None:
    async with boot() as machine:
        await machine.until_demo()
        pid = machine.emulator.pid
        await machine.emulator.restart()
        await machine.until(lambda: machine.emulator.pid not in (pid, None), "new process", 5)
        await machine.until(lambda: machine.emulator.report.state is GuestState.RUNNING, "runs", 5)
        assert any("as was asked for" in report.reason for report in machine.emulator_reports)


@pytest.mark.qemu
async def test_a_spoilt_snapshot_is_discarded_and_the_guest_boots(boot: Boot, short_directory: Path) -> None:
    async with boot() as machine:
        await machine.until_demo()
    overlay = short_directory / "state" / "overlay.qcow2"
    overlay.write_bytes(b"spoilt" * 10_000)
    async with boot() as machine:
        await until_told(machine, "discarded")
        await machine.until_demo()
        assert machine.emulator.report.state is GuestState.RUNNING


@pytest.mark.qemu
async def test_other_settings_discard_the_snapshot(boot: Boot) -> None:
    async with boot() as machine:
        await machine.until_demo()
    async with boot(GuestSettings(memory_mib=48)) as machine:
        await machine.until_demo()
        assert any("first time" in report.reason for report in machine.emulator_reports)


@pytest.mark.qemu
async def test_a_card_on_the_lan_is_another_machine_with_a_snapshot_of_its_own(
    boot: Boot, short_directory: Path
) -> None:
    async with boot() as machine:
        await machine.until_demo()
    for first_time in (True, False):
        async with boot(mac="02:4c:4f:43:00:03") as machine:
            await machine.until_demo()
            assert any("first time" in report.reason for report in machine.emulator_reports) is first_time
            assert (short_directory / "run" / "lan.guest").is_socket()
    assert not (short_directory / "run" / "lan.guest").exists()


@pytest.mark.qemu
async def test_a_guest_that_switches_itself_off_is_started_again(
    boot: Boot, boot_sector: Callable[[str], Path]
) -> None:
    code = "mov dx, 0x604\nmov ax, 0x2000\nout dx, ax\nhlt"  # power off by ACPI of the pc machine, set up by SeaBIOS
    async with boot(GuestSettings(image=boot_sector(code), snapshot=False, memory_mib=16)) as machine:
        await until_told(machine, "switched itself off")
        await machine.until(
            lambda: len([r for r in machine.emulator_reports if r.state is GuestState.RUNNING]) >= 2, "started again"
        )


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (GuestSettings(qemu=Path("/nowhere/qemu")), "install the package qemu-system-x86"),
        (GuestSettings(image=Path("/nowhere/disk.img")), "cannot be read"),
    ],
)
async def test_what_is_missing_is_told_and_tried_again(boot: Boot, settings: GuestSettings, words: str) -> None:
    async with boot(settings) as machine:
        await until_told(machine, words)
        assert machine.emulator.report.state is GuestState.RESTARTING
        # The streamer, which sees only the run directory, tells the same.
        await machine.until(lambda: words in machine.guest.report.reason, "the streamer knows", 5)


async def test_a_qemu_that_fails_is_tried_again_with_growing_delay(boot: Boot, tmp_path: Path) -> None:
    program = tmp_path / "qemu"
    program.write_text(NOT_QEMU)
    program.chmod(0o755)
    disk = tmp_path / "disk.img"
    disk.write_bytes(bytes(4096))
    async with boot(GuestSettings(qemu=program, image=disk)) as machine:
        await machine.until(lambda: len(machine.emulator_reports) >= 4, "four failures")
        assert all("not enough free memory" in report.reason for report in machine.emulator_reports)


async def test_a_run_directory_too_deep_for_sockets_is_told(tmp_path: Path) -> None:
    machine = Machine(tmp_path / ("x" * 100), GuestSettings())
    task = asyncio.get_running_loop().create_task(machine.emulator.run())
    await until_told(machine, "too long for unix sockets")
    task.cancel()
    await asyncio.wait([task])
