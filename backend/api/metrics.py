"""Prometheus metrics of the backend. Every name is documented here, once."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from backend.contract.instance import InstanceState
from backend.discovery.registry import Registry


class _RegistryCollector(Collector):
    """Reads the gauges when they are asked for."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def collect(self) -> Iterator[Metric]:
        states = GaugeMetricFamily("loco_instances", "Instances by state.", labels=["state"])
        instances = self._registry.instances
        for state in InstanceState:
            states.add_metric([state.value], sum(instance.state is state for instance in instances))
        yield states
        overflows = CounterMetricFamily("loco_event_overflows", "Backlogs replaced by a snapshot.")
        overflows.add_metric([], self._registry.overflows)
        yield overflows
        for name, text, value in (
            ("loco_discovery_synced", "1 after the first complete list.", float(self._registry.synced)),
            ("loco_discovery_revision", "Revision of the list of instances.", float(self._registry.revision)),
            ("loco_discovery_age_seconds", "Since the source last confirmed the list.", self._registry.age_s),
            ("loco_event_subscribers", "Open event streams and followers.", float(self._registry.subscribers)),
        ):
            yield GaugeMetricFamily(name, text, value=value)


class Metrics:
    """Counters of one backend; in a collector registry of their own, so that several fit into one process."""

    def __init__(self, registry: Registry) -> None:
        self._collectors = CollectorRegistry()
        self._collectors.register(_RegistryCollector(registry))
        self.requests = Counter(
            "loco_http_requests", "HTTP requests answered.", ["route", "method", "status"], registry=self._collectors
        )
        self.request_seconds = Histogram(
            "loco_http_request_seconds",
            "Time to answer an HTTP request; event streams are left out.",
            ["route"],
            registry=self._collectors,
            buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0),
        )
        self.refused_origins = Counter(
            "loco_http_refused_origins", "Requests of foreign web pages refused.", registry=self._collectors
        )
        self.events_sent = Counter("loco_events_sent", "Messages sent on event streams.", registry=self._collectors)
        self.events_ignored = Counter(
            "loco_events_ignored",
            "Messages received on event streams, where none are expected.",
            registry=self._collectors,
        )

    def text(self) -> bytes:
        """The exposition, as ``text/plain; version=0.0.4``."""
        return generate_latest(self._collectors)
