"""Keeps a copy of one resource: list, then watch, for ever.

``kubernetes.aio`` has no informer, and its ``Watch`` ends with the first lost connection; so this loop is ours. The
protocol is "Efficient detection of changes" of the Kubernetes API concepts: a watch goes on from the version of the
list or of the last event; 410, as status or as an ERROR event inside an answer of 200, means to list again.
"""

import asyncio
import random
import time
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from backend.contract.retry import forever
from backend.discovery.kubernetes.api import KubeApi
from backend.discovery.kubernetes.checker import Checker
from backend.discovery.kubernetes.errors import (
    ConnectionLostError,
    DeniedError,
    GarbledError,
    GoneError,
    KubernetesError,
    UnauthorizedError,
)
from backend.discovery.kubernetes.limits import Limits
from backend.discovery.kubernetes.lister import full_list
from backend.discovery.kubernetes.prober import Prober
from backend.discovery.kubernetes.resource import Resource
from backend.discovery.kubernetes.statistics import Statistics
from backend.discovery.kubernetes.store import Store, change_of, drop_fields
from backend.discovery.kubernetes.trust import Phase, Trust
from backend.discovery.kubernetes.watch import Watch

__all__ = ["Phase", "Reflector"]
_PLAIN = Limits()
_AFTER_410_S = 0.1
"""Longest wait before the new list; replicas spread over it."""


