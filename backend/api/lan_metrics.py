"""What Prometheus reads of the way to the guests' switch. The switch tells of its ports by itself."""

from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from backend.api.lan_source import LanSource


class LanCollector(Collector):
    """How often the switch was asked, and whether it answered."""

    def __init__(self, lan: LanSource) -> None:
        self._lan = lan

    def collect(self) -> Iterator[Metric]:
        """All metrics of the way to the switch."""
        for name, text, value in (
            ("loco_lan_asked", "Times the guests' switch was asked for its status.", self._lan.asked),
            ("loco_lan_failed", "Of these, without a good answer.", self._lan.failed),
        ):
            counter = CounterMetricFamily(name, text)
            counter.add_metric([], value)
            yield counter
        yield GaugeMetricFamily("loco_lan_answers", "1 where it answered when last asked.", value=float(self._lan.up))
