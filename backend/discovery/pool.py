"""Keep-alive connections to the streamers, few and bounded, for requests that viewers wait for.

The pool follows the roster: idle connections to an address that no instance has any more are closed at once, not kept
until they time out, so that nothing is sent to what was there before.
"""

from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Protocol

import aiohttp
from yarl import URL

from backend.contract.events import Added, Event, Removed, Snapshot, Updated
from backend.contract.instance import Instance
from backend.discovery.registry import Registry

CONNECTIONS = 4
"""At the same time to one streamer: a request takes milliseconds, and a streamer has one event loop."""
STREAMERS = 64
"""Streamers to which idle connections are kept; beyond, the one that was asked longest ago is let go."""
TIMEOUT = aiohttp.ClientTimeout(total=10.0)
NO_HEADERS: Mapping[str, str] = MappingProxyType({})
KEEP_ALIVE_S = 60.0
"""A streamer closes an idle connection after 75 s (aiohttp's default), so ours ends first."""


def streamer_url(instance: Instance) -> URL | None:
    """Where the streamer of an instance listens; None while unknown."""
    if not instance.addresses or not instance.port:
        return None
    return _origin(instance.addresses[0], instance.port)


@lru_cache(maxsize=4096)
def _origin(host: str, port: int) -> URL:
    return URL.build(scheme="http", host=host, port=port)


@dataclass(slots=True)
class PoolStatistics:
    """Since the start."""

    requests: int = 0
    opened: int = 0
    """Connections made."""
    reused: int = 0
    """Requests that found one made."""
    waited: int = 0
    """Requests that waited, because all connections to their streamer were in use."""
    failed: int = 0
    """Requests that ended with an error instead of an answer."""
    let_go: int = 0
    """Streamers whose connections were closed, because they left the roster or others were asked since."""


class Requests(Protocol):
    """Sends requests as :class:`aiohttp.ClientSession` does."""

    def request(
        self, method: str, url: URL, *, data: bytes, headers: Mapping[str, str], timeout: aiohttp.ClientTimeout
    ) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        """Send one request; its response is read inside the context."""


@dataclass(slots=True)
class _Kept:
    session: aiohttp.ClientSession
    users: int = 0


class StreamerPool:
    """One bounded set of connections for each streamer. Close it, or use it as a context. One event loop."""

    def __init__(self, *, connections: int = CONNECTIONS, streamers: int = STREAMERS) -> None:
        self.statistics = PoolStatistics()
        self._connections = connections
        self._streamers = streamers
        self._kept: OrderedDict[URL, _Kept] = OrderedDict()
        self._trace = self._tracing()

    async def __aenter__(self) -> "StreamerPool":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @property
    def streamers(self) -> int:
        """To how many connections are kept just now."""
        return len(self._kept)

    async def follow(self, registry: Registry) -> None:
        """Let go of every address that leaves the roster, until cancelled."""
        listed: dict[str, URL | None] = {}
        with registry.subscribe() as subscription:
            while True:
                for left in _take(listed, await subscription.get()):
                    await self.let_go(left)

    @asynccontextmanager
    async def request(
        self,
        method: str,
        url: URL,
        *,
        data: bytes = b"",
        headers: Mapping[str, str] = NO_HEADERS,
        timeout: aiohttp.ClientTimeout | None = None,
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """Send one request; its response is read inside the context. Errors are those of aiohttp."""
        origin = url.origin()
        kept = await self._of(origin)
        kept.users += 1
        self.statistics.requests += 1
        try:
            sent = kept.session.request(method, url, data=data, headers=headers, timeout=timeout or TIMEOUT)
            async with sent as response:
                yield response
        finally:
            kept.users -= 1
            if not kept.users and self._kept.get(origin) is not kept:
                await kept.session.close()

    async def let_go(self, origin: URL) -> None:
        """Keep no connection to ``origin``; requests under way go on to their end."""
        kept = self._kept.pop(origin, None)
        if kept is not None:
            self.statistics.let_go += 1
            if not kept.users:
                await kept.session.close()

    async def close(self) -> None:
        """Close everything, requests under way as well."""
        while self._kept:
            _, kept = self._kept.popitem()
            await kept.session.close()

    async def _of(self, origin: URL) -> _Kept:
        kept = self._kept.get(origin)
        if kept is None:
            connector = aiohttp.TCPConnector(
                limit=self._connections, keepalive_timeout=KEEP_ALIVE_S, use_dns_cache=False
            )
            session = aiohttp.ClientSession(
                connector=connector, trace_configs=[self._trace], cookie_jar=aiohttp.DummyCookieJar()
            )
            kept = self._kept[origin] = _Kept(session)
        self._kept.move_to_end(origin)
        idle = [each for each, other in self._kept.items() if not other.users and each != origin]
        for surplus in idle[: max(0, len(self._kept) - self._streamers)]:
            await self.let_go(surplus)
        return kept

    def _tracing(self) -> aiohttp.TraceConfig:
        counts = self.statistics
        trace = aiohttp.TraceConfig()

        def counting(name: str) -> Any:  # noqa: ANN401 - aiohttp has a type for each signal
            async def count(*_: object) -> None:
                setattr(counts, name, getattr(counts, name) + 1)

            return count

        trace.on_connection_create_end.append(counting("opened"))
        trace.on_connection_reuseconn.append(counting("reused"))
        trace.on_connection_queued_start.append(counting("waited"))
        trace.on_request_exception.append(counting("failed"))
        return trace


def _take(listed: dict[str, URL | None], event: Event) -> set[URL]:
    """Bring ``listed`` up to date; the origins that no instance has any more."""
    left: set[URL | None]
    match event:
        case Snapshot(instances=instances):
            left = set(listed.values())
            listed.clear()
            listed.update((instance.id, streamer_url(instance)) for instance in instances)
        case Added(instance=instance) | Updated(instance=instance):
            now = streamer_url(instance)
            left = {listed.get(instance.id)} - {now}
            listed[instance.id] = now
        case Removed(id=instance_id):
            left = {listed.pop(instance_id, None)}
        case _:
            return set()
    return {origin for origin in left if origin is not None and origin not in listed.values()}
