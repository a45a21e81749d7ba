import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from backend.contract.events import DiscoveryState
from backend.contract.instance import InstanceState
from backend.contract.tasks import TaskScope
from backend.discovery.kubernetes.limits import Limits
from backend.discovery.kubernetes.settings import KubernetesSettings
from backend.discovery.kubernetes.source import KubernetesSource
from backend.discovery.kubernetes.statistics import Statistics
from backend.discovery.registry import Registry
from tests.backend.discovery.kubernetes.following import QUICK, api_for
from tests.backend.fake_streamer import until
from tests.fakes.kube_api.objects import endpoint_slice, pod
from tests.fakes.kube_api.recording import begin, in_order, load, play
from tests.fakes.kube_api.server import Fault, KubeApiServer, serving

SETTINGS = KubernetesSettings(
    namespace="loco", service="emu", label_selector="app=emu", metadata_configmap="names", zone="", node="node-a"
)
READY, GONE = InstanceState.READY, InstanceState.GONE


class Found:
    """A registry that follows a pretended cluster."""

    def __init__(self, source: KubernetesSource, registry: Registry) -> None:
        self.source, self.registry = source, registry

    def states(self) -> dict[int, str]:
        return {each.slot: each.state.value for each in self.registry.instances}

    async def until(self, expected: dict[int, str], timeout_s: float = 5.0) -> None:
        try:
            await until(lambda: self.states() == expected, timeout_s)
        except TimeoutError:
            assert self.states() == expected


@asynccontextmanager
async def finding(
    server: KubeApiServer, settings: KubernetesSettings = SETTINGS, limits: Limits = QUICK
) -> AsyncIterator[Found]:
    tasks = TaskScope("test")
    async with (
        api_for(server.url, Statistics(), limits=limits) as api,
        KubernetesSource(settings, api=api, limits=limits) as source,
    ):
        registry = Registry(source.mode, lost_after_s=1.0)
        tasks.spawn(registry.follow(source), "discovery")
        try:
            yield Found(source, registry)
        finally:
            await tasks.close()


@pytest.fixture
async def cluster() -> AsyncIterator[KubeApiServer]:
    """Three ready pods behind a service."""
    async with serving() as running:
        await scale(running, 3)
        yield running


async def scale(server: KubeApiServer, count: int) -> None:
    """As a StatefulSet and its service do."""
    pods = server.cluster.collections["pods"].objects
    for ordinal in range(count):
        if ("loco", f"emu-{ordinal}") not in pods:
            await server.cluster.put("pods", pod(ordinal))
    for _, name in list(pods):
        if int(name.rpartition("-")[2]) >= count:
            await server.cluster.delete("pods", name)
    await server.cluster.put("endpointslices", endpoint_slice("emu-1", [*map(pod, range(count))]))


def ready(count: int, gone: int = 0) -> dict[int, str]:
    return dict.fromkeys(range(count), "ready") | dict.fromkeys(range(count, count + gone), "gone")


async def test_the_emulators_of_the_cluster_are_found_with_their_addresses(cluster: KubeApiServer) -> None:
    async with finding(cluster) as found:
        await found.until(ready(3))
        first = found.registry.instances[0]
        assert (first.id, first.name, first.addresses, first.port) == ("instance-0", "PC 1", ("10.0.0.1",), 8481)
        assert (first.node, found.registry.state, found.registry.mode) == ("node-a", DiscoveryState.LIVE, "kubernetes")


async def test_scaling_from_one_to_nine_to_one_shows_within_a_second(cluster: KubeApiServer) -> None:
    await scale(cluster, 1)
    async with finding(cluster) as found:
        await found.until(ready(1))
        for count, expected in ((9, ready(9)), (1, ready(1, gone=8)), (9, ready(9))):
            began = time.monotonic()
            await scale(cluster, count)
            await found.until(expected)
            assert time.monotonic() - began < 1.0
        assert found.source.statistics.of("pods").drift == 0


async def test_the_time_from_an_events_bytes_to_its_publication_is_short(cluster: KubeApiServer) -> None:
    async with finding(cluster) as found:
        await found.until(ready(3))
        for ordinal in range(3):
            await cluster.cluster.put("pods", pod(ordinal, ready=False))
            await until(lambda: found.states()[ordinal] == "degraded")  # noqa: B023 - awaited at once
        times = found.registry.publish_times
        assert times.count >= 6
        assert times.sum_s / times.count < 0.05


async def test_an_outage_is_shown_with_its_reason_and_what_happened_meanwhile_is_caught_up(
    cluster: KubeApiServer,
) -> None:
    async with finding(cluster) as found:
        await found.until(ready(3))
        await cluster.stop()
        await until(lambda: found.registry.state is DiscoveryState.STALE)
        assert found.registry.reason
        assert found.states() == ready(3), "the last state is served"
        await until(lambda: found.registry.state is DiscoveryState.LOST)
        await scale(cluster, 2)
        cluster.cluster.forget_history()
        await cluster.start()
        began = time.monotonic()
        await found.until(ready(2, gone=1))
        await until(lambda: found.registry.state is DiscoveryState.LIVE)
        assert time.monotonic() - began < 1.0
        assert found.registry.reason == ""


