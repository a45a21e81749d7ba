"""How packets arrive by RTCP (RFC 3550, section 6.4), for viewers that send no path reports: browsers, players.

Pure. A receiver report comes about once a second, names the loss and the highest packet, and lets the sender measure a
round trip. A round trip that grows means a queue, since the sender's reports wait in it with the pictures.
"""

from collections import deque
from typing import NamedTuple

from backend.contract.control import PathReport

_REMEMBERED_S = 60.0
"""The best round trip of this time is that of the empty way."""
_MOST_REMEMBERED = 128
"""Viewers report about once a second."""


class Reception(NamedTuple):
    """One report block about the pictures, and what the sender knew when it came."""

    fraction_lost: float
    """Since the report before, 0 to 1."""
    packets_lost: int
    """Since the stream began."""
    highest_sequence: int
    """Extended by the count of its wraps."""
    round_trip_s: float | None
    """None where the viewer has not seen a sender report yet."""
    packets: int
    """Of the stream, sent since it began."""
    octets: int
    """Of all media that left, with what was sent again."""
    now_s: float
    """Monotonic."""


class ReceptionMeter:
    """Makes path reports of one viewer's receptions."""

    def __init__(self) -> None:
        self._before: Reception | None = None
        self._round_trips: deque[tuple[float, float]] = deque(maxlen=_MOST_REMEMBERED)

    def report(self, reception: Reception) -> PathReport | None:
        """What the way did since the last reception; None where that says nothing yet."""
        before, self._before = self._before, reception
        if reception.round_trip_s is None:
            return None
        growth_s = self._growth_s(reception.round_trip_s, reception.now_s)
        if before is None or reception.now_s <= before.now_s:
            return None
        return PathReport(
            loss=max(0.0, min(1.0, reception.fraction_lost)),
            delay_ms=growth_s * 1000,
            round_trip_ms=reception.round_trip_s * 1000,
            received_bps=round(_received_bits(before, reception) / (reception.now_s - before.now_s)),
        )

    def _growth_s(self, round_trip_s: float, now_s: float) -> float:
        trips = self._round_trips
        trips.append((now_s, round_trip_s))
        while trips[0][0] < now_s - _REMEMBERED_S:
            trips.popleft()
        return round_trip_s - min(trip_s for _, trip_s in trips)


def _received_bits(before: Reception, now: Reception) -> float:
    """The same part of all media as of the packets that the report tells of."""
    sent = now.packets - before.packets
    expected = now.highest_sequence - before.highest_sequence
    received = max(0, expected - (now.packets_lost - before.packets_lost))
    return 8 * (now.octets - before.octets) * (received / sent if sent > 0 else 1.0)
