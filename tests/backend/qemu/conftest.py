"""A real guest with its supervisor, and boot sectors for what the demo guest never does."""

import asyncio
import shutil
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from backend.contract.status import GuestReport, GuestState
from backend.contract.tasks import TaskScope
from backend.qemu.emulator import Emulator
from backend.qemu.guest import Guest
from backend.qemu.screen import Damage, Pixels
from backend.qemu.settings import GuestSettings


class Machine:
    """One supervised guest and its attachment, as emulator container and streamer have them."""

    def __init__(self, directory: Path, settings: GuestSettings, mac: str | None = None) -> None:
        self.started = time.monotonic()
        self.reports: list[GuestReport] = []
        self.emulator_reports: list[GuestReport] = []
        self.damages: list[Damage] = []
        self.frames = 0
        self.changed = asyncio.Event()
        self.emulator = Emulator(
            instance="instance-4",
            settings=settings,
            run_directory=directory / "run",
            state_directory=directory / "state",
            on_report=self._emulator_reported,
            mac=mac,
        )
        self.attached = TaskScope("streamer")
        self.guest = Guest(directory / "run", on_picture=self._picture, on_report=self._reported, on_sound=self._sound)

    def _picture(self) -> None:
        damage = self.guest.screen.take()
        if damage is not None:
            self.damages.append(damage)
            self.changed.set()

    def _sound(self) -> None:
        sound = self.guest.sound.take()
        self.frames += 0 if sound is None else len(sound)
        self.changed.set()

    def _reported(self, report: GuestReport) -> None:
        self.reports.append(report)
        self.changed.set()

    def _emulator_reported(self, report: GuestReport) -> None:
        self.emulator_reports.append(report)
        self.changed.set()

    async def detach(self) -> None:
        """The streamer ends; the emulator goes on."""
        await self.attached.close()

    @property
    def picture(self) -> Pixels:
        """The newest picture."""
        return self.damages[-1].pixels

    async def until(self, condition: Callable[[], bool], what: str, seconds: float = 20.0) -> float:
        """Wait for a condition that pictures, sound or reports bring about; returns how long it took."""
        began = time.monotonic()
        try:
            async with asyncio.timeout(seconds):
                while not condition():
                    self.changed.clear()
                    await self.changed.wait()
        except TimeoutError:
            raise AssertionError(f"not within {seconds} s: {what}; {self.reports}, {self.emulator_reports}") from None
        return time.monotonic() - began

    async def until_demo(self) -> float:
        """Wait for the demo guest's own picture, and for its snapshot where it makes one."""

        def there() -> bool:
            ready = self.emulator.report.state is GuestState.RUNNING
            return ready and bool(self.damages) and self.picture.shape == (480, 640, 4) and self.picture.mean() > 60

        await self.until(there, "the demo guest's picture")
        return time.monotonic() - self.started

    async def until_state(self, state: GuestState, seconds: float = 20.0) -> float:
        """Wait until the guest is reported so."""
        return await self.until(lambda: self.guest.report.state is state, f"guest {state.value}", seconds)


Boot = Callable[..., AbstractAsyncContextManager[Machine]]


@pytest.fixture
def short_directory() -> Iterator[Path]:
    """Unix sockets have short paths; those of pytest are long."""
    path = Path(tempfile.mkdtemp(prefix="loco-", dir="/tmp"))
    yield path
    shutil.rmtree(path)


@pytest.fixture
def boot(short_directory: Path) -> Boot:
    """Runs a guest; the second time in one test it finds the state of the first."""

    @asynccontextmanager
    async def run(settings: GuestSettings | None = None, mac: str | None = None) -> AsyncIterator[Machine]:
        machine = Machine(short_directory, settings or GuestSettings(), mac)
        tasks = TaskScope("machine")
        tasks.spawn(machine.emulator.run(), "emulator")
        machine.attached.spawn(machine.guest.run(), "guest")
        try:
            yield machine
        finally:
            await machine.detach()
            await tasks.close()

    return run


@pytest.fixture
def boot_sector(tmp_path: Path) -> Callable[[str], Path]:
    """Assembles 16-bit code into a disk image that boots."""

    def build(code: str) -> Path:
        source, image = tmp_path / "boot.asm", tmp_path / "boot.img"
        source.write_text(f"bits 16\norg 0x7c00\n{code}\ntimes 510-($-$$) db 0\ndw 0xaa55\ntimes 1048576-512 db 0\n")
        subprocess.run(["nasm", "-f", "bin", "-o", image, source], check=True)
        return image

    return build
