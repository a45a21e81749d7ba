from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from backend.api.application import create_application
from backend.api.lan_source import LanSource
from backend.api.metrics import Metrics
from backend.api.services import SERVICES, Services
from backend.discovery.registry import Registry
from backend.discovery.source import Synced, Upsert
from backend.signaling.broker import Broker
from tests.backend.fake_streamer import FakeStreamer
from tests.backend.fake_switch import FakeSwitch

Client = TestClient[web.Request, web.Application]


@dataclass
class Backend:
    """A real server on loopback with one fake streamer and a fake switch behind it."""

    client: Client
    registry: Registry
    streamer: FakeStreamer
    refreshes: list[None]
    restarts: list[str]


@pytest.fixture
def impatient(backend: Backend) -> None:
    """The backend ends requests after a short time."""
    object.__setattr__(backend.client.app[SERVICES], "request_timeout_s", 0.2)


@pytest.fixture
async def backend() -> AsyncIterator[Backend]:
    registry = Registry("static", queue_bound=8)
    refreshes: list[None] = []
    restarts: list[str] = []

    async def refresh() -> None:
        refreshes.append(None)

    async def restart(instance_id: str) -> None:
        restarts.append(instance_id)

    async with (
        FakeStreamer().serving() as streamer,
        FakeSwitch().serving() as switch,
        LanSource(switch.address) as lan,
        aiohttp.ClientSession() as outward,
    ):
        registry.apply(Upsert(streamer.sighting()))
        registry.apply(Synced(frozenset({"instance-0"})))
        services = Services(
            registry=registry,
            broker=Broker(registry.get, outward, timeout_s=5.0),
            metrics=Metrics(registry),
            refresh=refresh,
            restart=restart,
            lan=lan,
            allowed_hosts=frozenset({"wall.example"}),
            request_timeout_s=20.0,
            freshness_s=0.05,
        )
        async with TestClient(TestServer(create_application(services))) as client:
            yield Backend(client, registry, streamer, refreshes, restarts)
