"""What the handlers need, handed to the application once."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiohttp import web

from backend.api.clients import ClientLimits, Clients
from backend.api.lan_source import LanSource
from backend.api.metrics import Metrics
from backend.contract.instance import Instance
from backend.contract.quality import Quality
from backend.discovery.registry import Registry
from backend.signaling.broker import Broker
from backend.signaling.ice import IceDirectory, IceSettings

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def quality_from_list(instance: Instance) -> Quality:
    """All that the list itself says of an instance."""
    reasons = (instance.reason,) if instance.reason and instance.health < 100 else ()
    return Quality(id=instance.id, state=instance.state, score=instance.health, reasons=reasons)


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The parts behind the API, and its limits."""

    registry: Registry
    broker: Broker
    metrics: Metrics
    refresh: Callable[[], Awaitable[None]]
    """Makes the source look now."""
    restart: Callable[[str], Awaitable[None]] | None = None
    """Starts the emulator of an instance again; None where only its streamer can have that done."""
    quality: Callable[[Instance], Quality] = quality_from_list
    lan: LanSource = field(default_factory=LanSource)
    ice: IceDirectory = field(default_factory=lambda: IceDirectory(IceSettings()))
    clients: Clients = field(default_factory=lambda: Clients(ClientLimits()))
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the backend is about to stop: it is no longer ready, and takes leave of its callers."""
    allowed_hosts: frozenset[str] = frozenset()
    """Names besides addresses and localhost under which browsers may call this backend."""
    request_timeout_s: float = 10.0
    body_limit_bytes: int = 64 * 1024
    freshness_s: float = 2.0
    """Between two signs of life on a quiet event stream."""
    send_timeout_s: float = 10.0
    """A reader of events that takes in nothing for so long is cut off: what waits for it costs memory."""


SERVICES = web.AppKey("services", Services)
