"""What a receiver report says of one RTP stream (RFC 3550, section 6.4.1 and appendix A). Pure."""

from dataclasses import dataclass

from loco_kiosk.media.packet import nearest_sequence, timestamp_difference

_LOST_LIMIT = 0x7F_FFFF


@dataclass(frozen=True, slots=True)
class ReceptionReport:
    """The fields of a report block, without those that mirror the sender's report."""

    ssrc: int
    fraction_lost: int
    """Of the packets expected since the report before, in 256ths."""
    packets_lost: int
    highest_sequence: int
    """With the count of sequence number cycles in the upper half."""
    jitter: int
    """In time stamp units."""


class ReceiveStatistics:
    """Counts the packets of one source. Feed originals only: retransmissions have a stream of their own."""

    def __init__(self, clock_hz: int) -> None:
        self.packets = 0
        self.octets = 0
        self._clock_hz = clock_hz
        self._ssrc = 0
        self._base = 0
        self._highest = 0
        self._jitter = 0.0
        self._transit: int | None = None
        self._transits = 0
        self._least_transit: int | None = None
        self._last_timestamp = 0
        self._expected_before = 0
        self._packets_before = 0

    @property
    def jitter_ms(self) -> float:
        """Mean deviation of the packet spacing."""
        return self._jitter * 1000.0 / self._clock_hz

    @property
    def expected(self) -> int:
        """Packets that the source has sent since the first that came."""
        return self._highest - self._base + 1 if self.packets else 0

    def take_least_transit_us(self) -> int | None:
        """Shortest from time stamp to arrival since the call before, in clocks that need not agree; None without any.

        Compare it with others of the same source only.
        """
        least, self._least_transit = self._least_transit, None
        return None if least is None else least * 1_000_000 // self._clock_hz

    def add(self, ssrc: int, sequence: int, timestamp: int, octets: int, arrival_us: int) -> None:
        """Count one packet."""
        if not self.packets or ssrc != self._ssrc:
            self._start(ssrc, sequence)
        self.packets += 1
        self.octets += octets
        number = nearest_sequence(sequence, self._highest)
        if number >= self._highest:
            self._highest = number
            self._measure_jitter(timestamp, arrival_us)

    def report(self) -> ReceptionReport | None:
        """The report block for the time since the call before; None before the first packet."""
        if not self.packets:
            return None
        expected = self.expected
        interval = expected - self._expected_before
        lost = interval - (self.packets - self._packets_before)
        self._expected_before, self._packets_before = expected, self.packets
        fraction = min(255, (lost << 8) // interval) if interval > 0 and lost > 0 else 0
        total = max(-_LOST_LIMIT - 1, min(_LOST_LIMIT, expected - self.packets))
        highest = (self._highest - (self._base & ~0xFFFF)) & 0xFFFF_FFFF
        return ReceptionReport(self._ssrc, fraction, total, highest, int(self._jitter))

    def _start(self, ssrc: int, sequence: int) -> None:
        self._ssrc = ssrc
        self._base = self._highest = sequence
        self.packets = 0
        self._expected_before = self._packets_before = 0
        self._transit = self._least_transit = None
        self._transits = 0

    def _measure_jitter(self, timestamp: int, arrival_us: int) -> None:
        """Once a picture: its packets share one time stamp and would only measure the sender's burst."""
        if self._transit is not None and timestamp == self._last_timestamp:
            return
        transit = (arrival_us * self._clock_hz // 1_000_000 - timestamp) & 0xFFFF_FFFF
        if self._transit is not None:
            difference = timestamp_difference(transit, self._transit)
            self._transits += difference
            self._jitter += (abs(difference) - self._jitter) / 16.0
        if self._least_transit is None or self._transits < self._least_transit:
            self._least_transit = self._transits
        self._transit = transit
        self._last_timestamp = timestamp
