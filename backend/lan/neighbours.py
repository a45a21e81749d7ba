"""Which IPv4 address was heard behind which port, and with which MAC address. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address

from backend.lan.frame import Mac
from backend.lan.port import Port

KEPT_S = 900.0
PER_PORT = 8
"""A guest has one; what claims many is no reason to remember and to probe them all."""


@dataclass(slots=True)
class Neighbour:
    """One address; times are monotonic."""

    address: IPv4Address
    mac: Mac
    heard_s: float
    answered_s: float = 0.0
    """When it last answered the switch; 0 for never."""


class Neighbours:
    """Of one room, by port. The newest claim wins."""

    def __init__(self) -> None:
        self._by_port: dict[Port, dict[IPv4Address, Neighbour]] = {}

    def of(self, port: Port) -> list[Neighbour]:
        """Those behind a port."""
        return list(self._by_port.get(port, {}).values())

    def hear(self, port: Port, address: IPv4Address, mac: Mac, now_s: float, *, answered: bool = False) -> None:
        """Note that somebody behind ``port`` spoke as ``address``."""
        known = self._by_port.setdefault(port, {})
        neighbour = known.get(address)
        if neighbour is None:
            if len(known) >= PER_PORT:
                del known[min(known.values(), key=lambda each: each.heard_s).address]
            neighbour = known[address] = Neighbour(address, mac, now_s)
            for other, addresses in self._by_port.items():
                if other is not port:
                    addresses.pop(address, None)
        neighbour.mac, neighbour.heard_s = mac, now_s
        if answered:
            neighbour.answered_s = now_s

    def age(self, now_s: float) -> None:
        """Forget what was not heard for :data:`KEPT_S`."""
        for known in self._by_port.values():
            for each in [each for each in known.values() if now_s - each.heard_s > KEPT_S]:
                del known[each.address]

    def __iter__(self) -> Iterator[tuple[Port, Neighbour]]:
        """All, with their port."""
        for port in list(self._by_port):
            for neighbour in self.of(port):
                yield port, neighbour
