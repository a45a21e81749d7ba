"""Runs the textbook pipeline on the clip: one aiortc sender a stream, one receiver for all."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from aiohttp import ClientSession, web

from tests.benchmarks._arrivals import Run, clocks_in, watch
from tests.benchmarks._children import child
from tests.benchmarks._ours import Bend, straight
from tests.benchmarks._textbook import free_port, until_listening


async def measure(
    clip: Path, directory: Path, streams: int, *, warm_up_s: float, seconds: float, bend: Bend = straight
) -> Run:
    """One run."""
    paths, clocks = clocks_in(directory, streams)
    async with AsyncExitStack() as stack:
        pids, ports, urls = [], [], []
        for path in paths:
            port = free_port()
            arguments = ("--clip", clip, "--port", port, "--clock", path)
            sender = await stack.enter_async_context(child("tests.benchmarks._textbook_sender", *arguments))
            pids.append(sender.pid)
            ports.append(port)
            url = f"http://127.0.0.1:{port}/offer"
            urls.append(url if bend is straight else await stack.enter_async_context(_bent(url, bend)))
        for port in ports:
            await until_listening(port)
        receiver = await stack.enter_async_context(child("tests.benchmarks._textbook_player", *urls))
        assert await receiver.read() == "live"
        return await watch(receiver, pids, clocks, warm_up_s=warm_up_s, seconds=seconds)


@asynccontextmanager
async def _bent(url: str, bend: Bend) -> AsyncIterator[str]:
    """Where to offer in the place of ``url``, so that ``bend`` sees offer and answer."""

    async def offered(request: web.Request) -> web.Response:
        async def answer(offer: str) -> str:
            async with ClientSession() as http, http.post(url, data=offer) as response:
                return await response.text()

        return web.Response(text=await bend(await request.text(), answer))

    application = web.Application()
    application.router.add_post("/offer", offered)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/offer"
    finally:
        await runner.cleanup()
