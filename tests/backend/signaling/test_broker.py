import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace

import aiohttp
import pytest

from backend.contract import logs
from backend.contract.instance import Instance, InstanceState, RecoverLevel
from backend.signaling.broker import MAX_ANSWER_BYTES, Broker
from backend.signaling.errors import (
    InstanceLostError,
    RequestError,
    StreamerFailedError,
    StreamerRefusedError,
    StreamerSlowError,
    UnknownInstanceError,
    UnknownSessionError,
)
from tests.backend.fake_streamer import FakeStreamer

SDP: Mapping[str, str] = {"Content-Type": "application/sdp", "Cookie": "private"}


@pytest.fixture
async def streamer() -> AsyncIterator[FakeStreamer]:
    async with FakeStreamer().serving() as fake:
        yield fake


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


def instance(streamer: FakeStreamer) -> Instance:
    return Instance(
        id="instance-0",
        slot=0,
        name="PC 1",
        state=InstanceState.READY,
        addresses=("127.0.0.1",),
        port=streamer.port,
    )


def broker(client: aiohttp.ClientSession, *known: Instance, timeout_s: float = 2.0) -> Broker:
    return Broker({item.id: item for item in known}.get, client, timeout_s=timeout_s)


async def test_an_offer_is_answered_with_a_location_of_this_backend(
    streamer: FakeStreamer, client: aiohttp.ClientSession
) -> None:
    token = logs.correlation_id.set("abc")
    try:
        reply = await broker(client, instance(streamer)).open("instance-0", b"v=0 offer", SDP)
    finally:
        logs.correlation_id.reset(token)
    assert (reply.status, reply.body) == (201, b"v=0 answer")
    assert reply.headers["Location"] == "/api/instances/instance-0/whep/session-1"
    assert reply.headers["ETag"] == '"1"'
    ((method, path, body, headers),) = streamer.requests
    assert (method, path, body) == ("POST", "/whep", b"v=0 offer")
    assert headers["X-Correlation-ID"] == "abc"
    assert "Cookie" not in headers


@pytest.mark.parametrize("location", ["http://10.0.0.1:8081/whep/session-9", "/whep/session-9", "whep/session-9?x=1"])
async def test_every_form_of_location_is_rewritten(
    streamer: FakeStreamer, client: aiohttp.ClientSession, location: str
) -> None:
    streamer.answer["headers"] = {"Location": location}
    reply = await broker(client, instance(streamer)).open("instance-0", b"", SDP)
    assert reply.headers["Location"] == "/api/instances/instance-0/whep/session-9"


@pytest.mark.parametrize("headers", [{}, {"Location": "/"}, {"Location": "/whep/a%20b"}])
async def test_a_session_without_a_usable_location_is_a_fault_of_the_streamer(
    streamer: FakeStreamer, client: aiohttp.ClientSession, headers: dict[str, str]
) -> None:
    streamer.answer["headers"] = headers
    with pytest.raises(StreamerFailedError):
        await broker(client, instance(streamer)).open("instance-0", b"", SDP)


async def test_changes_go_to_the_session_with_their_condition(
    streamer: FakeStreamer, client: aiohttp.ClientSession
) -> None:
    streamer.answer = {"status": 204}
    fragment = {"Content-Type": "application/trickle-ice-sdpfrag", "If-Match": '"1"'}
    reply = await broker(client, instance(streamer)).change("instance-0", "s-1", "PATCH", b"a=x", fragment)
    assert reply.status == 204
    ((method, path, body, headers),) = streamer.requests
    assert (method, path, body, headers["If-Match"]) == ("PATCH", "/whep/s-1", b"a=x", '"1"')


@pytest.mark.parametrize("session", ["../recover", "a/b", "", "x" * 200, "a b"])
async def test_no_session_name_leads_anywhere_else(
    streamer: FakeStreamer, client: aiohttp.ClientSession, session: str
) -> None:
    with pytest.raises(UnknownSessionError):
        await broker(client, instance(streamer)).change("instance-0", session, "DELETE", b"", {})
    assert not streamer.requests


async def test_an_unknown_instance_is_told(client: aiohttp.ClientSession) -> None:
    with pytest.raises(UnknownInstanceError, match="/api/instances"):
        await broker(client).open("instance-7", b"", SDP)


async def test_a_lost_instance_is_told_with_its_reason(streamer: FakeStreamer, client: aiohttp.ClientSession) -> None:
    lost = replace(instance(streamer), state=InstanceState.LOST, reason="Its node is down.")
    with pytest.raises(InstanceLostError, match="Its node is down") as caught:
        await broker(client, lost).open("instance-0", b"", SDP)
    assert (caught.value.status, caught.value.retry_after_s) == (503, 2)
    assert not streamer.requests


async def test_a_streamer_that_refuses_connections_is_told(client: aiohttp.ClientSession) -> None:
    async with FakeStreamer().serving() as gone:
        known = instance(gone)
    with pytest.raises(InstanceLostError, match="does not accept"):
        await broker(client, known).open("instance-0", b"", SDP)


async def test_a_slow_streamer_is_told(streamer: FakeStreamer, client: aiohttp.ClientSession) -> None:
    streamer.delay_s = 5
    with pytest.raises(StreamerSlowError, match=r"within 0\.1 s"):
        await broker(client, instance(streamer), timeout_s=0.1).open("instance-0", b"", SDP)


async def test_the_words_of_a_refusing_streamer_are_passed_on(
    streamer: FakeStreamer, client: aiohttp.ClientSession
) -> None:
    body = b'{"status": 422, "title": "Bad offer", "detail": "No video in the offer."}'
    streamer.answer = {"status": 422, "body": body, "headers": {"Content-Type": "application/problem+json"}}
    with pytest.raises(StreamerRefusedError, match="No video in the offer") as caught:
        await broker(client, instance(streamer)).open("instance-0", b"", SDP)
    assert (caught.value.status, caught.value.title) == (422, "Bad offer")
    streamer.answer = {"status": 400, "body": b"plain words"}
    with pytest.raises(StreamerRefusedError, match="plain words"):
        await broker(client, instance(streamer)).open("instance-0", b"", SDP)


@pytest.mark.parametrize(
    "answer", [{"status": 500, "body": b"bang"}, {"status": 201, "body": b"x" * (MAX_ANSWER_BYTES + 1)}]
)
async def test_a_failing_streamer_is_a_bad_gateway(
    streamer: FakeStreamer, client: aiohttp.ClientSession, answer: dict[str, object]
) -> None:
    streamer.answer = answer
    with pytest.raises(RequestError) as caught:
        await broker(client, instance(streamer)).open("instance-0", b"", SDP)
    assert caught.value.status == 502


@pytest.mark.parametrize("level", RecoverLevel)
async def test_recovery_asks_the_streamer(
    streamer: FakeStreamer, client: aiohttp.ClientSession, level: RecoverLevel
) -> None:
    streamer.answer = {"status": 202}
    await broker(client, instance(streamer)).recover("instance-0", level)
    ((method, path, body, _),) = streamer.requests
    assert (method, path, json.loads(body)) == ("POST", "/recover", {"level": level.value})
