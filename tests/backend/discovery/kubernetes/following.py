"""A reflector that follows a pretended API server."""

import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from backend.contract.retry import Backoff
from backend.contract.tasks import TaskScope
from backend.discovery.kubernetes.api import KubeApi
from backend.discovery.kubernetes.limits import Limits
from backend.discovery.kubernetes.reflector import Reflector
from backend.discovery.kubernetes.resource import Resource, pods
from backend.discovery.kubernetes.statistics import ResourceStatistics, Statistics
from tests.fakes.kube_api.cluster import Cluster
from tests.fakes.kube_api.server import kubeconfig
from tests.loco_kiosk.waiting import until

PODS = pods("loco", "app=emu")
QUICK = Limits(
    grace_s=0.3,
    settle_s=0.02,
    short_s=0.05,
    probe_every_s=0.2,
    probe_s=0.2,
    denied_s=0.2,
    denied_wait_s=0.3,
    relist_settle_s=0.1,
    backoff=Backoff(initial_s=0.01, maximum_s=0.05),
)


@dataclass
class Following:
    """A reflector at work, and what it told."""

    reflector: Reflector
    statistics: Statistics
    told: list[tuple[str, str, int]] = field(default_factory=list)
    """Phase, reason and number of objects at each call of ``on_change``."""

    @property
    def counters(self) -> ResourceStatistics:
        return self.statistics.of(self.reflector.resource.name)

    @property
    def names(self) -> set[str]:
        return {item["metadata"]["name"] for item in self.reflector.objects.values()}

    @property
    def versions(self) -> dict[str, str]:
        return versions(self.reflector.objects.values())

    async def until(self, condition: Callable[[], object], timeout_s: float = 5.0) -> None:
        await until(condition, timeout_s, step_s=0.002)

    async def live(self, timeout_s: float = 5.0) -> None:
        await self.until(lambda: self.reflector.phase == "live", timeout_s)


def versions(objects: object) -> dict[str, str]:
    """Version by identity."""
    return {item["metadata"]["uid"]: item["metadata"]["resourceVersion"] for item in objects}  # type: ignore[attr-defined]


def truth(cluster: Cluster, kind: str = "pods") -> dict[str, str]:
    """What the reflector should have."""
    return versions(cluster.collections[kind].objects.values())


@asynccontextmanager
async def api_for(
    url: str, statistics: Statistics, *, token: str = "", limits: Limits = QUICK
) -> AsyncIterator[KubeApi]:
    """Signed in by a kubeconfig."""
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / "config"
        file.write_text(kubeconfig(url, token=token))
        async with await KubeApi.load(statistics, kubeconfig=file, limits=limits) as api:
            yield api


@asynccontextmanager
async def following(
    url: str, *, resource: Resource = PODS, limits: Limits = QUICK, token: str = ""
) -> AsyncIterator[Following]:
    """A running reflector, stopped afterwards."""
    statistics = Statistics()
    tasks = TaskScope("test")
    async with api_for(url, statistics, token=token, limits=limits) as api:

        def on_change() -> None:
            one.told.append((reflector.phase, reflector.reason, len(reflector.objects)))

        reflector = Reflector(api, resource, on_change=on_change, statistics=statistics, limits=limits)
        one = Following(reflector, statistics)
        tasks.spawn(reflector.run(), "reflector")
        try:
            yield one
        finally:
            await tasks.close()
