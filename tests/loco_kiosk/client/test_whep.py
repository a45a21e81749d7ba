from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from loco_kiosk.client.errors import BackendError, WhepError
from loco_kiosk.client.whep import Resource, WhepClient, http_session


class Answering:
    def __init__(self) -> None:
        self.answer = web.Response(status=201, text="v=0", headers={"Location": "/api/instances/instance-1/whep/a"})
        self.requests: list[web.Request] = []
        self.url = ""

    async def handle(self, request: web.Request) -> web.Response:
        await request.read()
        self.requests.append(request)
        return self.answer


@pytest.fixture
async def server() -> AsyncIterator[Answering]:
    answering = Answering()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answering.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    answering.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield answering
    await runner.cleanup()


async def test_an_offer_is_posted_and_the_answer_comes_with_its_address(server: Answering) -> None:
    async with http_session({"Authorization": "Bearer x"}) as http:
        resource = await WhepClient(http, server.url + "/").open("instance-1", "offer")
    assert resource == Resource("v=0", f"{server.url}/api/instances/instance-1/whep/a")
    (request,) = server.requests
    assert (request.method, request.path) == ("POST", "/api/instances/instance-1/whep")
    assert request.headers["Content-Type"] == "application/sdp"
    assert request.headers["Authorization"] == "Bearer x"
    assert request.headers["X-Correlation-ID"]


async def test_a_session_is_deleted_and_a_failure_of_that_is_no_error(server: Answering) -> None:
    async with aiohttp.ClientSession() as http:
        client = WhepClient(http, server.url)
        server.answer = web.Response(status=404)
        await client.close(Resource("", f"{server.url}/api/instances/instance-1/whep/a"))
        await client.close(Resource("", "http://127.0.0.1:1/x"))
    assert [request.method for request in server.requests] == ["DELETE"]


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (
            web.json_response(
                {"status": 503, "title": "Busy", "detail": "Too many viewers; close one.", "correlation_id": "1"},
                status=503,
            ),
            "Too many viewers; close one.",
        ),
        (web.Response(status=500, text="<html>"), "answered 500"),
        (web.Response(status=404, text='{"title": "Unknown instance", "status": 404}'), "Unknown instance"),
        (web.Response(status=201, text="v=0"), "no Location"),
    ],
)
async def test_refusals_become_sentences(server: Answering, answer: web.Response, text: str) -> None:
    server.answer = answer
    async with aiohttp.ClientSession() as http:
        with pytest.raises(WhepError, match=text):
            await WhepClient(http, server.url).open("instance-1", "offer")


async def test_a_backend_that_is_not_there_is_named() -> None:
    async with aiohttp.ClientSession() as http:
        with pytest.raises(WhepError, match="The backend cannot be reached"):
            await WhepClient(http, "http://127.0.0.1:1").open("instance-1", "offer")
        with pytest.raises(BackendError, match="cannot be reached"):
            await WhepClient(http, "http://127.0.0.1:1").recover("instance-1")


async def test_recover_names_its_level_and_a_refusal_is_told(server: Answering) -> None:
    server.answer = web.Response(status=202)
    async with aiohttp.ClientSession() as http:
        await WhepClient(http, server.url).recover("instance-1")
        assert await server.requests[0].json() == {"level": "reset"}
        server.answer = web.Response(status=409)
        with pytest.raises(BackendError, match="409"):
            await WhepClient(http, server.url).recover("instance-1")
