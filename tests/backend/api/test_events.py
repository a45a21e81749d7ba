import asyncio
import socket
import time
from typing import Any

import aiohttp
import pytest

from backend.api.clients import ClientLimits, Clients, networks
from backend.api.events import STREAMS
from backend.api.services import SERVICES
from backend.contract.events import Added, Event, FocusChanged, Freshness, Snapshot, Updated, event_from_json
from backend.contract.instance import InstanceState
from backend.discovery.condition import Condition
from backend.discovery.source import Sighting, Upsert
from tests.backend.fake_streamer import until

READY = Condition(InstanceState.READY, "", 100)


async def receive(stream: Any, kind: type[Event]) -> Any:
    async with asyncio.timeout(20):
        while True:
            event = event_from_json(await stream.receive_str())
            if isinstance(event, kind):
                return event


async def test_a_snapshot_comes_first_and_then_each_change(backend: Any) -> None:
    async with backend.client.ws_connect("/api/events") as stream:
        snapshot = await receive(stream, Snapshot)
        assert [instance.id for instance in snapshot.instances] == ["instance-0"]
        backend.registry.report("instance-0", READY, heard=True)
        updated = await receive(stream, Updated)
        assert (updated.revision, updated.instance.state) == (snapshot.revision + 1, InstanceState.READY)
        backend.registry.apply(Upsert(Sighting(id="instance-1", slot=1, name="PC 2")))
        assert (await receive(stream, Added)).revision == snapshot.revision + 2


async def test_a_quiet_stream_shows_that_it_lives(backend: Any) -> None:
    async with backend.client.ws_connect("/api/events") as stream:
        freshness = await receive(stream, Freshness)
        assert freshness.synced
        assert freshness.revision == backend.registry.revision


async def test_everybody_hears_of_the_focus(backend: Any) -> None:
    async with backend.client.ws_connect("/api/events") as one, backend.client.ws_connect("/api/events") as two:
        for stream in (one, two):
            await receive(stream, Snapshot)
        async with backend.client.put("/api/focus", json={"id": "instance-0"}) as response:
            assert response.status == 200
        for stream in (one, two):
            assert await receive(stream, FocusChanged) == FocusChanged("instance-0")


async def test_a_client_that_does_not_read_gets_a_snapshot_when_it_does(backend: Any) -> None:
    async with backend.client.ws_connect("/api/events") as stream:
        await receive(stream, Snapshot)
        name = "x" * 100_000
        for number in range(300):
            backend.registry.apply(Upsert(Sighting(id="instance-0", slot=0, name=f"{name}{number}")))
            await asyncio.sleep(0)
        late = await receive(stream, Snapshot)
        assert late.revision > 10
        assert backend.registry.overflows > 0
        while late.revision < backend.registry.revision:
            late = await receive(stream, Event)  # type: ignore[arg-type]  # a union works with isinstance


async def test_what_a_client_sends_is_ignored_and_too_much_ends_its_stream(backend: Any) -> None:
    async with backend.client.ws_connect("/api/events") as stream:
        await receive(stream, Snapshot)
        await stream.send_str("hello")
        await stream.send_bytes(b"\x00")
        assert await receive(stream, Freshness)
        await stream.send_str("x" * 10_000)
        async with asyncio.timeout(20):
            while (await stream.receive()).type is not aiohttp.WSMsgType.CLOSE:
                pass
    await until(lambda: backend.registry.subscribers == 0)


async def test_a_closed_stream_leaves_no_subscriber(backend: Any) -> None:
    async with backend.client.ws_connect("/api/events") as stream:
        await receive(stream, Snapshot)
        assert backend.registry.subscribers == 1
    await until(lambda: backend.registry.subscribers == 0)


async def test_a_plain_request_is_told_to_use_a_websocket(backend: Any) -> None:
    async with backend.client.get("/api/events") as response:
        assert response.status == 426
        assert "WebSocket" in (await response.json())["detail"]


