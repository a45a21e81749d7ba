import asyncio
import os
import signal
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from backend.contract.control import PointerMode
from backend.contract.keys import BY_CODE
from backend.contract.status import GuestReport, GuestState
from backend.contract.tasks import TaskScope
from backend.qemu import guest
from backend.qemu.errors import QemuError
from backend.qemu.guest import Guest
from backend.qemu.monitor import connect
from backend.qemu.poke import PokeTimes
from backend.qemu.rest import WORDS, Unwatched
from backend.qemu.run_directory import RunDirectory
from backend.qemu.settings import GuestSettings
from backend.qemu.sound import RATE_HZ
from tests.backend.qemu.conftest import Boot, Machine

LAMP = (slice(16, 64), slice(16, 80))


def lamp(machine: Machine) -> float:
    """Brightness of the lamp that each key press switches."""
    return float(np.mean(machine.picture[LAMP][..., :3]))


async def press(machine: Machine, code: str) -> float:
    """Press and release a key; seconds until the lamp changed on the screen."""
    before = lamp(machine)
    machine.guest.key(BY_CODE[code], True)
    took = await machine.until(lambda: abs(lamp(machine) - before) > 10, "the lamp changes", 2)
    machine.guest.key(BY_CODE[code], False)
    return took


async def presses(machine: Machine, count: int) -> float:
    """Median of :func:`press`, spread over the 30 ms of QEMU's own refresh."""
    took = []
    for number in range(count):
        took.append(await press(machine, "KeyA"))
        await asyncio.sleep(0.05 + 0.0037 * (number % 9))
    return statistics.median(took)


@pytest.mark.qemu
async def test_picture_and_sound_of_the_demo_guest_arrive(boot: Boot) -> None:
    async with boot() as machine:
        await machine.until_demo()
        first = len(machine.damages)
        await machine.until(lambda: len(machine.damages) > first + 20, "the train moves", 5)
        await machine.until(lambda: machine.frames > 48_000, "a second of sound", 5)
        assert machine.guest.report == GuestReport(GuestState.RUNNING)
        assert machine.guest.probe == (16, 16, 64, 48)


@pytest.mark.qemu
async def test_a_whistle_is_heard_whole_and_then_the_sound_card_rests(boot: Boot) -> None:
    async with boot(GuestSettings(extra_arguments=("-fw_cfg", "name=opt/loco/still,string=1"))) as machine:
        await machine.until_demo()
        for _whistle in range(2):
            machine.frames = 0
            machine.guest.key(BY_CODE["Space"], True)
            machine.guest.key(BY_CODE["Space"], False)
            await machine.until(lambda: machine.frames > 0.75 * RATE_HZ, "a whistle", 5)
            await until_silent(machine)
            assert machine.frames < 1.25 * RATE_HZ


async def until_silent(machine: Machine) -> None:
    """Until QEMU sends no sound at all for longer than between two of its blocks; fails after three seconds."""
    async with asyncio.timeout(3):
        frames = -1
        while frames != machine.frames:
            frames = machine.frames
            await asyncio.sleep(0.3)


@pytest.mark.qemu
async def test_a_killed_qemu_is_restarted_and_attached_again(boot: Boot) -> None:
    async with boot() as machine:
        await machine.until_demo()
        pid = machine.emulator.pid
        assert pid is not None
        shown = len(machine.damages)
        began = time.monotonic()
        os.kill(pid, signal.SIGKILL)
        await machine.until(lambda: GuestState.RESTARTING in [r.state for r in machine.reports], "told", 5)
        await machine.until(lambda: len(machine.damages) > shown and machine.picture.mean() > 60, "picture again", 10)
        await machine.until_state(GuestState.RUNNING)
        print(f"killed to picture: {(time.monotonic() - began) * 1000:.0f} ms")
        assert machine.emulator.pid not in (pid, None)
        reasons = [r.reason for r in machine.reports if r.state is GuestState.RESTARTING]
        assert any("started again" in reason for reason in reasons)
        await press(machine, "KeyB")


@pytest.mark.qemu
async def test_reset_goes_back_to_the_snapshot_in_no_time(boot: Boot) -> None:
    async with boot() as machine:
        await machine.until_demo()
        dark = lamp(machine)
        await press(machine, "KeyA")
        began = time.monotonic()
        await machine.guest.reset()
        await machine.until(lambda: abs(lamp(machine) - dark) < 1, "the lamp is as it was", 5)
        took = time.monotonic() - began
        print(f"reset to picture: {took * 1000:.0f} ms")
        assert took < 1
        await press(machine, "KeyA")


