import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from backend.contract import routes
from backend.contract.lan import LanStatus
from backend.contract.problem import Problem
from backend.lan import http
from backend.lan.addresses import Address
from backend.lan.http import application, serving
from backend.lan.settings import LanSettings
from backend.lan.switch import Switch
from tests.backend.lan.wires import Ear, captured, frame, until


@asynccontextmanager
async def served(*ports: Ear) -> AsyncIterator[tuple[Switch, aiohttp.ClientSession]]:
    switch = Switch(LanSettings(rooms=("lan=*", "attic=visitor")))
    for port in ports:
        switch.rooms["lan"].room.add(port)
    address = Address("127.0.0.1", 0)
    async with serving(application(switch), address) as url, aiohttp.ClientSession(url) as session:
        yield switch, session


async def test_the_status_is_the_contracts() -> None:
    async with served(Ear(1)) as (_, session), session.get(routes.LAN) as response:
        status = LanStatus.from_json(await response.json())
        assert [(room.name, len(room.ports)) for room in status.rooms] == [("lan", 1), ("attic", 0)]


@pytest.mark.parametrize("path", [routes.HEALTHZ, routes.READYZ, routes.METRICS])
async def test_probes_and_metrics_answer(path: str) -> None:
    async with served(Ear(1)) as (_, session), session.get(path) as response:
        assert response.status == 200
        assert await response.text()


async def test_a_capture_runs_until_its_reader_leaves_even_where_nothing_passes() -> None:
    one, two = Ear(1), Ear(2)
    async with served(one, two) as (switch, session):
        room = switch.rooms["lan"].room
        async with session.get(routes.LAN_CAPTURE, params={"port": "2"}) as response:
            await until(lambda: room.taps, "the tap")
            room.forward(one, frame(1), 1.0)
            data = b""
            async with asyncio.timeout(5):
                while frame(1) not in data:
                    data += await response.content.readany()
        assert [seen for seen, _ in captured(data)] == [frame(1)]
        await until(lambda: not room.taps, "the end of the tap")


async def test_a_capture_of_a_room_is_the_first_rooms_or_the_named() -> None:
    async with served(Ear(1)) as (switch, session):
        async with session.get(routes.LAN_CAPTURE) as response:
            assert response.content_type == http.PCAPNG
            await until(lambda: switch.rooms["lan"].room.taps, "the tap")
        async with session.get(routes.LAN_CAPTURE, params={"room": "attic"}):
            await until(lambda: switch.rooms["attic"].room.taps, "the tap")


@pytest.mark.parametrize("query", [{"port": "7"}, {"port": "x"}, {"room": "cellar"}])
async def test_what_is_not_there_cannot_be_captured(query: dict[str, str]) -> None:
    async with served(Ear(1)) as (_, session), session.get(routes.LAN_CAPTURE, params=query) as response:
        assert response.status == 404
        assert "There is no" in Problem.from_json(await response.read()).detail


async def test_captures_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "MAX_CAPTURES", 1)
    async with served(Ear(1)) as (switch, session), session.get(routes.LAN_CAPTURE):
        await until(lambda: switch.rooms["lan"].room.taps, "the tap")
        async with session.get(routes.LAN_CAPTURE) as second:
            assert second.status == 429


async def test_a_capture_does_not_hold_up_the_stop() -> None:
    async with aiohttp.ClientSession() as session:
        async with serving(application(Switch(LanSettings())), Address("127.0.0.1", 0)) as url:
            response = await session.get(url + routes.LAN_CAPTURE)
            began_s = asyncio.get_running_loop().time()
        assert asyncio.get_running_loop().time() - began_s < 2
        response.close()


async def test_a_unix_socket_serves_as_well(runs: Path) -> None:
    path = str(runs / "http.sock")
    async with serving(application(Switch(LanSettings())), Address(path=path)) as where:
        assert where == path
        async with (
            aiohttp.ClientSession(connector=aiohttp.UnixConnector(path)) as session,
            session.get("http://lan" + routes.HEALTHZ) as response,
        ):
            assert response.status == 200