async def test_endpoints_stand_in_where_slices_are_forbidden_until_they_are_allowed(cluster: KubeApiServer) -> None:
    address = {"ip": "10.0.0.1", "targetRef": {"kind": "Pod", "name": "emu-0", "uid": "uid-0"}}
    subsets = [{"addresses": [address], "ports": [{"name": "http", "port": 9999}]}]
    await cluster.cluster.put("endpoints", {"metadata": {"name": "emu", "uid": "e"}, "subsets": subsets})
    forbidden = Fault(403, kind="endpointslices")
    cluster.behaviour.faults.append(forbidden)
    async with finding(cluster) as found:
        await until(lambda: found.registry.instances and found.registry.instances[0].port == 9999)
        await found.until(ready(3))
        await found.source.refresh()
        forbidden.times = 0
        await until(lambda: found.registry.instances[0].port == 8481)


async def test_slices_alone_suffice_where_pods_are_forbidden(cluster: KubeApiServer) -> None:
    cluster.behaviour.faults.append(Fault(403, kind="pods"))
    async with finding(cluster) as found:
        await found.until(ready(3))
        await scale(cluster, 1)
        await found.until(ready(1, gone=2))


async def test_who_may_read_nothing_is_told_what_role_it_needs(cluster: KubeApiServer) -> None:
    cluster.behaviour.faults.append(Fault(403))
    async with finding(cluster) as found:
        await until(lambda: "Role" in found.registry.reason)
        assert not found.registry.synced


async def test_names_for_people_come_from_the_config_map_and_change_with_it(cluster: KubeApiServer) -> None:
    async with finding(cluster) as found:
        await found.until(ready(3))
        data = {"instance-1": "Harbour", "instance-1.description": "By the window", "instance-9": "Nobody"}
        await cluster.cluster.put("configmaps", {"metadata": {"name": "names", "uid": "m"}, "data": data})
        await until(lambda: found.registry.instances[1].name == "Harbour")
        assert found.registry.instances[1].description == "By the window"
        await cluster.cluster.delete("configmaps", "names")
        await until(lambda: found.registry.instances[1].name == "PC 2")


async def test_looking_now_finds_what_the_watch_does_not_tell(cluster: KubeApiServer) -> None:
    async with finding(cluster) as found:
        await found.until(ready(3))
        cluster.behaviour.deaf = True
        await cluster.cluster.put("pods", pod(0, ready=False))
        await found.source.refresh()
        assert found.states()[0] == "degraded"


async def test_looking_now_while_nobody_answers_keeps_the_list(cluster: KubeApiServer) -> None:
    async with finding(cluster) as found:
        await found.until(ready(3))
        await cluster.stop()
        await found.source.refresh()
        assert found.states() == ready(3)


async def test_a_lasting_disagreement_is_counted_and_makes_a_new_list(cluster: KubeApiServer) -> None:
    async with finding(cluster) as found:
        found.source.disputes._patience_s = 0.1
        await found.until(ready(3))
        lists = found.source.statistics.of("pods").lists
        await cluster.cluster.put("pods", pod(1, ready=False))
        await until(lambda: found.source.disputes.total == 1)
        await until(lambda: found.source.statistics.of("pods").lists > lists)
        assert found.states()[1] == "degraded", "the pod decides"
        assert found.source.statistics.disagreements == 1


async def test_the_zone_of_this_backend_is_that_of_its_node(cluster: KubeApiServer) -> None:
    slices: Any = endpoint_slice("emu-1", [pod(0)])
    slices["endpoints"][0]["zone"] = "zone-a"
    async with finding(cluster) as found:
        await found.until(ready(3))
        assert found.source.zone == ""
        await cluster.cluster.put("endpointslices", slices)
        await until(lambda: found.source.zone == "zone-a")
    async with finding(cluster, replace(SETTINGS, zone="zone-b")) as found:
        assert found.source.zone == "zone-b"


async def test_the_recorded_run_ends_with_nine_ready_instances_through_real_http() -> None:
    kinds = [load(kind) for kind in ("pods", "endpointslices")]
    async with serving() as server:
        for recording in kinds:
            await begin(server.cluster, recording)
        settings = replace(SETTINGS, namespace="real", port_name="health")
        async with finding(server, settings) as found:
            await found.until(ready(9))
            fewest = 9
            for _, kind, event in in_order(*kinds):
                await play(server.cluster, kind, event)
                await asyncio.sleep(0.002)
                alive = [state for state in found.states().values() if state not in ("gone", "terminating")]
                fewest = min(fewest, len(alive))
            await found.until(ready(9))
            assert fewest == 1
            assert found.registry.instances[7].addresses == ("10.245.0.44",)
            assert found.source.disputes.total == 0
