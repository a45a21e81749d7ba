"""The guests' switch as its HTTP server, with a status that tests choose."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

from backend.contract.lan import DirectPlay, LanStatus, Layer2, PairReach, PortKind, PortState, PortStatus, RoomStatus
from backend.contract.routes import LAN

PORTS = (
    PortStatus(
        number=1,
        name="instance-0",
        kind=PortKind.DGRAM,
        state=PortState.UP,
        macs=("02:4c:4f:43:00:00",),
        addresses=("192.168.98.10",),
        heard_age_s=0.4,
        frames_in=12,
        bytes_in=1024,
        drops={"full": 1},
        broadcasts={"arp": 3},
        directplay=DirectPlay.OPEN,
        directplay_ports=(47624,),
    ),
    PortStatus(number=2, name="instance-1", kind=PortKind.STREAM, state=PortState.DOWN, reason="Nobody connected yet."),
)
ROOM = RoomStatus(name="lan", ports=PORTS, pairs=(PairReach(a=1, b=2, layer2=Layer2.DOWN),), network="192.168.98.0/24")
STATUS = LanStatus(site="hall", uptime_s=7.5, rooms=(ROOM,))


class FakeSwitch:
    """``async with FakeSwitch().serving(path)``: on a unix socket, or without a path on a free TCP port."""

    def __init__(self) -> None:
        self.document: object = STATUS.to_json()
        self.status = 200
        self.asked = 0
        self.address = ""

    @asynccontextmanager
    async def serving(self, path: Path | None = None) -> AsyncIterator["FakeSwitch"]:
        app = web.Application()
        app.router.add_get(LAN, self._lan)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0) if path is None else web.UnixSite(runner, str(path))
        await site.start()
        self.address = str(path or "127.0.0.1:{1}".format(*runner.addresses[0]))
        try:
            yield self
        finally:
            await runner.cleanup()

    async def _lan(self, _request: web.Request) -> web.Response:
        self.asked += 1
        return web.json_response(self.document, status=self.status)
