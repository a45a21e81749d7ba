import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest

from backend.contract.problem import Problem
from backend.contract.retry import Backoff
from loco_kiosk.client import lan_client
from loco_kiosk.client.lan_client import LanClient
from loco_kiosk.client.lan_view import LanView
from tests.backend.fake_switch import STATUS, FakeSwitch


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lan_client, "PERIOD_S", 0.01)
    monkeypatch.setattr(lan_client, "_BACKOFF", Backoff(initial_s=0.01, maximum_s=0.01))


@asynccontextmanager
async def asking(url: str) -> AsyncIterator["asyncio.Queue[LanView]"]:
    news: asyncio.Queue[LanView] = asyncio.Queue()
    async with aiohttp.ClientSession() as http, asyncio.TaskGroup() as tasks, asyncio.timeout(10):
        task = tasks.create_task(LanClient(http, url, news.put_nowait).run())
        yield news
        task.cancel()


async def until(news: "asyncio.Queue[LanView]", wanted: LanView) -> None:
    while await news.get() != wanted:
        pass


async def test_it_tells_again_and_again() -> None:
    async with FakeSwitch().serving() as switch, asking(f"http://{switch.address}/") as news:
        for _ in range(3):
            assert await news.get() == LanView(STATUS)


async def test_what_was_known_stays_with_a_reason_while_nobody_answers() -> None:
    async with FakeSwitch().serving() as switch, asking(f"http://{switch.address}") as news:
        await until(news, LanView(STATUS))
        switch.status = 503
        switch.document = Problem(503, "Away", "The switch does not answer.", "1").to_json()
        await until(news, LanView(STATUS, "The switch does not answer."))
        switch.status, switch.document = 200, STATUS.to_json()
        await until(news, LanView(STATUS))


async def test_where_the_network_was_turned_off_nothing_stays() -> None:
    async with FakeSwitch().serving() as switch, asking(f"http://{switch.address}") as news:
        await until(news, LanView(STATUS))
        switch.status, switch.document = 404, Problem(404, "No guest LAN", "There is none.", "1").to_json()
        await until(news, LanView(None, "There is none."))


@pytest.mark.parametrize("document", [["list"], STATUS.to_json() | {"version": 99}])
async def test_an_answer_of_another_kind_is_a_reason(document: object) -> None:
    async with FakeSwitch().serving() as switch, asking(f"http://{switch.address}") as news:
        switch.document = document
        while not (view := await news.get()).reason:
            pass
        assert len(view.reason) > 20


async def test_a_backend_that_is_not_there_is_a_reason() -> None:
    async with asking("http://127.0.0.1:9") as news:
        view = await news.get()
        assert view.status is None
        assert view.reason.startswith("The backend cannot be reached")
