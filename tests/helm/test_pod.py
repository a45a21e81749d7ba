"""The pod of an emulated PC on this machine: the chart's commands, variables, settings and probes, with a real QEMU."""

import asyncio
import json
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import aiohttp
import pytest

from backend.api.lan_source import LanAwayError, LanSource
from backend.contract.lan import LanStatus
from backend.contract.routes import STREAMER_STATUS
from backend.contract.status import GuestState, StreamerStatus
from tests.helm.pod import Pod, free_port
from tests.helm.rendering import container, render

MODULES = {"loco-emulator": "backend.emulator", "loco-lan": "backend.lan", "loco-streamer": "backend.streamer"}
OBJECTS = render({"guest": {"settings": {"memory_mib": 16}}})


class Container:
    """A container's process; its volumes are directories of the test, and ``variables`` what is this machine's own."""

    def __init__(self, name: str, volumes: Path, config: str = "-guest", **variables: str) -> None:
        self._manifest = container(OBJECTS, name)
        environment = Pod(OBJECTS, name, config, volumes).environment
        for mount, place in (("/run/loco", volumes / "run"), ("/var/lib/loco", volumes / "state")):
            place.mkdir(exist_ok=True)
            environment = {key: value.replace(mount, str(place)) for key, value in environment.items()}
        self.environment = environment | variables | {"PATH": os.environ["PATH"]}
        self._process: asyncio.subprocess.Process | None = None
        self._log = volumes / f"{name}.log"

    async def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = await self._execute(self._manifest["command"], log.fileno())

    async def kill(self) -> None:
        assert self._process is not None
        self._process.kill()
        await self._process.wait()

    async def stop(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            await asyncio.wait_for(self._process.wait(), 15)

    @property
    def pid(self) -> int:
        assert self._process is not None
        assert self._process.returncode is None, self._log.read_text(errors="replace")
        return self._process.pid

    async def answers(self, probe: str) -> bool:
        process = await self._execute(self._manifest[probe]["exec"]["command"], asyncio.subprocess.DEVNULL)
        return await process.wait() == 0

    async def _execute(self, command: list[str], output: int) -> asyncio.subprocess.Process:
        program, *arguments = command
        return await asyncio.create_subprocess_exec(
            *("setpriv", "--pdeathsig", "KILL", "--", sys.executable, "-m", MODULES[program], *arguments),
            env=self.environment,
            stdout=output,
            stderr=output,
        )


@asynccontextmanager
async def pod() -> AsyncIterator[tuple[Container, Container]]:
    """Emulator and streamer, started together as the kubelet does."""
    directory = Path(tempfile.mkdtemp(prefix="loco-"))  # sockets need a short path
    emulator = Container("emulator", directory)
    # The addresses of a pod are its own; here they are this machine's.
    addresses = {"LOCO_STREAMER_LISTEN": f"127.0.0.1:{free_port()}", "LOCO_STREAMER_MEDIA_ADDRESSES": "127.0.0.1"}
    streamer = Container("streamer", directory, **addresses)
    try:
        await asyncio.gather(emulator.start(), streamer.start())
        yield emulator, streamer
    finally:
        await asyncio.gather(emulator.stop(), streamer.stop())
        shutil.rmtree(directory)


async def until_ready(emulator: Container) -> None:
    async with asyncio.timeout(60):
        while not await emulator.answers("readinessProbe"):
            assert emulator.pid
            await asyncio.sleep(0.1)


async def until_running(streamer: Container) -> None:
    """As the backend sees it."""
    url = f"http://{streamer.environment['LOCO_STREAMER_LISTEN']}{STREAMER_STATUS}"
    async with aiohttp.ClientSession() as http, asyncio.timeout(60):
        while streamer.pid:
            with suppress(aiohttp.ClientConnectionError):
                async with http.get(url) as response:
                    if StreamerStatus.from_json(await response.json()).guest.state is GuestState.RUNNING:
                        return
            await asyncio.sleep(0.05)


@pytest.mark.qemu
async def test_either_container_restarts_without_the_other() -> None:
    async with pod() as (emulator, streamer):
        await asyncio.gather(until_ready(emulator), until_running(streamer))
        assert await emulator.answers("startupProbe")
        assert await emulator.answers("livenessProbe")
        pid = emulator.pid
        await streamer.kill()
        assert await emulator.answers("livenessProbe")
        await streamer.start()
        await until_running(streamer)
        assert emulator.pid == pid
        pid = streamer.pid
        await emulator.kill()
        assert not await emulator.answers("startupProbe")
        await emulator.start()
        await until_ready(emulator)
        await until_running(streamer)
        assert streamer.pid == pid


class Lan:
    """The switch, and two pods with emulator and agent each."""

    def __init__(self, directory: Path) -> None:
        self._status = f"127.0.0.1:{free_port()}"
        where = f"127.0.0.1:{free_port()}"
        self.switch = Container("lan", directory, "-lan", LOCO_LAN_HTTP=self._status, LOCO_LAN_LISTEN=where)
        self.emulators, self.agents = [], []
        for number in range(2):
            volumes = directory / f"pod-{number}"
            volumes.mkdir()
            name = f"instance-{number}"
            self.emulators.append(Container("emulator", volumes, LOCO_EMULATOR_INSTANCE=name))
            variables = {"LOCO_LAN_PORT_INSTANCE": name, "LOCO_LAN_PORT_SWITCH": where}
            variables["LOCO_LAN_PORT_HTTP"] = f"127.0.0.1:{free_port()}"
            self.agents.append(Container("lan-port", volumes, **variables))
        self.all = [self.switch, *self.emulators, *self.agents]

    async def both_hear(self) -> None:
        """Wait until each guest gets frames of the other."""
        counts = await self._heard()
        async with asyncio.timeout(60):
            more = [False, False]
            while not all(more):
                assert self.switch.pid
                await asyncio.sleep(0.1)
                now = await self._heard()
                # A new switch counts from nothing.
                more = [one or (after > before) for one, after, before in zip(more, now, counts, strict=True)]
                counts = now

    async def _heard(self) -> tuple[int, int]:
        async with LanSource(self._status) as source:
            try:
                status = LanStatus.from_json(json.loads(await source.body()))
            except LanAwayError:
                return 0, 0
        pairs = [pair for room in status.rooms for pair in room.pairs]
        return (pairs[0].frames_ab, pairs[0].frames_ba) if pairs else (0, 0)


@pytest.mark.qemu
async def test_guests_of_two_pods_hear_each_other_whichever_part_restarts() -> None:
    directory = Path(tempfile.mkdtemp(prefix="loco-"))
    lan = Lan(directory)
    try:
        await asyncio.gather(*(each.start() for each in lan.all))
        await asyncio.gather(*map(until_ready, lan.emulators))
        await lan.both_hear()
        for victim in (lan.agents[0], lan.switch, lan.emulators[1]):
            pids = [each.pid for each in lan.all if each is not victim]
            await victim.kill()
            await victim.start()
            await lan.both_hear()
            assert [each.pid for each in lan.all if each is not victim] == pids
    finally:
        await asyncio.gather(*(each.stop() for each in lan.all))
        shutil.rmtree(directory)
