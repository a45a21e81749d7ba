"""What Prometheus reads of a switch and of a port agent. Every name is explained in ``docs/lan.md``."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from backend.contract.lan import Layer2, PortState
from backend.lan.port import Port
from backend.lan.switch import Switch

_PORT = ["room", "port"]
_DIRECTION = [*_PORT, "direction"]
_CAUSE = [*_PORT, "cause"]
_PROTOCOL = [*_PORT, "protocol"]
_LAYER2 = ["room", "layer2"]


PortSource = Callable[[], Iterable[tuple[str, Port]]]
"""Names each port with its room."""


class PortCollector(Collector):
    """Reads the counters of all ports when asked; forwarding pays nothing for it."""

    def __init__(self, ports: PortSource) -> None:
        self._ports = ports

    def collect(self) -> Iterable[Metric]:
        """Of :class:`prometheus_client.registry.Collector`."""
        up = GaugeMetricFamily("loco_lan_port_up", "1 where a port is connected and not blocked.", labels=_PORT)
        frames = CounterMetricFamily("loco_lan_frames", "Frames, in from the guest or out to it.", labels=_DIRECTION)
        octets = CounterMetricFamily("loco_lan_bytes", "The same in bytes.", labels=_DIRECTION)
        drops = CounterMetricFamily("loco_lan_drops", "Frames that were dropped, by cause.", labels=_CAUSE)
        broadcasts = CounterMetricFamily("loco_lan_broadcasts", "Broadcasts, by protocol.", labels=_PROTOCOL)
        for room, port in self._ports():
            labels = [room, port.name]
            up.add_metric(labels, float(port.state is PortState.UP))
            for direction, count, size in (
                ("in", port.frames_in, port.bytes_in),
                ("out", port.frames_out, port.bytes_out),
            ):
                frames.add_metric([*labels, direction], count)
                octets.add_metric([*labels, direction], size)
            _add_all(drops, labels, port.drops)
            _add_all(broadcasts, labels, port.broadcasts)
        yield from (up, frames, octets, drops, broadcasts)


class SwitchCollector(Collector):
    """What is not of one port."""

    def __init__(self, switch: Switch) -> None:
        self._switch = switch

    def collect(self) -> Iterable[Metric]:
        """Of :class:`prometheus_client.registry.Collector`."""
        macs = GaugeMetricFamily("loco_lan_addresses", "MAC addresses in the table.", labels=["room"])
        flaps = CounterMetricFamily("loco_lan_flaps", "Addresses that moved to another port.", labels=["room"])
        pairs = GaugeMetricFamily("loco_lan_pairs", "Pairs of ports by how they reach each other.", labels=_LAYER2)
        refused = CounterMetricFamily("loco_lan_refused", "Connections that were turned away.", labels=["wanted"])
        for wanted in ("agent", "link"):
            refused.add_metric([wanted], self._switch.refused[wanted])
        now_s = time.monotonic()
        for name, room in self._switch.rooms.items():
            macs.add_metric([name], len(room.room.table.entries))
            flaps.add_metric([name], room.room.flaps)
            counts = Counter(pair.layer2 for pair in room.reach.pairs(now_s))
            for layer2 in Layer2:
                pairs.add_metric([name, layer2.value], counts[layer2])
        yield from (macs, flaps, pairs, refused)


def exposition(*collectors: Collector) -> bytes:
    """The text format 0.0.4 of Prometheus."""
    registry = CollectorRegistry(auto_describe=False)
    for collector in collectors:
        registry.register(collector)
    text: bytes = generate_latest(registry)
    return text


def _add_all(family: CounterMetricFamily, labels: list[str], counts: Mapping[str, int]) -> None:
    for name, count in sorted(counts.items()):
        family.add_metric([*labels, name], count)
