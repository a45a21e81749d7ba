"""``loco-streamer --synthetic`` as a process, in the place of a fake one behind the fake backend."""

import asyncio
import signal
import socket
import sys

import aiohttp
from aiohttp import web


class RealStreamer:
    """``async with RealStreamer("instance-0") as streamer:``; the port stays over :meth:`kill` and :meth:`start`.

    ``media_addresses``: empty for all of this machine.
    """

    def __init__(self, instance: str = "instance-0", *, media_addresses: str = "127.0.0.1") -> None:
        self.instance = instance
        self._media_addresses = media_addresses
        self.pid = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    @property
    def running(self) -> bool:
        return self._process is not None

    async def __aenter__(self) -> "RealStreamer":
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.end(signal.SIGTERM)
        self._listener.close()

    async def start(self) -> None:
        descriptor = self._listener.fileno()
        options = ["--synthetic", "--instance", self.instance, "--listen-fd", str(descriptor)]
        options += ["--media-addresses", self._media_addresses, "--log-level", "warning"]
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "backend.streamer", *options, pass_fds=[descriptor]
        )
        self.pid = self._process.pid

    async def end(self, number: signal.Signals) -> None:
        if self._process is not None:
            process, self._process = self._process, None
            process.send_signal(number)
            await process.wait()

    async def post(self, request: web.Request) -> web.Response:
        return await forward(self.url, request)

    async def delete(self, request: web.Request) -> web.Response:
        return await withdraw(self.url, request)


async def forward(url: str, request: web.Request) -> web.Response:
    """Hand an offer on to the streamer at ``url``, as a backend does."""
    headers = {"Content-Type": "application/sdp"}
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{url}/whep", data=await request.read(), headers=headers) as response,
    ):
        session = response.headers.get("Location", "").rpartition("/")[2]
        return web.Response(
            status=response.status,
            text=await response.text(),
            content_type=response.content_type,
            headers={"Location": f"{request.path}/{session}"},
        )


async def withdraw(url: str, request: web.Request) -> web.Response:
    """End a session of the streamer at ``url``."""
    session = request.match_info["session"]
    async with (
        aiohttp.ClientSession() as http,
        http.delete(f"{url}/whep/{session}") as response,
    ):
        return web.Response(status=response.status)
