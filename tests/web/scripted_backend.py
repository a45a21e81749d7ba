"""The page behind a backend that says what a test tells it to: for states that no real cluster takes on demand."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self

from aiohttp import web

from backend.contract import routes
from backend.contract.events import Event, Snapshot, event_to_json
from backend.web.page import Page


class ScriptedBackend:
    """Serves the page, its events and nothing else, in a thread of its own."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        """What a new event stream begins with."""
        self.connections = 0
        self.accepts = True
        self.url = ""
        self._loop = asyncio.new_event_loop()
        self._sockets: set[web.WebSocketResponse] = set()
        self._ready = threading.Event()
        self._end: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._run, name="scripted backend")

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        assert self._end is not None
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(10)

    def say(self, event: Event) -> None:
        """Tell every page."""
        asyncio.run_coroutine_threadsafe(self._tell(event), self._loop).result(5)

    def hang_up(self) -> None:
        """Close every event stream."""
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(5)

    async def _tell(self, event: Event) -> None:
        for socket in list(self._sockets):
            await socket.send_str(json.dumps(event_to_json(event)))

    async def _close(self) -> None:
        for socket in list(self._sockets):
            await socket.close()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        self._end = asyncio.Event()
        async with self._serving():
            self._ready.set()
            await self._end.wait()
            await self._close()

    @asynccontextmanager
    async def _serving(self) -> AsyncIterator[None]:
        app = web.Application()
        app.add_routes([*Page().routes(), web.get(routes.EVENTS, self._events)])
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        try:
            yield
        finally:
            await runner.cleanup()

    async def _events(self, request: web.Request) -> web.StreamResponse:
        if not self.accepts:
            return web.Response(status=503)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.connections += 1
        self._sockets.add(socket)
        await socket.send_str(json.dumps(event_to_json(self.snapshot)))
        async for _message in socket:
            pass
        self._sockets.discard(socket)
        return socket


def snapshot(*instances: Any, **fields: Any) -> Snapshot:
    """A snapshot at revision 1, all well but for ``fields``."""
    known: dict[str, Any] = {"mode": "kubernetes", "synced": True, "age_s": 0.0, "focus": None}
    return Snapshot(revision=1, instances=tuple(instances), **(known | fields))
