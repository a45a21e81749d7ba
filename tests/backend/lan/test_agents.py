import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from backend.contract.tasks import TaskScope
from backend.lan import agents as agents_module
from backend.lan.addresses import Address
from backend.lan.agents import Agents
from backend.lan.connection import Connection
from backend.lan.errors import HandshakeError
from backend.lan.handshake import Dialogue, Wish, introduce
from backend.lan.settings import LanSettings
from backend.lan.streams import connect, listen
from backend.lan.switch import Switch
from tests.backend.lan.wires import frame, until


class Reception:
    """A switch that takes in agents at a free port."""

    def __init__(self, switch: Switch, address: Address) -> None:
        self.switch = switch
        self._address = address

    async def connect(self) -> Connection:
        return await connect(self._address, queue_frames=16)

    async def join(self, name: str, *, kind: str = "port", token: str = "") -> Connection:
        """As an agent does."""
        connection = await self.connect()
        try:
            await introduce(Dialogue(connection), Wish(kind=kind, name=name), token=token)
        except HandshakeError:
            connection.abort()
            raise
        return connection


@asynccontextmanager
async def reception(token: str = "", rooms: tuple[str, ...] = ("lan=*",)) -> AsyncIterator[Reception]:
    switch, tasks = Switch(LanSettings(rooms=rooms)), TaskScope("test")
    agents = Agents(switch, token, tasks)
    server = await listen(Address("127.0.0.1", 0), "listen", agents.accepted, queue_frames=16)
    try:
        yield Reception(switch, Address(*server.sockets[0].getsockname()))
    finally:
        server.close()
        await tasks.close()


async def test_an_agent_becomes_the_port_of_its_instance() -> None:
    async with reception() as hall:
        first, second = await hall.join("instance-0"), await hall.join("instance-1")
        frames: asyncio.Queue[bytes] = asyncio.Queue()
        second.on_frame = frames.put_nowait
        await until(lambda: all(port.connected for _, port in hall.switch.ports), "both ports")
        first.send(frame(1))
        assert await frames.get() == frame(1)
        first.abort()
        await until(lambda: not hall.switch.stream_port("instance-0").connected, "the end of the first")
        second.abort()


async def test_an_agent_that_comes_again_takes_its_port_back() -> None:
    async with reception() as hall:
        old = await hall.join("instance-0")
        new = await hall.join("instance-0")
        async with asyncio.timeout(5):
            await asyncio.shield(old.ended)
        assert len(list(hall.switch.ports)) == 1
        assert hall.switch.stream_port("instance-0").connected
        new.abort()


async def test_who_does_not_know_the_secret_gets_no_port() -> None:
    async with reception(token="secret") as hall:
        with pytest.raises(HandshakeError, match="token"):
            await hall.join("instance-0", token="wrong")
        assert not list(hall.switch.ports)
        assert hall.switch.refused["agent"] == 1
        (await hall.join("instance-0", token="secret")).abort()


@pytest.mark.parametrize("name", ["", "instance-9", "../../etc", "x" * 64, 'a"}\n'])
async def test_who_belongs_nowhere_is_refused_in_words(name: str) -> None:
    async with reception(rooms=("yard=0-4",)) as hall:
        with pytest.raises(HandshakeError, match=r"The switch refuses: .*(No room|no name)"):
            await hall.join(name)
        assert hall.switch.refused["agent"] == 1


async def test_a_link_has_the_wrong_door_here() -> None:
    async with reception() as hall:
        with pytest.raises(HandshakeError, match="for port agents"):
            await hall.join("lan", kind="link")


async def test_strangers_do_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agents_module, "MAX_STRANGERS", 2)
    async with reception() as hall:
        silent = [await hall.connect() for _ in range(4)]
        await until(lambda: hall.switch.refused["agent"] == 2, "two of them turned away")
        async with asyncio.timeout(5):
            await asyncio.wait([each.ended for each in silent], return_when=asyncio.FIRST_COMPLETED)
        assert sum(each.ended.done() for each in silent) >= 1
        for each in silent:
            each.abort()
        await until(lambda: hall.switch.refused["agent"] == 4, "the others gone too")
        (await hall.join("instance-0")).abort()
