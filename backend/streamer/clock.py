"""The media clock: RTP time stamps from the monotonic clock."""

import time

from backend.contract.control import VIDEO_CLOCK_HZ


def monotonic_us() -> int:
    """Microseconds of the clock that pictures and inputs are stamped with."""
    return time.monotonic_ns() // 1000


def video_ticks(captured_us: int) -> int:
    """A capture time in units of the video clock, not yet shifted by the origin or cut to 32 bits."""
    return captured_us * VIDEO_CLOCK_HZ // 1_000_000


class MediaTicks:
    """Time stamps of pictures: each is later than all before, also those of other renditions.

    So a viewer may go from one rendition to another at any picture.
    """

    def __init__(self, origin: int) -> None:
        self._origin = origin
        self._last = -1

    def after(self, captured_us: int) -> tuple[int, int]:
        """Position in the stream in ticks, for the encoder; RTP time stamp."""
        self._last = max(self._last + 1, video_ticks(captured_us))
        return self._last, (self._last + self._origin) & 0xFFFF_FFFF
