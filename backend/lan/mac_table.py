"""Which address was heard behind which port, and for how long that holds. Pure."""

from collections import Counter
from dataclasses import dataclass

from backend.lan.frame import Mac
from backend.lan.port import Port

AGEING_S = 300.0
"""IEEE 802.1Q-2018, table 8-6: the recommended ageing time."""


@dataclass(slots=True)
class Entry:
    """Where an address was last heard, and when (monotonic)."""

    port: Port
    seen_s: float


class MacTable:
    """The addresses of one room. ``entries`` is read for every frame."""

    def __init__(self) -> None:
        self.entries: dict[Mac, Entry] = {}
        self._counts: Counter[Port] = Counter()

    def learn(self, mac: Mac, port: Port, now_s: float) -> None:
        """Note where an address is now."""
        self._drop(mac)
        self.entries[mac] = Entry(port, now_s)
        self._counts[port] += 1

    def count(self, port: Port) -> int:
        """How many addresses are behind a port."""
        return self._counts[port]

    def of(self, port: Port) -> list[Mac]:
        """Addresses behind a port."""
        return [mac for mac, entry in self.entries.items() if entry.port is port]

    def age(self, now_s: float) -> int:
        """Forget what was not heard for :data:`AGEING_S`; returns how many."""
        old = [mac for mac, entry in self.entries.items() if now_s - entry.seen_s > AGEING_S]
        for mac in old:
            self._drop(mac)
        return len(old)

    def forget(self, port: Port) -> None:
        """Forget what is behind a port: it was disconnected, and its guest may come back elsewhere."""
        for mac in self.of(port):
            self._drop(mac)

    def _drop(self, mac: Mac) -> None:
        entry = self.entries.pop(mac, None)
        if entry is not None:
            self._counts[entry.port] -= 1
