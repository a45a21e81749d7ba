import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from backend.lan import handshake
from backend.lan.connection import Connection
from backend.lan.errors import HandshakeError
from backend.lan.handshake import Dialogue, Greeting, Wish, accept, introduce, proof, receive, refuse

WISH = Wish(kind="port", name="instance-3")


@asynccontextmanager
async def dialogues() -> AsyncIterator[tuple[Dialogue, Dialogue]]:
    """The switch's and the other's."""
    loop = asyncio.get_running_loop()
    connections = []
    for end in socket.socketpair():
        _, connection = await loop.create_connection(lambda: Connection(queue_bytes=100_000), sock=end)
        connections.append(connection)
    try:
        yield Dialogue(connections[0]), Dialogue(connections[1])
    finally:
        for connection in connections:
            connection.abort()
            await connection.ended


async def serve(dialogue: Dialogue, token: str = "") -> Wish:
    """What a switch does."""
    try:
        wish = await receive(dialogue, site="attic", switch="abc", token=token)
    except HandshakeError as error:
        refuse(dialogue, error)
        raise
    accept(dialogue)
    return wish


@pytest.mark.parametrize("token", ["", "secret"])
async def test_both_learn_who_the_other_is(token: str) -> None:
    async with dialogues() as (switch, other):
        wish, greeting = await asyncio.gather(serve(switch, token), introduce(other, WISH, token=token))
        assert (wish.kind, wish.name) == ("port", "instance-3")
        assert (greeting.site, greeting.switch) == ("attic", "abc")


@pytest.mark.parametrize("token", ["", "wrong"])
async def test_who_does_not_know_the_secret_is_told_and_turned_away(token: str) -> None:
    async with dialogues() as (switch, other):
        results = await asyncio.gather(
            serve(switch, "secret"), introduce(other, WISH, token=token), return_exceptions=True
        )
        assert all(isinstance(result, HandshakeError) for result in results)
        assert "set the same 'token'" in str(results[1])


def test_a_proof_is_of_no_use_for_another_name_or_another_time() -> None:
    proofs = {proof("secret", nonce, name) for nonce in ("1", "2") for name in ("instance-1", "instance-2")}
    assert len(proofs) == 4


async def test_another_version_is_refused_in_words() -> None:
    async with dialogues() as (switch, other):
        other.say({"version": 99, "kind": "port", "name": "instance-3"})
        with pytest.raises(HandshakeError, match="speaks protocol 99"):
            await receive(switch, site="", switch="abc", token="")


@pytest.mark.parametrize("bytes_", [b"", b"not json", b"[]", b"\xff\xfe", b"{" * 3000, b'{"version": 1, "kind": 5}'])
async def test_what_is_no_message_is_refused(bytes_: bytes) -> None:
    async with dialogues() as (switch, other):
        other.connection.send(bytes_)
        with pytest.raises(HandshakeError):
            await receive(switch, site="", switch="abc", token="")


async def test_who_says_nothing_is_not_waited_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handshake, "TIMEOUT_S", 0.05)
    async with dialogues() as (switch, _):
        with pytest.raises(HandshakeError, match="said nothing"):
            await receive(switch, site="", switch="abc", token="")


async def test_who_leaves_is_noticed_at_once() -> None:
    async with dialogues() as (switch, other):
        other.connection.abort()
        with pytest.raises(HandshakeError, match="closed the connection"):
            await receive(switch, site="", switch="abc", token="")


async def test_frames_right_behind_the_answer_do_no_harm() -> None:
    async with dialogues() as (switch, other):
        asking = asyncio.gather(introduce(other, WISH))
        await receive(switch, site="attic", switch="abc", token="")
        accept(switch)
        for _ in range(20):
            switch.connection.send(bytes(1514))
        (greeting,) = await asking
        assert isinstance(greeting, Greeting)
