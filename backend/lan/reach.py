"""Which ports reach each other: the matrix of a room, from what each of them took of the other. Pure."""

import itertools

from backend.contract.lan import DirectPlay, Layer2, PairReach, PortState
from backend.lan.port import Port
from backend.lan.room import Room

RECENT_S = 120.0
"""What was heard within this is taken for present; four rounds of questions fit in."""
_WORST = (DirectPlay.UNKNOWN, DirectPlay.SILENT, DirectPlay.CLOSED, DirectPlay.OPEN)


class Reach:
    """Notes when pairs last conversed. Sampled, so that forwarding only counts."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._counts: dict[tuple[int, int], int] = {}
        self._conversed_s: dict[tuple[int, int], float] = {}

    def sample(self, now_s: float) -> None:
        """Note who spoke with whom since the last sample; wanted every few seconds."""
        for a, row in enumerate(self._room.conversed):
            for b, count in enumerate(row):
                if count != self._counts.get((a, b), 0):
                    self._counts[(a, b)] = count
                    self._conversed_s[(a, b)] = now_s

    def pairs(self, now_s: float) -> tuple[PairReach, ...]:
        """The matrix; lower port number first."""
        ports = sorted(self._room.ports, key=lambda port: port.number)
        return tuple(self._pair(a, b, now_s) for a, b in itertools.combinations(ports, 2))

    def _pair(self, a: Port, b: Port, now_s: float) -> PairReach:
        taken = self._room.taken
        return PairReach(
            a=a.number,
            b=b.number,
            layer2=self._layer2(a, b, now_s),
            frames_ab=taken[a.index][b.index],
            frames_ba=taken[b.index][a.index],
            directplay=min(a.directplay, b.directplay, key=_WORST.index),
        )

    def _layer2(self, a: Port, b: Port, now_s: float) -> Layer2:
        if a.state is not PortState.UP or b.state is not PortState.UP:
            return Layer2.DOWN
        since_s = now_s - RECENT_S
        both_ways = ((a.index, b.index), (b.index, a.index))
        if all(self._conversed_s.get(way, 0.0) > since_s for way in both_ways):
            return Layer2.PROVEN
        if all(port.heard_s > since_s for port in (a, b)):
            return Layer2.EXPECTED
        return Layer2.SILENT
