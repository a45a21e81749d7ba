"""A backend with a roster in memory, whose WHEP broker hands over to fake streamers in the same process."""

import contextlib
import json
from collections import Counter
from collections.abc import Mapping
from typing import Protocol

from aiohttp import web

from backend.contract.events import (
    Added,
    DiscoveryState,
    Event,
    Freshness,
    Removed,
    Snapshot,
    Updated,
    event_to_json,
)
from backend.contract.instance import Instance, InstanceState
from backend.contract.routes import EVENTS, LAN, RECOVER, WHEP, WHEP_SESSION
from tests.backend.fake_switch import STATUS as STATUS_OF_LAN


class Broker(Protocol):
    """A streamer behind the backend."""

    @property
    def running(self) -> bool: ...

    async def post(self, request: web.Request) -> web.Response: ...

    async def delete(self, request: web.Request) -> web.Response: ...


def instance(slot: int, state: InstanceState = InstanceState.READY, reason: str = "") -> Instance:
    return Instance(id=f"instance-{slot}", slot=slot, name=f"PC {slot + 1}", state=state, reason=reason)


class FakeBackend:
    """``async with FakeBackend({...}) as backend:`` then ``backend.url``; the port stays over a restart."""

    def __init__(self, streamers: Mapping[str, Broker]) -> None:
        self.streamers = streamers
        self.instances = {each: instance(int(each.rpartition("-")[2])) for each in streamers}
        self.revision = 1
        self.snapshots = 0
        self.recovered: list[tuple[str, str]] = []
        self.offers: Counter[str] = Counter()
        self.state, self.doubt = DiscoveryState.LIVE, ""
        self.port = 0
        self._sockets: set[web.WebSocketResponse] = set()
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def running(self) -> bool:
        return self._runner is not None

    async def __aenter__(self) -> "FakeBackend":
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        app = web.Application()
        app.router.add_get(EVENTS, self._events)
        app.router.add_get(LAN, self._lan)
        app.router.add_post(WHEP, self._whep)
        app.router.add_delete(WHEP_SESSION, self._delete)
        app.router.add_post(RECOVER, self._recover)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        for socket in list(self._sockets):
            await socket.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def put(self, changed: Instance) -> None:
        self.revision += 1
        kind = Updated if changed.id in self.instances else Added
        self.instances[changed.id] = changed
        await self.broadcast(kind(self.revision, changed))

    async def remove(self, identity: str) -> None:
        self.revision += 1
        del self.instances[identity]
        await self.broadcast(Removed(self.revision, identity))

    async def broadcast(self, event: Event | str) -> None:
        text = event if isinstance(event, str) else json.dumps(event_to_json(event))
        for socket in list(self._sockets):
            await socket.send_str(text)

    async def tell_freshness(self, revision: int) -> None:
        await self.broadcast(Freshness(revision, True, 0.5, self.state, self.doubt))

    async def _events(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.snapshots += 1
        snapshot = Snapshot(
            self.revision, tuple(self.instances.values()), "static", True, 0.0, None, self.state, self.doubt
        )
        await socket.send_str(json.dumps(event_to_json(snapshot)))
        self._sockets.add(socket)
        try:
            while not socket.closed:
                with contextlib.suppress(TimeoutError):
                    await socket.receive(timeout=5.0)
                    continue
                await self.tell_freshness(self.revision)
        finally:
            self._sockets.discard(socket)
        return socket

    async def _lan(self, _request: web.Request) -> web.Response:
        return web.json_response(STATUS_OF_LAN.to_json())

    async def _whep(self, request: web.Request) -> web.Response:
        self.offers[request.match_info["id"]] += 1
        streamer = self._streamer(request)
        if streamer is None:
            problem = {"status": 502, "title": "Bad Gateway", "detail": "The streamer does not answer.", "x": 1}
            return web.json_response(problem, status=502, content_type="application/problem+json")
        return await streamer.post(request)

    async def _delete(self, request: web.Request) -> web.Response:
        streamer = self._streamer(request)
        return await streamer.delete(request) if streamer is not None else web.Response(status=404)

    async def _recover(self, request: web.Request) -> web.Response:
        self.recovered.append((request.match_info["id"], (await request.json())["level"]))
        return web.Response(status=202)

    def _streamer(self, request: web.Request) -> Broker | None:
        streamer = self.streamers.get(request.match_info["id"])
        return streamer if streamer is not None and streamer.running else None
