import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest

from backend.contract.events import DiscoveryState, Freshness
from backend.contract.instance import InstanceState
from backend.contract.tasks import TaskScope
from loco_kiosk.client.backend_client import BackendClient
from tests.loco_kiosk.fake_backend import FakeBackend, instance
from tests.loco_kiosk.fake_streamer import FakeStreamer
from tests.loco_kiosk.waiting import until


@pytest.fixture
async def backend() -> AsyncIterator[FakeBackend]:
    async with FakeBackend({"instance-0": FakeStreamer()}) as backend:
        yield backend


@pytest.fixture
async def client(backend: FakeBackend) -> AsyncIterator[BackendClient]:
    scope = TaskScope("test")
    async with aiohttp.ClientSession() as http:
        client = BackendClient(http, backend.url, lambda: None)
        scope.spawn(client.run(), "client")
        await until(lambda: client.view.connected)
        yield client
        await scope.close()


async def test_the_roster_is_followed(backend: FakeBackend, client: BackendClient) -> None:
    assert (client.view.mode, client.view.synced, client.view.reason) == ("static", True, "")
    await backend.put(instance(3, InstanceState.BOOTING))
    await until(lambda: "instance-3" in client.roster.instances)
    await backend.remove("instance-0")
    await until(lambda: list(client.roster.instances) == ["instance-3"])
    assert client.view.revision == backend.revision


async def test_a_gap_is_answered_by_a_new_snapshot(backend: FakeBackend, client: BackendClient) -> None:
    backend.revision += 1
    await backend.put(instance(4))
    await until(lambda: "instance-4" in client.roster.instances)
    assert backend.snapshots == 2
    assert client.view.connected


async def test_a_killed_backend_is_shown_its_roster_kept_and_its_return_noticed(
    backend: FakeBackend, client: BackendClient
) -> None:
    await backend.stop()
    await until(lambda: not client.view.connected)
    assert "instance-0" in client.roster.instances
    assert client.view.reason
    assert (client.view.state, client.view.doubt) == (DiscoveryState.STALE, client.view.reason)
    await asyncio.sleep(0.3)
    assert client.view.age_s > 0.2
    await backend.start()
    await until(lambda: client.view.connected)
    assert client.view.state is DiscoveryState.LIVE


async def test_a_backend_that_was_never_there_is_not_called_stale() -> None:
    async with aiohttp.ClientSession() as http:
        client = BackendClient(http, "http://127.0.0.1:9", lambda: None)
        assert client.view.state is DiscoveryState.INIT


async def test_a_backend_that_is_away_for_long_is_lost(
    backend: FakeBackend, client: BackendClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("loco_kiosk.client.backend_client.LOST_S", 0.2)
    await backend.stop()
    await until(lambda: client.view.state is DiscoveryState.LOST)


async def test_the_backends_own_doubts_are_passed_on_and_the_roster_grows_old_between_its_words(
    backend: FakeBackend, client: BackendClient
) -> None:
    await backend.put(instance(9))
    await backend.put(instance(3))
    await backend.broadcast(Freshness(backend.revision, True, 8.0, DiscoveryState.STALE, "The API server is silent."))
    await until(lambda: client.view.state is DiscoveryState.STALE)
    view = client.view
    assert view.doubt == "The API server is silent."
    assert [each.slot for each in view.instances] == [0, 3, 9]
    assert view.age_at(view.taken_s + 5) == pytest.approx(view.age_s + 5)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"type": "instances/added"}', '{"type": 4}'])
async def test_garbage_ends_the_connection_but_not_the_client(
    backend: FakeBackend, client: BackendClient, text: str
) -> None:
    await backend.broadcast(text)
    await until(lambda: backend.snapshots == 2 and client.view.connected)


async def test_an_unknown_event_is_counted_and_ignored(backend: FakeBackend, client: BackendClient) -> None:
    await backend.broadcast('{"type": "weather/changed"}')
    await until(lambda: client.unreadable == 1)
    assert backend.snapshots == 1


async def test_another_protocol_version_is_named(backend: FakeBackend, client: BackendClient) -> None:
    await backend.broadcast('{"type": "instances/snapshot", "version": 99}')
    await until(lambda: "protocol 99" in client.view.reason)
