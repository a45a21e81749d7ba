"""What the handlers need, handed to the application once."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from backend.api.metrics import Metrics
from backend.discovery.registry import Registry
from backend.signaling.broker import Broker


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The parts behind the API, and its limits."""

    registry: Registry
    broker: Broker
    metrics: Metrics
    refresh: Callable[[], Awaitable[None]]
    """Makes the source look now."""
    restart: Callable[[str], Awaitable[None]] | None = None
    """Starts the emulator of an instance again; None where something else supervises it."""
    allowed_hosts: frozenset[str] = frozenset()
    """Names besides addresses and localhost under which browsers may call this backend."""
    request_timeout_s: float = 10.0
    body_limit_bytes: int = 64 * 1024
    freshness_s: float = 2.0
    """Between two signs of life on a quiet event stream."""


SERVICES = web.AppKey("services", Services)
