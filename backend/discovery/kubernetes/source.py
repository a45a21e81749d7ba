"""The emulators of a Kubernetes cluster, as a discovery source."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self

from backend.contract.tasks import TaskScope
from backend.discovery.kubernetes import resource
from backend.discovery.kubernetes.api import KubeApi
from backend.discovery.kubernetes.drift import Disputes
from backend.discovery.kubernetes.errors import KubernetesError
from backend.discovery.kubernetes.limits import Limits
from backend.discovery.kubernetes.merge import Observed
from backend.discovery.kubernetes.metadata import Metadata
from backend.discovery.kubernetes.reflector import Reflector
from backend.discovery.kubernetes.resource import Resource
from backend.discovery.kubernetes.settings import KubernetesSettings
from backend.discovery.kubernetes.statistics import Statistics
from backend.discovery.kubernetes.view import Sight, View
from backend.discovery.kubernetes.witness import Copies
from backend.discovery.source import Sighting, SourceEvent, Synced, Unavailable, Upsert

log = logging.getLogger(__name__)

CONFIRM_S = 1.0
"""How often the list is confirmed when nothing changes: its age is never older than this and the last probe."""
LIST_AGAIN_S = 10.0
"""Least time between two lists made because of disagreements."""


class KubernetesSource:
    """Watches pods and EndpointSlices for as long as the context is open; Endpoints only where slices are denied.

    Raises:
        ClusterConfigError: on entering: there is no way to a cluster; the text says what to set.
    """

    mode = "kubernetes"

    def __init__(
        self,
        settings: KubernetesSettings,
        *,
        limits: Limits | None = None,
        api: KubeApi | None = None,
    ) -> None:
        """``api`` is closed by who made it; without one, it is found by the settings."""
        self.statistics = api.statistics if api else Statistics()
        self.disputes = Disputes()
        self._settings = settings
        self._limits = limits or Limits()
        self._given_api = api
        self._api: KubeApi
        self._stack = AsyncExitStack()
        self._tasks = TaskScope("kubernetes")
        self._changed = asyncio.Event()
        self._received: dict[str, float] = {}
        self._arrived_s: float | None = None
        self._told: dict[str, tuple[Observed, Sighting]] = {}
        self._metadata = Metadata()
        self._waiting: list[asyncio.Future[None]] = []
        self._listed_again_s = 0.0
        self._fallback: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Start to watch."""
        settings = self._settings
        async with AsyncExitStack() as stack:
            api = self._api = await self._find_api(stack)
            stack.push_async_callback(self._tasks.close)
            self._namespace = settings.namespace or api.namespace
            self._pods = self._reflector(resource.pods(self._namespace, settings.label_selector))
            self._slices = self._reflector(resource.endpoint_slices(self._namespace, settings.service))
            self._endpoints = self._reflector(resource.endpoints(self._namespace, settings.service))
            watched = [self._pods, self._slices]
            copies = Copies(self._pods, self._slices, self._endpoints)
            if settings.metadata_configmap:
                watched.append(self._reflector(resource.config_map(self._namespace, settings.metadata_configmap)))
                copies.metadata = watched[-1]
            self.view = View(copies, port_name=settings.port_name, now_s=time.monotonic)
            for reflector in watched:
                self._tasks.spawn(reflector.run(), reflector.resource.name)
            self._stack = stack.pop_all()
        log.info("watching service %s in namespace %s of %s", settings.service, self._namespace, api.server)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Stop; what was told stays told."""
        await self._stack.aclose()

    @property
    def zone(self) -> str:
        """The zone of this backend; empty while unknown."""
        return self._settings.zone or self.view.zones.get(self._settings.node, "")

    async def watch(self) -> AsyncIterator[SourceEvent]:
        """Every change as it arrives; the whole list confirmed every second."""
        while True:
            self._changed.clear()
            waiting, self._waiting = self._waiting, []
            for event in self._look():
                yield event
            for refresh in waiting:
                if not refresh.done():
                    refresh.set_result(None)
            try:
                async with asyncio.timeout(CONFIRM_S):
                    await self._changed.wait()
            except TimeoutError:
                continue

    async def refresh(self) -> None:
        """List now. Where that fails, the state of discovery says so, and what is known stays."""
        asked = (self._pods, self._endpoints if self._fallback else self._slices)
        for result in await asyncio.gather(*(each.refresh() for each in asked), return_exceptions=True):
            if isinstance(result, KubernetesError):
                log.info("a list that was asked for failed: %s", result)
            elif isinstance(result, BaseException):
                raise result
        looked: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(looked)
        self._changed.set()
        await looked

    async def _find_api(self, stack: AsyncExitStack) -> KubeApi:
        if self._given_api is not None:
            return self._given_api
        settings = self._settings
        api = await KubeApi.load(
            self.statistics, kubeconfig=settings.kubeconfig, context=settings.context, strict_tls=settings.strict_tls
        )
        return await stack.enter_async_context(api)

    def _look(self) -> Iterator[SourceEvent]:
        arrived_s, self._arrived_s = self._arrived_s, None
        self._choose_listing()
        sight = self.view.look()
        if not sight.usable:
            if sight.reason:
                yield Unavailable(sight.reason)
            return
        yield from self._differences(sight, arrived_s)
        now_s = time.monotonic()
        yield Synced(frozenset(self._told), max(0.0, now_s - sight.confirmed_s))
        self._settle_disputes(sight, now_s)

    def _differences(self, sight: Sight, arrived_s: float | None) -> Iterator[Upsert]:
        before, self._told = self._told, {}
        metadata_is_new = sight.metadata is not self._metadata
        self._metadata = sight.metadata
        for ordinal in sorted(sight.instances):
            observed = sight.instances[ordinal]
            instance_id = f"instance-{ordinal}"
            known = before.get(instance_id)
            if known is None or known[0] is not observed or metadata_is_new:
                sighting = sighting_of(observed, sight.metadata)
                if known is None or known[1] != sighting:
                    yield Upsert(sighting, arrived_s)
                known = (observed, sighting)
            self._told[instance_id] = known

    def _settle_disputes(self, sight: Sight, now_s: float) -> None:
        lasting = self.disputes.update([each.uid for each in sight.instances.values() if each.disputed], now_s)
        self.statistics.disagreements, self.statistics.unreadable = self.disputes.total, self.view.malformed
        if lasting and now_s - self._listed_again_s > LIST_AGAIN_S:
            self._listed_again_s = now_s
            log.warning(
                "pods and endpoints disagree for long (instances in doubt: %d); listing both again", len(lasting)
            )
            self._tasks.spawn(self.refresh(), "list after a disagreement")

    def _choose_listing(self) -> None:
        """Watch Endpoints where slices are denied, and no longer than that."""
        denied = self._slices.denied
        if denied and self._fallback is None:
            log.warning("EndpointSlices cannot be read, so Endpoints are: %s", self._slices.reason)
            self._fallback = self._tasks.spawn(self._endpoints.run(), "endpoints")
        elif not denied and self._fallback is not None:
            log.info("EndpointSlices can be read; Endpoints are not needed any more")
            self._fallback.cancel()
            self._fallback = None

    def _reflector(self, what: Resource) -> Reflector:
        def changed() -> None:
            self._note(what.name, reflector.received_s)

        reflector = Reflector(self._api, what, on_change=changed, statistics=self.statistics, limits=self._limits)
        return reflector

    def _note(self, resource_name: str, received_s: float) -> None:
        """Something changed. Of several arrivals since the last look, the first one counts."""
        if received_s != self._received.get(resource_name, 0.0):
            self._received[resource_name] = received_s
            self._arrived_s = received_s if self._arrived_s is None else self._arrived_s
        self._changed.set()


def sighting_of(observed: Observed, metadata: Metadata) -> Sighting:
    """An instance of the cluster, as the registry takes it."""
    instance_id = f"instance-{observed.ordinal}"
    return Sighting(
        id=instance_id,
        slot=observed.ordinal,
        name=metadata.names.get(instance_id, f"PC {observed.ordinal + 1}"),
        description=metadata.descriptions.get(instance_id, ""),
        addresses=observed.addresses,
        port=observed.port,
        zone=observed.zone,
        node=observed.node,
        state=observed.state,
        reason=observed.reason,
        incarnation=observed.uid,
    )
