"""Discovery against a real etcd, API server and controllers; skipped where their programs are not installed.

CONTRIBUTING.md says where to get them.
"""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from backend.contract.events import DiscoveryState
from backend.contract.tasks import TaskScope
from backend.discovery.kubernetes.settings import KubernetesSettings
from backend.discovery.kubernetes.source import KubernetesSource
from backend.discovery.registry import Registry
from tests.control_plane.plane import NAMESPACE, SERVICE, ControlPlane, Pods, control_plane, missing
from tests.loco_kiosk.waiting import until

pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.skipif(bool(missing()), reason=f"needs a Kubernetes control plane; there is no {missing()}"),
]


@pytest.fixture
async def plane() -> AsyncIterator[ControlPlane]:
    with tempfile.TemporaryDirectory(prefix="loco-plane-") as directory:
        async with control_plane(Path(directory)) as running:
            yield running


class Found:
    """What discovery says of the plane's pods."""

    def __init__(self, source: KubernetesSource, registry: Registry) -> None:
        self.source, self.registry = source, registry

    def states(self) -> dict[int, str]:
        return {each.slot: each.state.value for each in self.registry.instances}

    async def until(self, states: dict[int, str], timeout_s: float = 10.0) -> None:
        await until(lambda: self.states() == states, timeout_s, step_s=0.002)


@asynccontextmanager
async def finding(plane: ControlPlane) -> AsyncIterator[Found]:
    settings = KubernetesSettings(
        kubeconfig=plane.kubeconfig, namespace=NAMESPACE, service=SERVICE, label_selector=f"app={SERVICE}"
    )
    tasks = TaskScope("test")
    async with KubernetesSource(settings) as source:
        registry = Registry(source.mode)
        tasks.spawn(registry.follow(source), "discovery")
        try:
            yield Found(source, registry)
        finally:
            await tasks.close()


def drift(found: Found) -> int:
    return sum(each.drift for each in found.source.statistics.resources.values())


async def test_pods_of_a_real_cluster_are_followed_with_the_rights_of_the_chart(plane: ControlPlane) -> None:
    pods = Pods(plane)
    for ordinal in range(3):
        await pods.create(ordinal)
    async with finding(plane) as found:
        await found.until(dict.fromkeys(range(3), "ready"))
        assert found.registry.instances[0].addresses == ("198.51.100.1",)
        for ready, state in ((False, "degraded"), (True, "ready")):
            _, committed_s = await pods.set_ready(1, ready=ready)
            await found.until({0: "ready", 1: state, 2: "ready"})
            assert time.monotonic() - committed_s < 1.0
        await pods.create(3, ready=False)
        await found.until({0: "ready", 1: "ready", 2: "ready", 3: "booting"})
        await pods.delete(2)
        await found.until({0: "ready", 1: "ready", 2: "gone", 3: "booting"})
        await asyncio.gather(*(pods.set_ready(ordinal, ready=False) for ordinal in (0, 1)))
        await found.until({0: "degraded", 1: "degraded", 2: "gone", 3: "booting"})
        await found.source.refresh()
        assert (drift(found), found.source.disputes.total) == (0, 0)


async def test_a_crash_of_a_real_api_server_is_shown_and_what_happened_meanwhile_is_caught_up(
    plane: ControlPlane,
) -> None:
    pods = Pods(plane)
    for ordinal in range(3):
        await pods.create(ordinal)
    async with finding(plane) as found:
        await found.until(dict.fromkeys(range(3), "ready"))
        await plane.kill_api_server()
        await until(lambda: found.registry.state is DiscoveryState.STALE, 7, step_s=0.01)
        assert found.states() == dict.fromkeys(range(3), "ready"), "the last list is served"
        await plane.start_api_server()
        ready_s = time.monotonic()
        await until(lambda: found.registry.state is DiscoveryState.LIVE, 5, step_s=0.01)
        assert time.monotonic() - ready_s < 1.0
        await pods.set_ready(0, ready=False)
        await pods.delete(2)
        await found.until({0: "degraded", 1: "ready", 2: "gone"})
        assert drift(found) == 0
