import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing, asynccontextmanager

import pytest
from aiohttp import web

from backend.discovery.kubernetes import api as module
from backend.discovery.kubernetes.api import KubeApi
from backend.discovery.kubernetes.errors import (
    ApiStatusError,
    ConnectionLostError,
    DeniedError,
    GarbledError,
    GoneError,
    UnauthorizedError,
)
from backend.discovery.kubernetes.limits import Limits
from backend.discovery.kubernetes.statistics import Statistics
from tests.backend.discovery.kubernetes.following import PODS, api_for
from tests.fakes.kube_api.server import Fault, KubeApiServer

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def answering(handler: Handler, limits: Limits | None = None):  # type: ignore[no-untyped-def]
    """An API for a server that does whatever the test wants."""
    app = web.Application()
    app.router.add_get("/{path:.*}", handler)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        async with api_for(url, Statistics(), limits=limits or Limits()) as api:
            yield api
    finally:
        await runner.cleanup()


async def get(api: KubeApi) -> dict[str, object]:
    return await api.get(PODS.path, {}, resource="pods", verb="list")


async def lines_of(api: KubeApi) -> list[list[bytes]]:
    async with aclosing(api.stream(PODS.path, {"watch": "1"}, resource="pods")) as bursts:
        return [burst async for burst in bursts]


async def test_it_signs_in_and_asks_for_plain_json() -> None:
    seen: dict[str, str] = {}

    async def handler(request: web.Request) -> web.Response:
        seen.update(request.headers)
        return web.json_response({})

    async with answering(handler) as api:
        await get(api)
        assert api.server.startswith("http://127.0.0.1:")
        assert api.namespace == "loco"
    assert seen["Accept"] == "application/json"
    assert seen["Accept-Encoding"] == "identity"
    assert seen["User-Agent"] == "loco-backend"


@pytest.mark.parametrize(
    ("status", "kind"),
    [(401, UnauthorizedError), (403, DeniedError), (404, DeniedError), (410, GoneError), (500, ApiStatusError)],
)
async def test_errors_of_the_server_come_with_its_words_and_are_counted(
    server: KubeApiServer, status: int, kind: type[ApiStatusError]
) -> None:
    server.behaviour.faults.append(Fault(status))
    statistics = Statistics()
    async with api_for(server.url, statistics) as api:
        with pytest.raises(kind, match=f"the API server answered {status}: pretended fault {status}") as caught:
            await get(api)
    assert caught.value.status == status
    assert statistics.api_calls == {("pods", "list", str(status)): 1}


async def test_an_error_page_of_whatever_stands_before_the_server_is_shown_in_short() -> None:
    async def handler(_request: web.Request) -> web.Response:
        return web.Response(status=502, text="<html>Bad gateway" + "x" * 10000)

    async with answering(handler) as api:
        with pytest.raises(ApiStatusError, match="502: <html>Bad gateway") as caught:
            await get(api)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("text", ["", "nonsense", "[1]", "\xff"])
async def test_an_answer_that_is_no_json_object_is_refused(text: str) -> None:
    async def handler(_request: web.Request) -> web.Response:
        return web.Response(text=text)

    async with answering(handler) as api:
        with pytest.raises(GarbledError):
            await get(api)


async def test_a_server_that_is_not_there_is_told_and_counted() -> None:
    statistics = Statistics()
    async with api_for("http://127.0.0.1:9", statistics) as api:
        with pytest.raises(ConnectionLostError, match=r"cannot connect to the API server \(connection refused\)"):
            await get(api)
    assert statistics.api_calls == {("pods", "list", "lost"): 1}


async def test_a_server_that_does_not_answer_is_given_up() -> None:
    async def handler(_request: web.Request) -> web.Response:
        await asyncio.sleep(30)
        return web.Response()

    async with answering(handler, Limits(connect_s=0.05, silence_s=0.05)) as api:
        for ask in (get, lines_of):
            with pytest.raises(ConnectionLostError, match="does not answer"):
                await ask(api)


def streaming(*chunks: bytes, then_s: float = 0.0, abort: bool = False) -> Handler:
    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for chunk in chunks:
            await response.write(chunk)
            await asyncio.sleep(0.05)
        await asyncio.sleep(then_s)
        if abort:
            assert request.transport is not None
            request.transport.abort()
        return response

    return handler


async def test_lines_that_arrive_together_come_together_and_the_first_list_says_that_it_began() -> None:
    async with answering(streaming(b"one\ntwo\nth", b"ree\n", b"f", b"our", b"\n")) as api:
        assert await lines_of(api) == [[], [b"one", b"two"], [b"three"], [b"four"]]


async def test_an_end_inside_a_line_is_a_lost_connection() -> None:
    async with answering(streaming(b"one\ntw")) as api:
        with pytest.raises(ConnectionLostError, match="inside a line"):
            await lines_of(api)


async def test_a_connection_that_breaks_is_a_lost_connection() -> None:
    async with answering(streaming(b"one\n", abort=True)) as api:
        with pytest.raises(ConnectionLostError, match="broke"):
            await lines_of(api)


async def test_a_watch_that_is_silent_for_longer_than_bookmarks_allow_is_given_up() -> None:
    async with answering(streaming(b"one\n", then_s=30), Limits(idle_s=0.1)) as api:
        with pytest.raises(ConnectionLostError, match="does not answer"):
            await lines_of(api)


async def test_a_line_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LINE_LIMIT", 1000)
    async with answering(streaming(b"x" * 2000)) as api:
        with pytest.raises(GarbledError, match="a line of more than"):
            await lines_of(api)


async def test_a_line_of_a_megabyte_arrives_whole() -> None:
    line = b"x" * (1 << 20)
    async with answering(streaming(line + b"\n")) as api:
        assert [line] in await lines_of(api)


async def test_every_third_attempt_in_a_row_waits_longer_for_a_connection(server: KubeApiServer) -> None:
    async with api_for(server.url, Statistics(), limits=Limits(connect_s=1.0)) as api:
        waits_s = []
        for _ in range(4):
            waits_s.append(api._patience(1.0).sock_connect)
            api._lost += 1
        assert waits_s == [1.0, 1.0, 3.0, 1.0]
        await get(api)
        assert api._patience(1.0).sock_connect == 1.0
