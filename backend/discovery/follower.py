"""Follows the health of each instance on its streamer's own status stream."""

import asyncio
import os
import time
from collections.abc import Callable, Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass

import aiohttp
from yarl import URL

from backend.contract import logs, routes
from backend.contract.errors import LocoError
from backend.contract.events import Added, Event, Removed, Snapshot, Updated
from backend.contract.instance import Instance, InstanceState
from backend.contract.reading import json_object
from backend.contract.retry import Backoff, forever
from backend.contract.status import StreamerStatus
from backend.contract.tasks import TaskScope
from backend.discovery.condition import of_silence, of_status
from backend.discovery.errors import StreamerSilentError
from backend.discovery.pool import streamer_url
from backend.discovery.registry import Registry
from backend.discovery.zones import Zones

SILENCE_S = 3.0
"""A streamer reports every second; after three missing ones the connection counts as dead."""
FIRST_ANSWER_S = 15.0
"""A local streamer that is being started answers late: its socket is there before it is."""
TURNS = 128
"""Connections that are being made at the same time: a thousand instances after a start are no storm."""
_TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=2.0)
_BACKOFF = Backoff(initial_s=0.1, maximum_s=2.0)


@dataclass(frozen=True, slots=True)
class _Followed:
    url: URL
    tasks: TaskScope


class Followers:
    """One follower for each instance of the registry that has an address."""

    def __init__(
        self,
        registry: Registry,
        client: aiohttp.ClientSession,
        *,
        silence_s: float = SILENCE_S,
        backoff: Backoff = _BACKOFF,
        on_lost: Callable[[str], None] | None = None,
        zone: Callable[[], str] = str,
    ) -> None:
        """``on_lost`` is told, again and again, of an instance whose streamer has stopped answering for good;
        ``zone`` tells where this backend is: instances there are followed first."""
        self.registry = registry
        self.client = client
        self.silence_s = silence_s
        self.backoff = backoff
        self.on_lost = on_lost
        self.turns = asyncio.Semaphore(TURNS)
        self._zone = zone
        self._zones = Zones()
        self._followed: dict[str, _Followed] = {}

    @property
    def followed(self) -> tuple[str, ...]:
        """Ids of those that are followed, in the order in which that began."""
        return tuple(self._followed)

    async def run(self) -> None:
        """Follow the roster until cancelled."""
        try:
            with self.registry.subscribe() as subscription:
                while True:
                    await self._apply(await subscription.batch())
        finally:
            for instance_id in list(self._followed):
                await self._drop(instance_id)

    async def _apply(self, events: list[Event]) -> None:
        changed: dict[str, Instance] = {}
        for event in events:
            match event:
                case Snapshot():
                    changed = {instance.id: instance for instance in event.instances}
                    for gone in self._followed.keys() - changed.keys():
                        await self._drop(gone)
                case Added() | Updated():
                    changed[event.instance.id] = event.instance
                case Removed():
                    changed.pop(event.id, None)
                    await self._drop(event.id)
        for instance in self._near_first(changed):
            await self._ensure(instance)

    def _near_first(self, changed: dict[str, Instance]) -> Iterable[Instance]:
        if len(changed) < 2:
            return changed.values()
        self._zones.zone = self._zone()
        return [
            changed[instance.id] for instance in self._zones.order(self.registry.instances) if instance.id in changed
        ]

    async def _ensure(self, instance: Instance) -> None:
        # The address of what has vanished may be somebody else's by now.
        url = None if instance.state is InstanceState.GONE else streamer_url(instance)
        followed = self._followed.get(instance.id)
        if followed is not None and followed.url != url:
            await self._drop(instance.id)
            followed = None
        if followed is None and url is not None:
            tasks = TaskScope(instance.id)
            tasks.spawn(_Follower(instance.id, url, self).run(), "status follower")
            self._followed[instance.id] = _Followed(url, tasks)

    async def _drop(self, instance_id: str) -> None:
        followed = self._followed.pop(instance_id, None)
        if followed is not None:
            await followed.tasks.close()


class _Follower:
    def __init__(self, instance_id: str, url: URL, owner: Followers) -> None:
        self._id = instance_id
        self._url = url
        self._owner = owner
        self._heard = False
        self._since = time.monotonic()

    async def run(self) -> None:
        logs.instance.set(self._id)
        await forever(
            f"streamer of {self._id} at {self._url}",
            self._attempt,
            failures=(StreamerSilentError,),
            backoff=self._owner.backoff,
            on_failure=lambda error, _count, _delay_s: self._failed(str(error)),
        )

    async def _attempt(self, healthy: Callable[[], None]) -> None:
        try:
            await self._read(healthy)
        except (aiohttp.ClientError, OSError, LocoError, ValueError) as error:
            raise StreamerSilentError(_cause(error)) from error

    async def _read(self, healthy: Callable[[], None]) -> None:
        url = self._url.with_path(routes.STREAMER_STATUS_EVENTS)
        now = asyncio.get_running_loop().time
        async with AsyncExitStack() as connection:
            async with self._owner.turns:
                limit = await connection.enter_async_context(
                    asyncio.timeout(self._owner.silence_s if self._heard else FIRST_ANSWER_S)
                )
                response = await connection.enter_async_context(self._owner.client.get(url, timeout=_TIMEOUT))
            if response.status != 200:
                raise StreamerSilentError(f"it answered {response.status} to a request for its status")
            async for line in response.content:
                limit.reschedule(now() + self._owner.silence_s)
                self._take(StreamerStatus.from_json(json_object(line, "A streamer's status")))
                healthy()
        raise StreamerSilentError("it ended its status stream")

    def _take(self, status: StreamerStatus) -> None:
        self._heard, self._since = True, time.monotonic()
        self._owner.registry.report(self._id, of_status(self._id, status), heard=True, status=status)

    def _failed(self, cause: str) -> None:
        silence_s = time.monotonic() - self._since
        condition = of_silence(silence_s, heard=self._heard, cause=cause)
        self._owner.registry.report(self._id, condition, heard=False)
        if self._heard and condition.state is InstanceState.LOST and self._owner.on_lost is not None:
            self._owner.on_lost(self._id)


def _cause(error: Exception) -> str:
    match error:
        case aiohttp.ClientConnectorError():
            return os.strerror(error.os_error.errno).lower() if error.os_error.errno else "no connection"
        case TimeoutError():
            return "silent for some seconds"
        case LocoError():
            return str(error).rstrip(".")
        case _:
            return "the connection broke"
