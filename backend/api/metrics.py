"""Prometheus metrics of the backend. Every name is explained in ``docs/metrics.md``; a test holds it against this."""

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)

from backend.api.discovery_metrics import KubernetesCollector, PoolCollector, RegistryCollector, health_text
from backend.api.lan_metrics import LanCollector
from backend.api.lan_source import LanSource
from backend.discovery.kubernetes.statistics import Statistics
from backend.discovery.pool import StreamerPool
from backend.discovery.registry import Registry

# Half of the text, and nobody asks when a counter was made.
disable_created_metrics()  # type: ignore[no-untyped-call]  # the library has no annotation here


class Metrics:
    """Counters of one backend; in a collector registry of their own, so that several fit into one process."""

    def __init__(
        self,
        registry: Registry,
        statistics: Statistics | None = None,
        pool: StreamerPool | None = None,
        lan: LanSource | None = None,
    ) -> None:
        """``statistics`` is of discovery on Kubernetes, None elsewhere; ``pool`` has the connections to streamers;
        ``lan`` asks the guests' switch."""
        self._registry = registry
        self._collectors = collectors = CollectorRegistry()
        collectors.register(RegistryCollector(registry))
        collectors.register(KubernetesCollector(statistics or Statistics()))
        if pool is not None:
            collectors.register(PoolCollector(pool))
        if lan is not None:
            collectors.register(LanCollector(lan))
        ProcessCollector(registry=collectors)
        self.requests = Counter(
            "loco_http_requests", "HTTP requests answered.", ["route", "method", "status"], registry=collectors
        )
        self.request_seconds = Histogram(
            "loco_http_request_seconds",
            "Time to answer an HTTP request; event streams are left out.",
            ["route"],
            registry=collectors,
            buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0),
        )
        self.requests_open = Gauge(
            "loco_http_requests_open", "HTTP requests being answered, event streams among them.", registry=collectors
        )
        self.refused_origins = Counter(
            "loco_http_refused_origins", "Requests of foreign web pages refused.", registry=collectors
        )
        self.refused_rates = Counter(
            "loco_http_refused_rates", "Requests refused because the caller asks too often.", registry=collectors
        )
        self.events_sent = Counter("loco_events_sent", "Messages sent on event streams.", registry=collectors)
        self.events_ignored = Counter(
            "loco_events_ignored", "Messages received on event streams, where none are expected.", registry=collectors
        )
        self.slow_readers = Counter(
            "loco_event_slow_readers", "Event streams cut off because nobody read them.", registry=collectors
        )
        self.ice_answers = Counter(
            "loco_ice_answers", "Lists of STUN and TURN servers given to viewers.", registry=collectors
        )

    def text(self) -> bytes:
        """The exposition, as ``text/plain; version=0.0.4``."""
        return generate_latest(self._collectors) + health_text(self._registry.instances)
