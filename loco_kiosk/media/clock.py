"""The streamer's clock as seen from here. Pure.

RFC 5905, section 8, without the drift filter: of the last exchanges, the one with the shortest round trip is the most
truthful. Drift between two machines is some 50 us/s at worst, and each exchange is forgotten after :data:`KEPT` others.
"""

from collections import deque
from dataclasses import dataclass

from backend.contract.control import VIDEO_CLOCK_HZ
from loco_kiosk.media.packet import timestamp_difference

KEPT = 8
_SANE_ROUND_TRIP_US = 10_000_000


@dataclass(frozen=True, slots=True)
class _Exchange:
    round_trip_us: int
    offset_us: int


class StreamerClock:
    """Offset between this machine's monotonic clock and the streamer's, and capture times from RTP time stamps."""

    def __init__(self) -> None:
        self._exchanges: deque[_Exchange] = deque(maxlen=KEPT)
        self._best: _Exchange | None = None
        self._rtp_origin = 0

    @property
    def round_trip_us(self) -> int | None:
        """Shortest round trip lately; None before the first exchange."""
        return None if self._best is None else self._best.round_trip_us

    def add(self, sent_us: int, streamer_us: int, received_us: int, rtp_origin: int) -> bool:
        """Take one exchange: own time when asked, the streamer's when answering, own when answered.

        Returns False for an answer to nothing: from the future, or older than any round trip can be.
        """
        round_trip_us = received_us - sent_us
        if not 0 <= round_trip_us <= _SANE_ROUND_TRIP_US:
            return False
        self._exchanges.append(_Exchange(round_trip_us, streamer_us - (sent_us + received_us) // 2))
        self._best = min(self._exchanges, key=lambda exchange: exchange.round_trip_us)
        self._rtp_origin = rtp_origin
        return True

    def captured_us(self, rtp_timestamp: int, now_us: int) -> int | None:
        """Own time at which the picture of this time stamp was captured; None before the first exchange.

        Time stamps wrap every 13 hours; the moment nearest to ``now_us`` is meant.
        """
        if self._best is None:
            return None
        streamer_now_us = now_us + self._best.offset_us
        expected = streamer_now_us * VIDEO_CLOCK_HZ // 1_000_000 + self._rtp_origin
        ticks = timestamp_difference(rtp_timestamp, expected & 0xFFFF_FFFF)
        return now_us + ticks * 1_000_000 // VIDEO_CLOCK_HZ
