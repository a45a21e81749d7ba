"""The media clock: RTP time stamps from the monotonic clock."""

import time

from backend.contract.control import VIDEO_CLOCK_HZ


def monotonic_us() -> int:
    """Microseconds of the clock that pictures and inputs are stamped with."""
    return time.monotonic_ns() // 1000


def video_ticks(captured_us: int) -> int:
    """A capture time in units of the video clock, not yet shifted by the origin or cut to 32 bits."""
    return captured_us * VIDEO_CLOCK_HZ // 1_000_000