class Reflector:
    """A copy of one resource and how far it can be trusted. Threading: one event loop."""

    def __init__(
        self,
        api: KubeApi,
        resource: Resource,
        *,
        on_change: Callable[[], None],
        statistics: Statistics,
        limits: Limits = _PLAIN,
    ) -> None:
        """``on_change`` is called once for all changes that arrived together, and when ``phase``, ``reason`` or
        ``denied`` changed. It must not raise."""
        self.resource = resource
        self.received_s = 0.0
        """``time.monotonic()`` when the bytes of the newest change arrived."""
        self._api = api
        self._limits = limits
        self._on_change = on_change
        self._counters = statistics.of(resource.name)
        self._store = Store()
        self._trust = Trust(on_change)
        self._prober = Prober(self._ask, limits, on_answer=self._answered, on_failure=self._unanswered)
        self._checker = Checker(
            self._store,
            lambda: full_list(api, resource, limits),
            self._trusted_watch,
            limits=limits,
            counters=self._counters,
            on_drift=lambda: self._changed(time.monotonic()),
        )
        self._version = ""
        self._watch: Watch | None = None
        self._watches = 0
        self._failures = 0
        self._refused_s: float | None = None
        self._healthy: Callable[[], None] = lambda: None
        self._refreshes: list[asyncio.Future[None]] = []

    @property
    def objects(self) -> Mapping[str, Mapping[str, Any]]:
        """By ``metadata.uid``, in their newest state; read only."""
        return MappingProxyType(self._store.objects)

    @property
    def phase(self) -> Phase:
        """How far ``objects`` can be trusted."""
        return self._trust.phase

    @property
    def reason(self) -> str:
        """Why it is not live, in words; empty while it is."""
        return self._trust.reason

    @property
    def confirmed_s(self) -> float:
        """``time.monotonic()`` of the last proof that ``objects`` is the truth; 0 before the first complete list."""
        return self._trust.confirmed_s

    @property
    def denied(self) -> bool:
        """The server refuses the resource (403) or does not have it (404), and not only while it starts."""
        return self._trust.denied

    async def run(self) -> None:
        """For ever; a list every five minutes checks what the watch told."""
        self._trust.begin()
        name = f"{self.resource.name} of the API server"
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._prober.run(), name=f"{name}: probes")
                tasks.create_task(self._checker.run(self.resource.name), name=f"{name}: checks")
                await forever(
                    name,
                    self._attempt,
                    failures=(KubernetesError,),
                    backoff=self._limits.backoff,
                    on_failure=self._failed,
                )
        finally:
            self._trust.close()
            self._answer_refreshes(ConnectionLostError("discovery was stopped"))

    async def refresh(self) -> None:
        """List now; returns when ``objects`` has what was found.

        Raises:
            KubernetesError: the list failed.
        """
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._refreshes.append(waiting)
        if self._watch is not None:
            self._watch.stop()
        await waiting

    async def _attempt(self, healthy: Callable[[], None]) -> None:
        self._healthy = healthy
        try:
            await self._list_and_watch()
        except GarbledError:
            self._counters.malformed += 1
            self._version = ""
            raise
        except (DeniedError, UnauthorizedError) as error:
            await self._refused(error)
            raise

    async def _list_and_watch(self) -> None:
        while True:
            listed = False
            while not self._version or self._refreshes:
                await self._list()
                listed = True
            watch = Watch(self._api, self.resource, self._version, self._limits.watch_s)
            try:
                await self._follow(watch)
            except GoneError:
                self._version = ""
                self._counters.gone_410 += 1
                if listed and watch.age_s < self._limits.short_s:
                    raise
                await asyncio.sleep(random.uniform(0, _AFTER_410_S))  # noqa: S311 - spreads load, guards nothing

    async def _list(self) -> None:
        asked, self._refreshes = self._refreshes, []
        try:
            listing = await full_list(self._api, self.resource, self._limits)
        except BaseException:
            self._refreshes = asked + self._refreshes  # answered with the failure, or by the next list
            raise
        self._counters.lists += 1
        self._refused_s = None
        changed = self._store.replace(listing)
        self._version = listing.version
        if self._failures:
            self._trust.seen()
        else:
            self._trust.confirm()
        self._trust.deny(denied=False)
        if changed:
            self._changed(time.monotonic())
        for waiting in asked:
            if not waiting.done():
                waiting.set_result(None)

    async def _follow(self, watch: Watch) -> None:
        """One watch; returns when the server ended it after its time, or a list is wanted."""
        self._trust.unwatched(self._limits.grace_s)
        self._watch = watch
        try:
            await watch.follow(self._accepted, self._take)
        except ConnectionLostError:
            if not self._refreshes:
                raise
        finally:
            self._watch = None
            self._prober.closed()
        if watch.age_s >= self._limits.short_s:
            self._works()
        elif not self._refreshes:
            raise ConnectionLostError("the API server ended the watch at once")

    def _accepted(self) -> None:
        self._counters.restarts += self._watches > 0
        self._watches += 1
        self._prober.opened(self._watch)

    def _take(self, lines: list[bytes]) -> None:
        arrived_s, changed = time.monotonic(), False
        try:
            for line in filter(None, lines):
                changed |= self._apply(line)
            self._prober.heard()
            self._trust.confirm()
        finally:
            if changed:
                self._changed(arrived_s)

    def _changed(self, arrived_s: float) -> None:
        self.received_s = arrived_s
        self._on_change()

    def _apply(self, line: bytes) -> bool:
        change = change_of(line)
        drop_fields(change.item, self.resource.drop)
        changed = self._store.apply(change)
        self._version = change.version
        if change.kind == "BOOKMARK":
            self._counters.bookmarks += 1
        else:
            self._counters.events += 1
        return changed

    async def _ask(self) -> None:
        await self._api.get(self.resource.path, self.resource.probe, resource=self.resource.name, verb="probe")

    def _answered(self) -> None:
        self._trust.confirm()
        self._works()

    def _unanswered(self, cause: str, failures: int) -> None:
        self._counters.failed_probes += 1
        if failures >= self._limits.doubts:
            self._trust.doubt(_sentence(cause))
        if failures >= self._limits.tear_down and self._watch is not None:
            self._watch.stop()

    def _works(self) -> None:
        self._failures = 0
        self._refused_s = None
        self._healthy()

    def _failed(self, error: Exception, failures: int, _delay_s: float) -> None:
        self._failures = failures
        if failures >= self._limits.attempts:
            self._version = ""
        self._trust.doubt(_sentence(str(error)), self._limits.grace_s)
        self._answer_refreshes(error)

    async def _refused(self, error: DeniedError | UnauthorizedError) -> None:
        """Go slower where a refusal is meant."""
        now = time.monotonic()
        self._refused_s = self._refused_s or now
        if now - self._refused_s < self._limits.denied_s:
            return
        self._trust.deny(denied=isinstance(error, DeniedError))
        self._failed(error, self._failures + 1, 0)
        await asyncio.sleep(self._limits.denied_wait_s)

    def _answer_refreshes(self, error: Exception) -> None:
        waiting, self._refreshes = self._refreshes, []
        for refresh in waiting:
            if not refresh.done():
                refresh.set_exception(error)

    def _trusted_watch(self) -> Watch | None:
        return self._watch if self.phase is Phase.LIVE else None


def _sentence(cause: str) -> str:
    return f"{cause[:1].upper()}{cause[1:].rstrip('.')}; trying again."
