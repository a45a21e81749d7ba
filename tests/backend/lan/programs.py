"""loco-lan as a process."""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from backend.contract import routes
from backend.contract.lan import LanStatus, PortStatus, RoomStatus

ROOT = Path(__file__).resolve().parents[3]
PortsCondition = Callable[[tuple[PortStatus, ...]], object]


class Program:
    """The switch, with the guests in ``runs``."""

    def __init__(self, runs: Path, *options: str) -> None:
        self._http = str(runs / "http.sock")
        self._options = ["--directory", str(runs), "--http", self._http, *options]
        self.process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it and wait until it serves."""
        reading, writing = os.pipe()
        self.process = await run("--ready-fd", str(writing), *self._options, pass_fds=(writing,))
        os.close(writing)
        with os.fdopen(reading) as pipe:
            line = await asyncio.to_thread(pipe.readline)
        assert json.loads(line) == {"http": self._http}

    async def stop(self, number: int = signal.SIGTERM) -> int:
        """End it; returns its exit status."""
        assert self.process is not None
        if self.process.returncode is None:
            self.process.send_signal(number)
        async with asyncio.timeout(10):
            return await self.process.wait()

    async def room(self) -> RoomStatus:
        """What it tells of its first room."""
        async with (
            aiohttp.ClientSession(connector=aiohttp.UnixConnector(self._http)) as session,
            session.get("http://lan" + routes.LAN) as response,
        ):
            return LanStatus.from_json(await response.json()).rooms[0]

    async def until(self, condition: PortsCondition, what: str, seconds: float = 40.0) -> RoomStatus:
        """Ask until its ports are so."""
        until_s = time.monotonic() + seconds
        while not condition((room := await self.room()).ports):
            assert time.monotonic() < until_s, f"not within {seconds} s: {what}; {room}"
            await asyncio.sleep(0.1)
        return room


async def run(*arguments: str, pass_fds: tuple[int, ...] = ()) -> asyncio.subprocess.Process:
    """Start the program; it ends with the test."""
    return await asyncio.create_subprocess_exec(
        *("setpriv", "--pdeathsig", "KILL", "--", sys.executable, "-m", "backend.lan", *arguments),
        cwd=ROOT,
        pass_fds=pass_fds,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


@asynccontextmanager
async def switch(runs: Path, *options: str) -> AsyncIterator[Program]:
    """Run the switch inside the context."""
    program = Program(runs, *options)
    await program.start()
    try:
        yield program
    finally:
        await program.stop()
