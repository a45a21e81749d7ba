import asyncio
from typing import Any

import aiohttp

from backend.contract.events import Added, Event, FocusChanged, Freshness, Snapshot, Updated, event_from_json
from backend.contract.instance import InstanceState
from backend.discovery.condition import Condition
from backend.discovery.source import Sighting, Upsert
from tests.backend.fake_streamer import until

READY = Condition(InstanceState.READY, "", 100)


async def receive(socket: Any, kind: type[Event]) -> Any:
    async with asyncio.timeout(20):
        while True:
            event = event_from_json(await socket.receive_str())
            if isinstance(event, kind):
                return event


async def test_a_snapshot_comes_first_and_then_each_change(backend: Any) -> None:
    async with backend.client.ws_connect("/api/events") as socket:
        snapshot = await receive(socket, Snapshot)
        assert [instance.id for instance in snapshot.instances] == ["instance-0"]
        backend.registry.report("instance-0", READY, heard=True)
        updated = await receive(socket, Updated)
        assert (updated.revision, updated.instance.state) == (snapshot.revision + 1, InstanceState.READY)
        backend.registry.apply(Upsert(Sighting(id="instance-1", slot=1, name="PC 2")))
        assert (await receive(socket, Added)).revision == snapshot.revision + 2


async def test_a_quiet_stream_shows_that_it_lives(backend: Any) -> None:
    async with backend.client.ws_connect("/api/events") as socket:
        freshness = await receive(socket, Freshness)
        assert freshness.synced
        assert freshness.revision == backend.registry.revision


async def test_everybody_hears_of_the_focus(backend: Any) -> None:
    async with backend.client.ws_connect("/api/events") as one, backend.client.ws_connect("/api/events") as two:
        for socket in (one, two):
            await receive(socket, Snapshot)
        async with backend.client.put("/api/focus", json={"id": "instance-0"}) as response:
            assert response.status == 200
        for socket in (one, two):
            assert await receive(socket, FocusChanged) == FocusChanged("instance-0")


async def test_a_client_that_does_not_read_gets_a_snapshot_when_it_does(backend: Any) -> None:
    async with backend.client.ws_connect("/api/events") as socket:
        await receive(socket, Snapshot)
        name = "x" * 100_000
        for number in range(300):
            backend.registry.apply(Upsert(Sighting(id="instance-0", slot=0, name=f"{name}{number}")))
            await asyncio.sleep(0)
        late = await receive(socket, Snapshot)
        assert late.revision > 10
        assert backend.registry.overflows > 0
        while late.revision < backend.registry.revision:
            late = await receive(socket, Event)  # type: ignore[arg-type]  # a union works with isinstance


async def test_what_a_client_sends_is_ignored_and_too_much_ends_its_stream(backend: Any) -> None:
    async with backend.client.ws_connect("/api/events") as socket:
        await receive(socket, Snapshot)
        await socket.send_str("hello")
        await socket.send_bytes(b"\x00")
        assert await receive(socket, Freshness)
        await socket.send_str("x" * 10_000)
        async with asyncio.timeout(20):
            while (await socket.receive()).type is not aiohttp.WSMsgType.CLOSE:
                pass
    await until(lambda: backend.registry.subscribers == 0)


async def test_a_closed_stream_leaves_no_subscriber(backend: Any) -> None:
    async with backend.client.ws_connect("/api/events") as socket:
        await receive(socket, Snapshot)
        assert backend.registry.subscribers == 1
    await until(lambda: backend.registry.subscribers == 0)


async def test_a_plain_request_is_told_to_use_a_websocket(backend: Any) -> None:
    async with backend.client.get("/api/events") as response:
        assert response.status == 426
        assert "WebSocket" in (await response.json())["detail"]


async def test_a_stopping_backend_closes_its_streams(backend: Any) -> None:
    async with backend.client.ws_connect("/api/events") as socket:
        await receive(socket, Snapshot)
        async with asyncio.timeout(20), asyncio.TaskGroup() as tasks:
            tasks.create_task(backend.client.server.close())
            while (message := await socket.receive()).type is aiohttp.WSMsgType.TEXT:
                pass
        assert message.data == 1001
