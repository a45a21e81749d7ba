"""One LAN: learning, forwarding and protection. Pure: frames come in by :meth:`Room.forward`, ports take them out."""

import logging
from collections.abc import Callable
from typing import Protocol

from backend.contract.token_bucket import TokenBucket
from backend.lan.frame import MAXIMUM_BYTES, MINIMUM_BYTES, Mac, mac_text, protocol
from backend.lan.mac_table import MacTable
from backend.lan.port import Port

log = logging.getLogger(__name__)

FLAPS_PER_S = 5.0
FLAPS_BURST = 20.0
"""A machine that moves to another port does so once; what moves to and fro, runs in a loop."""
BLOCK_S = 10.0

Tap = Callable[[Port, bytes, bool], None]
"""Sees a frame with its port; True for one that came from the port, False for one that it took."""


class Station(Protocol):
    """The switch's own host in a room."""

    mac: Mac

    def hear(self, port: Port, frame: bytes) -> None:
        """Take a frame for it, or a broadcast."""


class Room:
    """Owns the ports of one LAN and its table of addresses."""

    def __init__(self, name: str, station: Station | None = None) -> None:
        self.name = name
        self.station = station
        self.ports: list[Port] = []
        self.table = MacTable()
        self.taps: list[Tap] = []
        self.flaps = 0
        """Addresses that moved from one port to another."""
        self.taken: list[list[int]] = []
        """``taken[a.index][b.index]``: frames of ``a`` that ``b`` took."""
        self.conversed: list[list[int]] = []
        """The same, of frames addressed to ``b`` alone."""
        self._owners: dict[Mac, Port] = {}
        self._flap_meters: dict[Port, TokenBucket] = {}

    def add(self, port: Port) -> None:
        """Join a port; it stays until the switch ends, connected or not."""
        port.index = len(self.ports)
        self.ports.append(port)
        self._owners |= dict.fromkeys(port.own, port)
        self._flap_meters[port] = TokenBucket(FLAPS_PER_S, FLAPS_BURST)
        for rows in (self.taken, self.conversed):
            for row in rows:
                row.append(0)
            rows.append([0] * len(self.ports))

    def forward(self, port: Port, frame: bytes, now_s: float) -> None:
        """Take one frame from ``port``; ``now_s`` is monotonic. Runs for every frame: one lookup each for its ends."""
        length = len(frame)
        if length < MINIMUM_BYTES or length > MAXIMUM_BYTES:
            port.drops["too_short" if length < MINIMUM_BYTES else "too_long"] += 1
            return
        rate = port.rate
        if rate is not None and not rate.take(now_s, length):
            port.drops["rate"] += 1
            return
        entries = self.table.entries
        source = entries.get(frame[6:12])
        if source is None or source.port is not port or port.blocked_until_s:
            if not self._admit(port, frame, now_s):
                return
        else:
            source.seen_s = now_s
        port.frames_in += 1
        port.bytes_in += length
        port.heard_s = now_s
        if self.taps:
            self._tap(port, frame, True)
        target = entries.get(frame[:6])
        if target is None:
            self._flood(port, frame, now_s)
            return
        out = target.port
        if out is port or (out.is_link and port.is_link):
            port.drops["own_side"] += 1
        elif self.inject(out, frame):
            self.conversed[port.index][out.index] += 1
            self.taken[port.index][out.index] += 1

    def inject(self, port: Port, frame: bytes) -> bool:
        """Give a frame to one port; False where it was dropped."""
        if not port.send(frame):
            return False
        port.frames_out += 1
        port.bytes_out += len(frame)
        if self.taps:
            self._tap(port, frame, False)
        return True

    def tick(self, now_s: float) -> None:
        """Age the table and let blocked ports speak again; wanted about every second."""
        self.table.age(now_s)
        for port in self.ports:
            if port.blocked_until_s and now_s >= port.blocked_until_s:
                port.unblock()

    def _flood(self, port: Port, frame: bytes, now_s: float) -> None:
        """To all: broadcasts, multicasts, and frames to addresses that nobody has used yet."""
        if port.storm is not None and not port.storm.take(now_s):
            port.drops["storm"] += 1
            return
        group = frame[0] & 1
        station = self.station
        if station is not None and not group and frame[:6] == station.mac:
            station.hear(port, frame)
            return
        if group:
            port.broadcasts[protocol(frame)] += 1
            if station is not None:
                station.hear(port, frame)
        row = self.taken[port.index]
        for out in self.ports:
            # Between links nothing is forwarded (split horizon): no loop of switches can carry a frame around.
            if out is port or not out.connected or (out.is_link and port.is_link):
                continue
            if self.inject(out, frame):
                row[out.index] += 1

    def _admit(self, port: Port, frame: bytes, now_s: float) -> bool:
        """Whether a frame may come in whose source is not known to be behind ``port``; learns it then."""
        cause = self._refusal(port, frame[6:12], now_s)
        if cause:
            port.drops[cause] += 1
            return False
        self.table.learn(frame[6:12], port, now_s)
        return True

    def _refusal(self, port: Port, source: Mac, now_s: float) -> str:
        if port.blocked_until_s:
            return "blocked"
        if source[0] & 1:
            return "group_source"
        if self.station is not None and source == self.station.mac:
            if not port.own:
                self._block(port, source, now_s)
            return "loop"
        owner = self._owners.get(source)
        if owner is not port and (owner is not None or port.own):
            return "foreign_source"
        known = self.table.entries.get(source)
        if known is None:
            return "" if self.table.count(port) < port.max_macs else "too_many_sources"
        if known.port is port:
            return ""
        self.flaps += 1
        if self._flap_meters[port].take(now_s):
            return ""
        self._block(port, source, now_s)
        return "loop"

    def _block(self, port: Port, source: Mac, now_s: float) -> None:
        reason = f"It sends back frames of {mac_text(source)}, which come from elsewhere: look for a loop behind it."
        log.warning(
            "room %s, port %d (%s) is blocked for %.0f s: %s", self.name, port.number, port.name, BLOCK_S, reason
        )
        port.block(now_s + BLOCK_S, reason)

    def _tap(self, port: Port, frame: bytes, came_in: bool) -> None:
        for tap in self.taps:
            tap(port, frame, came_in)