async def test_a_stopping_backend_closes_its_streams(backend: Any) -> None:
    async with backend.client.ws_connect("/api/events") as stream:
        await receive(stream, Snapshot)
        async with asyncio.timeout(20), asyncio.TaskGroup() as tasks:
            tasks.create_task(backend.client.server.close())
            while (message := await stream.receive()).type is aiohttp.WSMsgType.TEXT:
                pass
        assert message.data == 1001


class Deaf:
    """A client that opens a stream and then never reads from it, nor answers pings."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket = socket.socket()

    async def connect(self) -> None:
        loop = asyncio.get_running_loop()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self._socket.setblocking(False)
        await loop.sock_connect(self._socket, ("127.0.0.1", self._port))
        request = "GET /api/events HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        request += "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
        await loop.sock_sendall(self._socket, request.encode())

    async def read(self, size: int) -> int:
        """Take in a little after all; how much there was."""
        return len(await asyncio.get_running_loop().sock_recv(self._socket, size))

    def close(self) -> None:
        self._socket.close()


async def test_a_reader_that_never_reads_holds_little_memory_and_not_for_long(backend: Any) -> None:
    object.__setattr__(backend.client.app[SERVICES], "send_timeout_s", 0.5)
    deaf = Deaf(backend.client.port)
    await deaf.connect()
    await until(lambda: backend.registry.subscribers == 1)
    (transport,) = backend.client.app[STREAMS]._open.values()
    name, waiting = "x" * 10_000, []
    for number in range(400):
        backend.registry.apply(Upsert(Sighting(id="instance-0", slot=0, name=f"{name}{number}")))
        await asyncio.sleep(0)
        waiting.append(transport.get_write_buffer_size())
    assert max(waiting) > 0, "the client reads nothing"
    assert max(waiting) < 256 * 1024
    await until(lambda: backend.registry.subscribers == 0)
    await until(lambda: transport.get_write_buffer_size() == 0)
    assert "loco_event_slow_readers_total 1.0" in backend.client.app[SERVICES].metrics.text().decode()
    deaf.close()


async def test_a_reader_that_never_reads_does_not_hold_up_the_stop(backend: Any) -> None:
    deaf = Deaf(backend.client.port)
    await deaf.connect()
    await until(lambda: backend.registry.subscribers == 1)
    for number in range(400):
        backend.registry.apply(Upsert(Sighting(id="instance-0", slot=0, name=f"{'x' * 10_000}{number}")))
        await asyncio.sleep(0)
    started_s = time.monotonic()
    await backend.client.server.close()
    assert time.monotonic() - started_s < 4
    deaf.close()


async def test_too_many_streams_of_one_caller_are_refused(backend: Any) -> None:
    clients = Clients(ClientLimits(streams=1), networks(["127.0.0.0/8"]))
    object.__setattr__(backend.client.app[SERVICES], "clients", clients)
    headers = {"X-Forwarded-For": "192.0.2.7"}
    async with backend.client.ws_connect("/api/events", headers=headers) as stream:
        await receive(stream, Snapshot)
        with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
            await backend.client.ws_connect("/api/events", headers=headers)
        assert caught.value.status == 429
    await until(lambda: clients.streams == 0)
    async with backend.client.ws_connect("/api/events", headers=headers) as stream:
        assert await receive(stream, Snapshot)


async def test_a_slow_reader_is_not_cut_off_while_it_reads(backend: Any) -> None:
    object.__setattr__(backend.client.app[SERVICES], "send_timeout_s", 0.3)
    backend.registry.apply(Upsert(Sighting(id="instance-0", slot=0, name="x" * 300_000)))
    slow = Deaf(backend.client.port)
    await slow.connect()
    async with asyncio.timeout(20):
        read = 0
        while read < 300_000:
            read += await slow.read(64 * 1024)
            await asyncio.sleep(0.02)
    assert "loco_event_slow_readers_total 0.0" in backend.client.app[SERVICES].metrics.text().decode()
    slow.close()
