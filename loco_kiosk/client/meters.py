"""Numbers of the last second, from counters and time stamps. Pure; time enters as a parameter."""

import statistics
from collections import OrderedDict, deque

from backend.contract.control import VIDEO_CLOCK_HZ
from loco_kiosk.media.packet import timestamp_difference

_WINDOW_US = 1_000_000
_MAX_PICTURES = 128
_FREEZE_US = 150_000
"""A shorter gap is not seen as one (the measure of WebRTC's own statistics, webrtc-stats, freezeCount)."""
_MAX_KEYS = 64


class PictureMeter:
    """Rate and delay of the decoded pictures, and how often they stood still though the screen did not."""

    def __init__(self) -> None:
        self.freezes = 0
        self.frozen_ms = 0.0
        self.longest_freeze_ms = 0.0
        self._times: deque[tuple[int, int | None]] = deque(maxlen=_MAX_PICTURES)
        self._delay_ms: float | None = None
        self._last: tuple[int, int] | None = None
        self._losses = 0

    def add(self, captured_us: int | None, decoded_us: int, rtp_timestamp: int, losses: int) -> None:
        """Take one picture; ``losses`` counts the times that pictures were given up."""
        self._times.append((decoded_us, captured_us))
        if self._last is not None and decoded_us - self._last[0] >= _FREEZE_US:
            self._judge_gap(*self._last, decoded_us, rtp_timestamp, losses)
        self._last, self._losses = (decoded_us, rtp_timestamp), losses

    def pause(self) -> None:
        """The connection is gone: the gap until the next picture is no freeze of this way."""
        self._last = None

    def _judge_gap(self, before_us: int, before: int, decoded_us: int, rtp_timestamp: int, losses: int) -> None:
        gap_us = decoded_us - before_us
        drawn_us = timestamp_difference(rtp_timestamp, before) * 1_000_000 // VIDEO_CLOCK_HZ
        if losses != self._losses or gap_us - drawn_us >= _FREEZE_US:
            self.freezes += 1
            self.frozen_ms += gap_us / 1000
            self.longest_freeze_ms = max(self.longest_freeze_ms, gap_us / 1000)

    def fps(self, now_us: int) -> float:
        """Pictures in the last second."""
        return float(sum(1 for decoded_us, _ in self._times if now_us - decoded_us < _WINDOW_US))

    def delay_ms(self, now_us: int) -> float | None:
        """Median from capture to decoded picture over the last second that had pictures; None before any."""
        delays = [
            decoded_us - captured_us
            for decoded_us, captured_us in self._times
            if captured_us is not None and now_us - decoded_us < _WINDOW_US
        ]
        if delays:
            self._delay_ms = statistics.median(delays) / 1000.0
        return self._delay_ms


class RateMeter:
    """How fast a counter grows."""

    def __init__(self) -> None:
        self._samples: deque[tuple[int, float]] = deque(maxlen=64)

    def per_second(self, value: float, now_us: int) -> float:
        """Note the counter's value; its growth per second over about the last second."""
        while len(self._samples) > 1 and now_us - self._samples[1][0] >= _WINDOW_US:
            self._samples.popleft()
        if self._samples and value < self._samples[-1][1]:
            self._samples.clear()
        self._samples.append((now_us, value))
        first_us, first = self._samples[0]
        return (value - first) * 1e6 / (now_us - first_us) if now_us > first_us else 0.0


class KeyMeter:
    """From sending a key to the decoded picture that shows it."""

    def __init__(self) -> None:
        self.last_ms: float | None = None
        self._sent_us: OrderedDict[int, int] = OrderedDict()
        self._shown: deque[tuple[int, int]] = deque(maxlen=_MAX_KEYS)
        self._pictures: deque[tuple[int, int]] = deque(maxlen=_MAX_PICTURES)

    def sent(self, sequence: int, now_us: int) -> None:
        """A key left."""
        self._sent_us[sequence] = now_us
        while len(self._sent_us) > _MAX_KEYS:
            self._sent_us.popitem(last=False)

    def shown(self, sequence: int, rtp_timestamp: int) -> None:
        """The streamer says which picture is the first after the key."""
        sent_us = self._sent_us.pop(sequence, None)
        if sent_us is None:
            return
        first_us: int | None = None
        for picture, decoded_us in reversed(self._pictures):
            if timestamp_difference(picture, rtp_timestamp) < 0:
                break
            first_us = decoded_us
        if first_us is not None:
            self.last_ms = (first_us - sent_us) / 1000.0
            return
        self._shown.append((rtp_timestamp, sent_us))

    def picture(self, rtp_timestamp: int, decoded_us: int) -> None:
        """A picture was decoded."""
        self._pictures.append((rtp_timestamp, decoded_us))
        while self._shown and timestamp_difference(rtp_timestamp, self._shown[0][0]) >= 0:
            self.last_ms = (decoded_us - self._shown.popleft()[1]) / 1000.0
