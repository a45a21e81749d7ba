"""The demo guest in a real QEMU, its streamer, and a textbook viewer over real WebRTC."""

import asyncio
import functools
import os
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from aiohttp import web

from backend.contract.control import InputShown, StreamerHello
from backend.contract.status import GuestReport, GuestState
from backend.contract.tasks import TaskScope
from backend.qemu.emulator import Emulator
from backend.qemu.settings import GuestSettings
from backend.streamer.app import guest_factory
from backend.streamer.http import application
from backend.streamer.settings import StreamerSettings
from backend.streamer.streamer import Streamer
from tests.backend.streamer.textbook_viewer import TextbookViewer, until

pytestmark = pytest.mark.qemu


@dataclass
class Machine:
    base: str
    emulator: Emulator
    streamer: Streamer


@pytest.fixture
async def machine() -> AsyncIterator[Machine]:
    # Unix sockets have short paths; those of pytest are long.
    directory = Path(tempfile.mkdtemp(prefix="loco-", dir="/tmp"))
    scope = TaskScope("machine")
    reports: list[GuestReport] = []
    emulator = Emulator(
        instance="instance-2",
        settings=GuestSettings(),
        run_directory=directory / "run",
        state_directory=directory / "state",
        on_report=reports.append,
    )
    settings = StreamerSettings(
        instance="instance-2", directory=directory / "run", media_addresses=("127.0.0.1",), max_viewers=2
    )
    streamer = Streamer(settings, guest_factory(settings))
    scope.spawn(emulator.run(), "emulator")
    scope.spawn(streamer.run(), "streamer")
    runner = web.AppRunner(application(streamer), shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    yield Machine(f"http://{host}:{port}", emulator, streamer)
    await scope.close()
    await runner.cleanup()
    shutil.rmtree(directory)


def has_answered(viewer: TextbookViewer, times: int) -> bool:
    return len(viewer.all(InputShown)) >= times


async def test_the_demo_guest_is_seen_heard_and_played(machine: Machine) -> None:
    async with TextbookViewer(machine.base) as viewer:
        await until(lambda: machine.emulator.report.state is GuestState.RUNNING, 30, "the guest is ready")
        await until(lambda: viewer.frames and viewer.frames[-1].to_ndarray(format="rgb24").mean() > 60, 20, "a scene")
        assert (viewer.frames[-1].width, viewer.frames[-1].height) == (640, 480)
        hello = viewer.last(StreamerHello)
        assert isinstance(hello, StreamerHello)
        for code in ("KeyA", "KeyB", "KeyC", "KeyD"):
            told = len(viewer.all(InputShown))
            viewer.key(code, True)
            viewer.key(code, False)
            await until(functools.partial(has_answered, viewer, told + 1), what=f"an answer to {code}")
        assert machine.streamer.status().controller == "Ada"


async def test_a_killed_qemu_comes_back_into_the_same_session(machine: Machine) -> None:
    async with TextbookViewer(machine.base) as viewer:
        await until(lambda: machine.emulator.report.state is GuestState.RUNNING, 30, "the guest is ready")
        await until(lambda: viewer.frames, 20)
        pid = machine.emulator.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        await until(lambda: machine.streamer.status().guest.state is not GuestState.RUNNING, 10, "it is told")
        await until(lambda: machine.streamer.status().guest.state is GuestState.RUNNING, 20, "it runs again")
        seen = len(viewer.frames)
        viewer.key("KeyA", True)
        viewer.key("KeyA", False)
        await until(lambda: len(viewer.frames) > seen + 2, 10, "pictures go on")
        picture = viewer.frames[-1].to_ndarray(format="rgb24")
        assert np.std(picture) > 10


async def test_a_reset_takes_a_moment_and_keeps_the_session(machine: Machine) -> None:
    async with TextbookViewer(machine.base) as viewer:
        await until(lambda: machine.emulator.report.state is GuestState.RUNNING, 30, "the guest is ready")
        await until(lambda: viewer.frames, 20)
        start = asyncio.get_running_loop().time()
        await machine.streamer.guest.reset()
        assert asyncio.get_running_loop().time() - start < 2
        seen = len(viewer.frames)
        viewer.key("KeyA", True)
        await until(lambda: len(viewer.frames) > seen, 10)
