"""One port of the switch: its name, its counters, its state. The ways to a guest derive from it."""

import time
from abc import ABC, abstractmethod
from collections import Counter

from backend.contract.lan import DirectPlay, PortKind, PortState
from backend.contract.token_bucket import TokenBucket
from backend.lan.frame import Mac

RATE_BURST_S = 0.05
"""A port may send this much of its rate at once; a whole TCP window passes."""


class Port(ABC):
    """Counters and state; owned by one room. Threading: one event loop only."""

    def __init__(
        self, number: int, name: str, kind: PortKind, *, own: frozenset[Mac] = frozenset(), max_macs: int = 1
    ) -> None:
        """``own`` are the only source addresses that it may use; where empty, the first ``max_macs`` that it uses."""
        self.number = number
        self.name = name
        self.kind = kind
        self.own = own
        self.max_macs = max_macs
        self.index = 0
        """Its place in the rows of its room."""
        self.is_link = kind is PortKind.LINK
        self.connected = False
        self.reason = "Nothing has connected yet."
        self.since_unix_s = time.time()
        self.blocked_until_s = 0.0
        """Monotonic; what comes from it is dropped until then. 0: it is not blocked."""
        self.heard_s = 0.0
        """Monotonic time of its last accepted frame; 0 for never."""
        self.frames_in = self.frames_out = self.bytes_in = self.bytes_out = 0
        self.drops: Counter[str] = Counter()
        self.broadcasts: Counter[str] = Counter()
        self.rate: TokenBucket | None = None
        """Of octets."""
        self.storm: TokenBucket | None = None
        """Of broadcasts."""
        self.directplay = DirectPlay.UNKNOWN
        self.directplay_ports: tuple[int, ...] = ()

    @abstractmethod
    def send(self, frame: bytes) -> bool:
        """Hand over one frame; False where it was dropped, which the port has counted. Never waits."""

    def limit(self, *, broadcasts_per_s: float, mbit_s: float) -> None:
        """Bound what comes from it; 0 is no bound."""
        self.storm = TokenBucket(broadcasts_per_s, 2 * broadcasts_per_s) if broadcasts_per_s else None
        octets_per_s = mbit_s * 125_000
        self.rate = TokenBucket(octets_per_s, max(65_536, octets_per_s * RATE_BURST_S)) if mbit_s else None

    @property
    def state(self) -> PortState:
        """What it does now."""
        if not self.connected:
            return PortState.DOWN
        return PortState.BLOCKED if self.blocked_until_s else PortState.UP

    def set_connected(self, connected: bool, reason: str = "") -> bool:
        """Note a change; returns whether it is one."""
        self.reason = reason
        if connected == self.connected:
            return False
        self.connected = connected
        self.since_unix_s = time.time()
        return True

    def block(self, until_s: float, reason: str) -> None:
        """Drop what comes from it until then."""
        self.blocked_until_s = until_s
        self.reason = reason
        self.since_unix_s = time.time()

    def unblock(self) -> None:
        """Let it speak again."""
        self.blocked_until_s = 0.0
        self.reason = ""
        self.since_unix_s = time.time()
