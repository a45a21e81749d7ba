import pytest
from prometheus_client.parser import text_string_to_metric_families

from backend.api.discovery_metrics import health_text
from backend.api.metrics import Metrics
from backend.contract.events import DiscoveryState
from backend.contract.instance import Instance, InstanceState
from backend.discovery.kubernetes.statistics import ApiCall, Statistics
from backend.discovery.pool import StreamerPool
from backend.discovery.registry import Registry
from backend.discovery.source import Sighting, Synced, Unavailable, Upsert


def test_gauges_follow_the_registry() -> None:
    registry = Registry("test")
    metrics = Metrics(registry)
    registry.apply(Upsert(Sighting(id="instance-0", slot=0, name="PC")))
    registry.apply(Synced(frozenset({"instance-0"})))
    text = metrics.text().decode()
    assert 'loco_instances{state="booting"} 1.0' in text
    assert 'loco_instances{state="ready"} 0.0' in text
    assert 'loco_instance_health{instance="instance-0"} 50.0' in text
    assert "loco_discovery_synced 1.0" in text
    assert "loco_discovery_revision 1.0" in text
    registry.apply(Unavailable("gone"))
    assert registry.state is DiscoveryState.STALE
    text = metrics.text().decode()
    assert 'loco_discovery_state{state="stale"} 1.0' in text
    assert 'loco_discovery_state{state="live"} 0.0' in text


@pytest.mark.parametrize("name", ["instance-0", 'a "b"', "back\\slash", "two\nlines"])
def test_any_id_can_be_read_back_from_the_health_of_instances(name: str) -> None:
    instance = Instance(id=name, slot=0, name="PC", state=InstanceState.DEGRADED, health=20)
    (family,) = text_string_to_metric_families(health_text([instance]).decode())
    assert (family.name, family.type) == ("loco_instance_health", "gauge")
    assert [(sample.labels, sample.value) for sample in family.samples] == [({"instance": name}, 20.0)]


def test_the_time_to_publish_is_a_histogram() -> None:
    now_s = 10.0
    registry = Registry("test", monotonic=lambda: now_s)
    registry.apply(Upsert(Sighting(id="instance-0", slot=0, name="PC"), received_s=now_s - 0.003))
    text = Metrics(registry).text().decode()
    assert 'loco_discovery_publish_seconds_bucket{le="0.0025"} 0.0' in text
    assert 'loco_discovery_publish_seconds_bucket{le="0.005"} 1.0' in text
    assert "loco_discovery_publish_seconds_count 1.0" in text


def test_list_and_watch_are_told_by_resource() -> None:
    statistics = Statistics()
    metrics = Metrics(Registry("test"), statistics)
    pods = statistics.of("pods")
    pods.lists, pods.restarts, pods.gone_410, pods.drift = 3, 2, 1, 4
    statistics.called(ApiCall("pods", "list", "200", 0.02))
    statistics.called(ApiCall("pods", "list", "lost", 3.0))
    text = metrics.text().decode()
    for line in (
        'loco_discovery_lists_total{resource="pods"} 3.0',
        'loco_discovery_watch_restarts_total{resource="pods"} 2.0',
        'loco_discovery_gone_total{resource="pods"} 1.0',
        'loco_discovery_drift_total{resource="pods"} 4.0',
        'loco_kubernetes_requests_total{code="lost",resource="pods",verb="list"} 1.0',
        'loco_kubernetes_request_seconds_bucket{le="0.025",resource="pods",verb="list"} 1.0',
        'loco_kubernetes_request_seconds_count{resource="pods",verb="list"} 2.0',
    ):
        assert line in text, line


def test_the_connections_to_streamers_are_counted() -> None:
    pool = StreamerPool()
    pool.statistics.requests, pool.statistics.reused = 3, 2
    text = Metrics(Registry("test"), pool=pool).text().decode()
    assert "loco_pool_requests_total 3.0" in text
    assert "loco_pool_reused_total 2.0" in text
    assert "loco_pool_streamers 0.0" in text
