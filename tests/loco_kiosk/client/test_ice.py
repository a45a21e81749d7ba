import asyncio
import contextlib
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from aiortc import RTCIceServer

from backend.contract.ice import IceServer, IceServers
from loco_kiosk.client.ice import IceClient, usable

TURN = IceServer(("turn:turn.example:3478?transport=udp",), "1:x", "y")


class Backend:
    def __init__(self) -> None:
        self.asked = 0
        self.answer: web.Response | None = None
        self.ttl_s = 600.0

    async def ice(self, _request: web.Request) -> web.Response:
        self.asked += 1
        await asyncio.sleep(0.01)
        return self.answer or web.json_response(IceServers((TURN,), self.ttl_s).to_json())


@contextlib.asynccontextmanager
async def asking(backend: Backend) -> AsyncIterator[IceClient]:
    app = web.Application()
    app.router.add_get("/api/ice", backend.ice)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        async with aiohttp.ClientSession() as http:
            yield IceClient(http, f"http://127.0.0.1:{runner.addresses[0][1]}")
    finally:
        await runner.cleanup()


async def test_nine_sessions_ask_once() -> None:
    backend = Backend()
    async with asking(backend) as client:
        found = await asyncio.gather(*(client.servers() for _ in range(9)))
        assert found == [[RTCIceServer(TURN.urls[0], "1:x", "y")]] * 9
        assert backend.asked == 1


async def test_it_asks_again_before_the_credential_ends() -> None:
    backend = Backend()
    backend.ttl_s = 0.02
    async with asking(backend) as client:
        await client.servers()
        await asyncio.sleep(0.02)
        await client.servers()
        assert backend.asked == 2


@pytest.mark.parametrize(
    ("status", "text", "said"), [(404, "", ""), (500, "", "answered 500"), (200, "[]", "must be a JSON object")]
)
async def test_without_an_answer_sessions_go_on_without_a_relay_and_it_is_said_once(
    status: int, text: str, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    backend = Backend()
    backend.answer = web.Response(status=status, text=text)
    async with asking(backend) as client:
        assert await client.servers() == []
        assert await client.servers() == []
        assert backend.asked == 1
    lines = [record.getMessage() for record in caplog.records if record.name == "loco_kiosk.client.ice"]
    assert len(lines) == (1 if said else 0)
    assert all(said in line for line in lines)


async def test_nobody_there_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    async with aiohttp.ClientSession() as http:
        assert await IceClient(http, "http://127.0.0.1:9").servers() == []
    assert "no relay for media" in caplog.text


def test_turn_alone_is_used_where_there_is_any_and_strange_urls_never() -> None:
    stun = IceServer(("stun:turn.example",))
    strange = IceServer(("turn:", "quic:x", ""), "u", "c")
    assert usable(IceServers((stun, strange, TURN), 1)) == [RTCIceServer(TURN.urls[0], "1:x", "y")]
    assert usable(IceServers((strange, stun), 1)) == [RTCIceServer("stun:turn.example")]
    assert usable(IceServers((), 1)) == []
