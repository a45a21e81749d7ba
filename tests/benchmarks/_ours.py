"""The product between clip and decoded picture: real streamers, the kiosk's receive path, a stand-in backend."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from aiohttp import ClientSession, web

from backend.contract import routes
from tests.benchmarks import _children
from tests.benchmarks._arrivals import Run, clocks_in, watch
from tests.benchmarks._children import Child, child
from tests.loco_kiosk.fake_backend import Broker, FakeBackend
from tests.loco_kiosk.real_streamer import withdraw

Bend = Callable[[str, Callable[[str], Awaitable[str]]], Awaitable[str]]
"""Takes an offer and what answers it, gives the answer: a relay changes both on their way."""


async def straight(offer: str, answer: Callable[[str], Awaitable[str]]) -> str:
    """Nothing between the two."""
    return await answer(offer)


class Sender:
    """One streamer process behind the backend; ``bend`` may put a relay before its media."""

    running = True

    def __init__(self, url: str, pid: int, bend: Bend) -> None:
        self.url = url
        self.pid = pid
        self.offered_s: list[float] = []
        self._bend = bend

    async def post(self, request: web.Request) -> web.Response:
        """An offer."""
        self.offered_s.append(time.monotonic())
        location = ""

        async def answer(offer: str) -> str:
            nonlocal location
            headers = {"Content-Type": "application/sdp"}
            async with ClientSession() as http, http.post(self.url + "/whep", data=offer, headers=headers) as response:
                location = response.headers.get("Location", "").rpartition("/")[2]
                return await response.text()

        text = await self._bend(await request.text(), answer)
        headers = {"Location": f"{request.path}/{location}"}
        return web.Response(status=201, text=text, content_type="application/sdp", headers=headers)

    async def delete(self, request: web.Request) -> web.Response:
        """The end of a session."""
        return await withdraw(self.url, request)


@asynccontextmanager
async def senders(
    clip: Path, clocks: list[Path], *, fps: float = 30, bend: Bend = straight
) -> AsyncIterator[list[Sender]]:
    """One streamer for each clock."""
    async with AsyncExitStack() as stack:
        started = []
        for clock in clocks:
            listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
            descriptor = listener.fileno()
            process = await stack.enter_async_context(
                child("tests.benchmarks._ours_sender", clip, clock, fps, descriptor, pass_fds=[descriptor])
            )
            started.append(Sender(f"http://127.0.0.1:{listener.getsockname()[1]}", process.pid, bend))
        for sender in started:
            await _until_healthy(sender.url)
        yield started


async def _until_healthy(url: str) -> None:
    """Its socket listens before the process is there: the answer waits for it."""
    async with asyncio.timeout(60), ClientSession() as http, http.get(url + routes.STREAMER_STATUS) as response:
        await response.read()


@asynccontextmanager
async def receiver(behind: list[Sender], *arguments: object) -> AsyncIterator[Child]:
    """A wall of all of them, when it is live."""
    streamers: dict[str, Broker] = {f"instance-{number}": sender for number, sender in enumerate(behind)}
    async with (
        FakeBackend(streamers) as backend,
        child("tests.benchmarks._ours_receiver", backend.url, len(behind), *arguments) as process,
    ):
        assert await process.read() == "live"
        yield process


async def measure(clip: Path, directory: Path, streams: int, *, warm_up_s: float, seconds: float) -> Run:
    """One run; the streamers' work starts with the first viewer, so all of them come at once as in a kiosk."""
    paths, clocks = clocks_in(directory, streams)
    async with senders(clip, paths) as behind, receiver(behind) as process:
        run = await watch(process, [sender.pid for sender in behind], clocks, warm_up_s=warm_up_s, seconds=seconds)
    run.first_s = [arrivals[0][1] - sender.offered_s[0] for sender, arrivals in zip(behind, run.arrivals, strict=True)]
    return run


async def cpu_of_viewers(clip: Path, directory: Path, viewers: int, seconds: float) -> float:
    """Milliseconds of a streamer's processor time for each picture, with so many viewers."""
    paths, clocks = clocks_in(directory, 1)
    async with senders(clip, paths) as behind, AsyncExitStack() as stack:
        processes = [await stack.enter_async_context(receiver(behind)) for _ in range(viewers)]
        await asyncio.sleep(3)
        runs = watch(processes[0], [behind[0].pid], clocks, warm_up_s=0, seconds=seconds)
        run = await runs
        return 1000 * run.sender_cpu_s / run.made()


async def cpu_of_still(clip: Path, directory: Path, streams: int, seconds: float) -> float:
    """Part of a core that still screens take, streamers and receiver together."""
    paths, _ = clocks_in(directory, streams)
    async with senders(clip, paths, fps=0) as behind, receiver(behind) as process:
        pids = [process.pid, *(sender.pid for sender in behind)]
        await asyncio.sleep(8)  # the first pictures, the clocks' exchanges, and the refinement of a still picture
        before = sum(_children.cpu_s(pid) for pid in pids)
        await asyncio.sleep(seconds)
        return (sum(_children.cpu_s(pid) for pid in pids) - before) / seconds