@pytest.mark.qemu
async def test_a_first_boot_that_is_being_saved_is_not_called_paused(
    boot: Boot, short_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[str] = []

    def look(status: str) -> GuestReport:
        looks.append(status)
        return report_of(status)

    report_of = guest._report_of
    monkeypatch.setattr(guest, "_report_of", look)
    monkeypatch.setattr(guest, "INTERVAL_S", 0.05)
    async with boot(GuestSettings(snapshot=False)) as machine:
        await machine.until_demo()
        directory = RunDirectory(short_directory / "run")
        directory.write_report(GuestReport(GuestState.BOOTING))
        async with connect(directory.control) as monitor:
            await monitor.execute("stop")
            async with asyncio.timeout(10):
                while len(looks) < 5:  # noqa: ASYNC110 - no event tells of a look
                    await asyncio.sleep(0.02)
            assert GuestState.PAUSED not in {report.state for report in machine.reports}
            directory.write_report(GuestReport(GuestState.RUNNING))
            await machine.until_state(GuestState.PAUSED)
            await monitor.execute("cont")
            await machine.until_state(GuestState.RUNNING)


@pytest.mark.qemu
async def test_a_guest_without_snapshot_is_reset_as_by_its_button(boot: Boot) -> None:
    async with boot(GuestSettings(snapshot=False)) as machine:
        await machine.until_demo()
        dark = lamp(machine)
        await press(machine, "KeyA")
        await machine.guest.reset()
        await machine.until(
            lambda: machine.picture.shape == (480, 640, 4) and abs(lamp(machine) - dark) < 1, "boot", 10
        )


@pytest.mark.qemu
@pytest.mark.parametrize(
    ("code", "words"), [("cli\nhlt", "stopped its processor"), ("cli\nagain: jmp again", "runs in a circle")]
)
async def test_a_dead_guest_is_told_from_a_still_one(
    boot: Boot, boot_sector: Callable[[str], Path], code: str, words: str
) -> None:
    settings = GuestSettings(image=boot_sector(code), snapshot=False, memory_mib=16)
    async with boot(settings) as machine:
        await machine.until_state(GuestState.HUNG, 30)
        assert words in machine.guest.report.reason
        assert "reset" in machine.guest.report.reason


@pytest.mark.qemu
async def test_a_still_guest_that_waits_for_a_key_is_running(boot: Boot, boot_sector: Callable[[str], Path]) -> None:
    settings = GuestSettings(image=boot_sector("sti\nagain: hlt\njmp again"), snapshot=False, memory_mib=16)
    async with boot(settings) as machine:
        await machine.until_state(GuestState.RUNNING)
        await asyncio.sleep(9)  # longer than all the looks that a hang takes
        assert machine.guest.report.state is GuestState.RUNNING


@pytest.mark.qemu
async def test_a_relative_guest_takes_movements_and_refuses_positions(boot: Boot) -> None:
    async with boot(GuestSettings(pointer="relative")) as machine:
        await machine.until_demo()
        assert machine.guest.pointer is PointerMode.RELATIVE
        machine.guest.move_to(5, 5)
        assert machine.guest.drops == {"pointer mode": 1}
        still = machine.picture.copy()
        machine.guest.move_by(3, 3)
        # The pointer appears in the middle of the picture with the first movement.
        middle = (slice(236, 270), slice(316, 340))
        await machine.until(lambda: bool((machine.picture[middle] != still[middle]).any()), "the pointer shows", 3)


async def pointer_shows(machine: Machine) -> None:
    """Point somewhere in the sky and wait until the pointer is there."""
    there = (slice(196, 218), slice(498, 514))
    still = machine.picture[there].copy()
    machine.guest.move_to(500, 200)
    await machine.until(lambda: bool((machine.picture[there] != still).any()), "the pointer is there", 3)


@pytest.mark.qemu
async def test_an_absolute_guest_puts_its_pointer_where_it_is_told_also_from_a_snapshot(boot: Boot) -> None:
    for _ in range(2):
        async with boot() as machine:
            await machine.until_demo()
            assert machine.guest.pointer is PointerMode.ABSOLUTE, machine.reports
            machine.guest.move_by(5, 5)
            assert machine.guest.drops == {"pointer mode": 1}
            await pointer_shows(machine)


@pytest.mark.qemu
async def test_pokes_make_the_answer_to_a_key_quicker(boot: Boot, monkeypatch: pytest.MonkeyPatch) -> None:
    async with boot() as machine:
        await machine.until_demo()
        poked = await presses(machine, 20)
        monkeypatch.setattr(PokeTimes, "after_input", lambda *_: None)
        plain = await presses(machine, 20)
        print(f"key to picture, median: {poked * 1000:.1f} ms with pokes, {plain * 1000:.1f} ms without")
        assert poked < plain


@pytest.mark.qemu
async def test_without_a_supervisor_the_guest_waits_and_says_so(short_directory: Path) -> None:
    reports: list[GuestReport] = []
    guest = Guest(short_directory, on_picture=lambda: None, on_report=reports.append)
    tasks = TaskScope("test")
    task = tasks.spawn(guest.run(), "guest")
    with pytest.raises(QemuError, match="not running"):
        await guest.reset()
    guest.key(BY_CODE["KeyA"], True)
    await asyncio.sleep(0.1)
    assert not task.done()
    assert guest.report.state is GuestState.BOOTING
    await tasks.close()


@pytest.mark.qemu
async def test_a_quick_guest_is_seen_sixty_times_a_second_while_somebody_looks_closely(boot: Boot) -> None:
    quick = ("-fw_cfg", "name=opt/loco/fps,string=60")
    async with boot(GuestSettings(extra_arguments=quick, snapshot=False)) as machine:
        await machine.until_demo()

        async def rate() -> float:
            before, began = machine.guest.screen.pictures, time.monotonic()
            await asyncio.sleep(1.0)
            return (machine.guest.screen.pictures - before) / (time.monotonic() - began)

        assert await rate() < 40
        machine.guest.watch_closely(True)
        for _ in range(10):
            if await rate() > 40:
                break
        else:
            pytest.fail("no more than QEMU shows by itself")
        machine.guest.watch_closely(False)
        assert await rate() < 40


@pytest.mark.qemu
async def test_an_unwatched_guest_sleeps_by_its_policy_and_answers_the_first_key(boot: Boot) -> None:
    async with boot(GuestSettings(unwatched="pause", unwatched_after_s=0.3)) as machine:
        await machine.until_demo()
        asleep = GuestReport(GuestState.RUNNING, WORDS[Unwatched.PAUSE])
        await machine.until(lambda: machine.guest.report == asleep, "the guest sleeps", 5)
        await asyncio.sleep(0.2)
        pictures = machine.guest.screen.pictures
        await asyncio.sleep(0.5)
        assert machine.guest.screen.pictures == pictures
        key_s = await press(machine, "KeyA")
        await machine.until(lambda: machine.guest.report == asleep, "the guest sleeps again", 5)
        pictures = machine.guest.screen.pictures
        machine.guest.set_watched(True)
        began = time.monotonic()
        await machine.until(lambda: machine.guest.screen.pictures > pictures + 1, "the train moves on", 2)
        print(
            f"asleep: key to picture {key_s * 1000:.1f} ms, look to moving {(time.monotonic() - began) * 1000:.1f} ms"
        )
        assert key_s < 0.5
        assert machine.guest.report == GuestReport(GuestState.RUNNING)
        assert {report.state for report in machine.reports} <= {GuestState.BOOTING, GuestState.RUNNING}
        assert machine.guest.drops == {}


@pytest.mark.qemu
async def test_a_guest_that_was_left_asleep_is_woken_by_the_next_streamer(boot: Boot, short_directory: Path) -> None:
    async with boot(GuestSettings(unwatched="pause", unwatched_after_s=60)) as machine:
        await machine.until_demo()
        async with connect(short_directory / "run" / "control.qmp") as monitor:
            await monitor.execute("stop")
            again: list[int] = []
            other = Guest(short_directory / "run", on_picture=lambda: again.append(1), on_report=lambda _: None)
            await machine.detach()
            tasks = TaskScope("next streamer")
            tasks.spawn(other.run(), "guest")
            async with asyncio.timeout(5):
                while (await monitor.execute("query-status"))["status"] != "running":  # noqa: ASYNC110 - no event tells
                    await asyncio.sleep(0.02)
            await tasks.close()
