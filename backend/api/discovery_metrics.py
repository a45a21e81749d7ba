"""What Prometheus reads of discovery: gauges and counters that others own, taken when they are asked for."""

from collections import Counter
from collections.abc import Iterable, Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from backend.contract.events import DiscoveryState
from backend.contract.instance import Instance, InstanceState
from backend.discovery.kubernetes.statistics import BUCKETS_S, Statistics
from backend.discovery.pool import StreamerPool
from backend.discovery.registry import Registry

_HEALTH = b"""# HELP loco_instance_health Health, 0 (dead) to 100 (all well).
# TYPE loco_instance_health gauge
"""
_ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})
"""Of label values, as the text format of Prometheus asks for."""


def health_text(instances: Iterable[Instance]) -> bytes:
    """The health of each instance, as text: the library would take 10 ms for a thousand, this takes half of one."""
    lines = [
        f'loco_instance_health{{instance="{each.id.translate(_ESCAPES)}"}} {each.health}.0\n' for each in instances
    ]
    return _HEALTH + "".join(lines).encode()


class RegistryCollector(Collector):
    """The list of instances."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def collect(self) -> Iterator[Metric]:
        """All metrics of the list."""
        registry, instances = self._registry, self._registry.instances
        states = GaugeMetricFamily("loco_instances", "Instances by state.", labels=["state"])
        count = Counter(instance.state for instance in instances)
        for state in InstanceState:
            states.add_metric([state.value], count[state])
        yield states
        yield self._trust()
        times = registry.publish_times
        publish = HistogramMetricFamily(
            "loco_discovery_publish_seconds", "From the arrival of a change's bytes to its event and the list."
        )
        publish.add_metric([], times.cumulative(), times.sum_s)
        yield publish
        overflows = CounterMetricFamily("loco_event_overflows", "Backlogs replaced by a snapshot.")
        overflows.add_metric([], registry.overflows)
        yield overflows
        for name, text, value in (
            ("loco_discovery_synced", "1 after the first complete list.", float(registry.synced)),
            ("loco_discovery_revision", "Revision of the list of instances.", float(registry.revision)),
            ("loco_discovery_age_seconds", "Since the source last confirmed the list.", registry.age_s),
            ("loco_event_subscribers", "Open event streams and followers.", float(registry.subscribers)),
        ):
            yield GaugeMetricFamily(name, text, value=value)

    def _trust(self) -> Metric:
        trust = GaugeMetricFamily(
            "loco_discovery_state", "1 for the state of discovery, 0 for others.", labels=["state"]
        )
        for state in DiscoveryState:
            trust.add_metric([state.value], float(state is self._registry.state))
        return trust


_COUNTERS = (
    ("lists", "loco_discovery_lists", "Full lists that worked."),
    ("events", "loco_discovery_events", "Changes told by watches."),
    ("bookmarks", "loco_discovery_bookmarks", "Signs of life of quiet watches."),
    ("restarts", "loco_discovery_watch_restarts", "Watches opened after the first."),
    ("gone_410", "loco_discovery_gone", "Watches whose version was too old (410)."),
    ("drift", "loco_discovery_drift", "Differences that a full list found and no watch had told; must stay 0."),
    ("malformed", "loco_discovery_malformed", "Answers that were not what the API promises."),
    ("failed_probes", "loco_discovery_failed_probes", "Probes of the API server without an answer."),
)


class KubernetesCollector(Collector):
    """List and watch."""

    def __init__(self, statistics: Statistics) -> None:
        self._statistics = statistics

    def collect(self) -> Iterator[Metric]:
        """All metrics of the API server's use."""
        for field, name, text in _COUNTERS:
            counter = CounterMetricFamily(name, text, labels=["resource"])
            for resource, counts in self._statistics.resources.items():
                counter.add_metric([resource], getattr(counts, field))
            yield counter
        for value, name, text in (
            (self._statistics.disagreements, "loco_discovery_disagreements", "Pods that their service saw otherwise."),
            (self._statistics.unreadable, "loco_discovery_unreadable", "Objects that were left out."),
        ):
            counter = CounterMetricFamily(name, text)
            counter.add_metric([], value)
            yield counter
        calls = CounterMetricFamily(
            "loco_kubernetes_requests", "Requests to the API server.", labels=["resource", "verb", "code"]
        )
        for labels, count in self._statistics.api_calls.items():
            calls.add_metric(list(labels), count)
        yield calls
        yield self._durations()

    def _durations(self) -> Metric:
        seconds = HistogramMetricFamily(
            "loco_kubernetes_request_seconds", "Until the API server answered.", labels=["resource", "verb"]
        )
        for labels, durations in self._statistics.api_seconds.items():
            buckets = [*zip(map(str, BUCKETS_S), durations.buckets, strict=True), ("+Inf", durations.count)]
            seconds.add_metric(list(labels), buckets, durations.sum_s)
        return seconds


_OF_POOL = (
    ("requests", "loco_pool_requests", "Requests to streamers."),
    ("opened", "loco_pool_opened", "Connections made to streamers."),
    ("reused", "loco_pool_reused", "Requests to streamers that found a connection made."),
    ("waited", "loco_pool_waited", "Requests that waited for a connection to their streamer."),
    ("failed", "loco_pool_failed", "Requests to streamers that ended with an error in place of an answer."),
    ("let_go", "loco_pool_let_go", "Streamers whose connections were closed."),
)


class PoolCollector(Collector):
    """Connections to the streamers."""

    def __init__(self, pool: StreamerPool) -> None:
        self._pool = pool

    def collect(self) -> Iterator[Metric]:
        """All metrics of the pool."""
        for field, name, text in _OF_POOL:
            counter = CounterMetricFamily(name, text)
            counter.add_metric([], getattr(self._pool.statistics, field))
            yield counter
        yield GaugeMetricFamily(
            "loco_pool_streamers", "Streamers to which connections are kept.", value=self._pool.streamers
        )
