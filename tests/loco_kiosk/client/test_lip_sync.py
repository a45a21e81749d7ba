"""Picture and sound of one moment, through a real streamer and the whole viewer, come out together."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import numpy as np
from aiohttp import web

from backend.contract.control import Tier
from backend.contract.status import GuestReport
from backend.contract.tasks import TaskScope
from backend.streamer.http import application
from backend.streamer.settings import StreamerSettings
from backend.streamer.streamer import Streamer
from backend.streamer.synthetic import SyntheticGuest
from loco_kiosk.media.mixer import Mixer
from tests.loco_kiosk.fake_backend import FakeBackend
from tests.loco_kiosk.real_streamer import forward, withdraw
from tests.loco_kiosk.waiting import until
from tests.loco_kiosk.watching import Watching

BLOCK = 480
LOUD = 2_000
LATEST_MS = 45.0
"""Later than this, viewers notice (EBU R37 allows 60)."""
EARLIEST_MS = -20.0


class Still(SyntheticGuest):
    """Draws and plays when told."""

    def __init__(
        self,
        *,
        on_picture: Callable[[], None],
        on_sound: Callable[[], None],
        on_report: Callable[[GuestReport], None],
    ) -> None:
        super().__init__(on_picture=on_picture, on_sound=on_sound, on_report=on_report, fps=0)

    async def flash_and_beep(self) -> None:
        """White for a moment, and 100 ms of a tone, which a sound card plays block by block."""
        self.screen.pixels[:] = 255 - self.screen.pixels
        self.screen.touch(0, self.screen.pixels.shape[0])
        due_s = time.monotonic()
        for _ in range(10):
            self.play_tone(BLOCK)
            due_s += BLOCK / 48_000
            await asyncio.sleep(max(0.0, due_s - time.monotonic()))


class InProcess:
    """A streamer in this process, in the place of a fake one behind the fake backend."""

    running = True

    def __init__(self) -> None:
        self.streamer = Streamer(StreamerSettings(media_addresses=("127.0.0.1",)), Still)
        self.url = ""

    @property
    def guest(self) -> Still:
        assert isinstance(self.streamer.guest, Still)
        return self.streamer.guest

    async def post(self, request: web.Request) -> web.Response:
        return await forward(self.url, request)

    async def delete(self, request: web.Request) -> web.Response:
        return await withdraw(self.url, request)


@asynccontextmanager
async def in_process() -> AsyncIterator[InProcess]:
    one = InProcess()
    runner = web.AppRunner(application(one.streamer), shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    one.url = "http://{}:{}".format(*runner.addresses[0][:2])
    scope = TaskScope("streamer")
    scope.spawn(one.streamer.run(), "run")
    try:
        yield one
    finally:
        await scope.close()
        await runner.cleanup()


class Ear:
    """Takes 10 ms of the mix every 10 ms, as a sound card does, and notes when a tone begins."""

    def __init__(self, mixer: Mixer) -> None:
        self._mixer = mixer
        self.began_us: list[int] = []
        self._quiet_blocks = 0

    async def listen(self) -> None:
        due_s = time.monotonic()
        while True:
            loud = np.flatnonzero(np.abs(self._mixer.pull(BLOCK)[:, 0]) > LOUD)
            if len(loud) and self._quiet_blocks > 5:
                self.began_us.append(int(due_s * 1e6) + int(loud[0]) * 1_000_000 // 48_000)
            self._quiet_blocks = 0 if len(loud) else self._quiet_blocks + 1
            due_s += BLOCK / 48_000
            await asyncio.sleep(max(0.0, due_s - time.monotonic()))


async def test_a_flash_and_a_beep_of_one_moment_come_within_45_ms() -> None:
    apart_ms: list[float] = []
    async with (
        in_process() as streamer,
        FakeBackend({"instance-0": streamer}) as backend,
        Watching(backend.url) as viewer,
        asyncio.TaskGroup() as tasks,
    ):
        ear = Ear(viewer.mixer)
        listening = tasks.create_task(ear.listen())
        viewer.wall.set_tiers({"instance-0": Tier.ZOOMED})
        await until(viewer.live)
        for _ in range(8):
            await asyncio.sleep(0.45)
            flashed = len(viewer.sinks["instance-0"].timings)
            await streamer.guest.flash_and_beep()
            await until(lambda: len(ear.began_us) > len(apart_ms))
            shown_us = viewer.sinks["instance-0"].timings[flashed].decoded_us
            apart_ms.append((ear.began_us[-1] - shown_us) / 1000)
        listening.cancel()
    print("sound after picture, ms:", [round(each, 1) for each in apart_ms])
    assert EARLIEST_MS < np.median(apart_ms) < LATEST_MS
