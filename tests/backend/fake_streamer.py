"""A streamer without a guest: real HTTP on loopback, and every fault on request."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from backend.contract import routes
from backend.contract.status import GuestReport, GuestState, StreamerStatus
from backend.discovery.source import Sighting


class FakeStreamer:
    """Answers as a streamer does; tests change its attributes."""

    def __init__(self, instance: str = "instance-0") -> None:
        self.instance = instance
        self.guest = GuestReport(GuestState.RUNNING)
        self.delay_s = 0.0
        self.silent = False
        self.status_line: bytes | None = None
        self.requests: list[tuple[str, str, bytes, dict[str, str]]] = []
        self.answer: dict[str, object] = {
            "status": 201,
            "body": b"v=0 answer",
            "headers": {"Location": "/whep/session-1", "Content-Type": "application/sdp", "ETag": '"1"'},
        }
        self.port = 0
        self._changed = asyncio.Event()

    def change(self, state: GuestState, reason: str = "") -> None:
        """Report another state of the guest at once."""
        self.guest = GuestReport(state, reason)
        self._changed.set()

    def sighting(self, slot: int = 0) -> Sighting:
        return Sighting(id=self.instance, slot=slot, name=f"PC {slot + 1}", addresses=("127.0.0.1",), port=self.port)

    @asynccontextmanager
    async def serving(self, port: int = 0) -> AsyncIterator["FakeStreamer"]:
        with socket.create_server(("127.0.0.1", port)) as listener:
            async with self.serving_on(listener):
                yield self

    @asynccontextmanager
    async def serving_on(self, listener: socket.socket) -> AsyncIterator[None]:
        app = web.Application()
        app.router.add_get(routes.STREAMER_STATUS_EVENTS, self._status_events)
        for path in (routes.STREAMER_WHEP, routes.STREAMER_WHEP_SESSION, routes.STREAMER_RECOVER):
            app.router.add_route("*", path, self._request)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        try:
            await web.SockSite(runner, listener).start()
            self.port = listener.getsockname()[1]
            yield
        finally:
            await runner.cleanup()

    async def _status_events(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            if not self.silent:
                await response.write(self._line())
            self._changed.clear()
            try:
                async with asyncio.timeout(0.05):
                    await self._changed.wait()
            except TimeoutError:
                continue

    def _line(self) -> bytes:
        if self.status_line is not None:
            return self.status_line
        return json.dumps(StreamerStatus(instance=self.instance, guest=self.guest).to_json()).encode() + b"\n"

    async def _request(self, request: web.Request) -> web.Response:
        body = await request.read()
        self.requests.append((request.method, request.path, body, dict(request.headers)))
        await asyncio.sleep(self.delay_s)
        return web.Response(**self.answer)  # type: ignore[arg-type]  # tests put in what Response takes


async def until(condition: Callable[[], object], timeout_s: float = 20.0) -> None:
    """Wait for ``condition()`` to hold."""
    async with asyncio.timeout(timeout_s):
        while not condition():  # noqa: ASYNC110 - the conditions are of many kinds, few have an event
            await asyncio.sleep(0.005)
