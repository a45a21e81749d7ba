"""What operators see: status, probes, metrics, and live captures, over HTTP."""

import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from backend.contract import routes
from backend.contract.problem import CONTENT_TYPE, Problem
from backend.lan.addresses import Address, listening_socket
from backend.lan.capture import Capture
from backend.lan.metrics import PortCollector, SwitchCollector, exposition
from backend.lan.port import Port
from backend.lan.room import Room
from backend.lan.status import lan_status
from backend.lan.switch import Switch

MAX_CAPTURES = 8
"""Each costs a copy of every frame."""
PCAPNG = "application/x-pcapng"


def application(switch: Switch) -> web.Application:
    """The switch's."""
    pages = _Pages(switch)
    app = web.Application()
    app.add_routes(
        [
            web.get(routes.LAN, pages.status),
            web.get(routes.LAN_CAPTURE, pages.capture, allow_head=False),
            web.get(routes.HEALTHZ, healthz),
            web.get(routes.READYZ, pages.readyz),
            web.get(routes.METRICS, pages.metrics),
        ]
    )
    app.on_shutdown.append(pages.close)
    return app


async def healthz(_request: web.Request) -> web.Response:
    """It answers, so it lives."""
    return web.Response(text="ok\n")


@asynccontextmanager
async def serving(app: web.Application, address: Address) -> AsyncIterator[str]:
    """Serve inside the context; yields the URL, or the path of the unix socket.

    Raises:
        ListenError: the address cannot be used.
    """
    # A capture of a silent port would not notice that its reader has left.
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5, handler_cancellation=True)
    await runner.setup()
    try:
        listener = listening_socket(address, "http")
        await web.SockSite(runner, listener).start()
        name = listener.getsockname()
        yield name if isinstance(name, str) else f"http://{Address(name[0], name[1])}"
    finally:
        await runner.cleanup()


class _Pages:
    def __init__(self, switch: Switch) -> None:
        self._switch = switch
        self._captures: set[Capture] = set()

    async def close(self, _app: web.Application) -> None:
        """End the captures: they would hold up the stop."""
        for capture in self._captures:
            capture.end()

    async def status(self, _request: web.Request) -> web.Response:
        return web.json_response(lan_status(self._switch, time.monotonic()).to_json())

    async def readyz(self, _request: web.Request) -> web.Response:
        """Ready as soon as it serves: that one guest is missing is no reason to take the switch from the others."""
        up = sum(port.connected for _, port in self._switch.ports)
        return web.Response(text=f"{up} of {sum(1 for _ in self._switch.ports)} ports are connected.\n")

    async def metrics(self, _request: web.Request) -> web.Response:
        ports = PortCollector(lambda: [(room.room.name, port) for room, port in self._switch.ports])
        text = exposition(ports, SwitchCollector(self._switch))
        return web.Response(body=text, content_type="text/plain", charset="utf-8")

    async def capture(self, request: web.Request) -> web.StreamResponse:
        """Frames as they pass, until the caller leaves."""
        chosen = self._chosen(request)
        if isinstance(chosen, str):
            return _problem(404, chosen)
        if len(self._captures) >= MAX_CAPTURES:
            return _problem(429, f"{MAX_CAPTURES} captures run already: end one of them.")
        room, ports, both_ways = chosen
        response = web.StreamResponse(headers={"Content-Type": PCAPNG, "Cache-Control": "no-store"})
        await response.prepare(request)
        with Capture(room, ports, both_ways=both_ways) as capture:
            self._captures.add(capture)
            try:
                async for chunk in capture.chunks():
                    await response.write(chunk)
            except ConnectionError:
                pass  # the reader has seen enough
            finally:
                self._captures.discard(capture)
        return response

    def _chosen(self, request: web.Request) -> tuple[Room, list[Port], bool] | str:
        """Room, ports, and whether both ways; or a sentence about what is not there."""
        number, name = request.query.get("port"), request.query.get("room")
        if number is not None:
            for room, port in self._switch.ports:
                if str(port.number) == number:
                    return room.room, [port], True
            return f"There is no port {number!r:.20}; {routes.LAN} lists them."
        lan_room = self._switch.rooms.get(name) if name else next(iter(self._switch.rooms.values()))
        if lan_room is None:
            return f"There is no room {name!r:.40}; there are {', '.join(self._switch.rooms)}."
        return lan_room.room, lan_room.room.ports, False


def _problem(status: int, detail: str) -> web.Response:
    problem = Problem(status, "Not found" if status == 404 else "Too many", detail, secrets.token_hex(8))
    return web.json_response(problem.to_json(), status=status, content_type=CONTENT_TYPE)
