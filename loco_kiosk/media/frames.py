"""What the receive path hands to the screen."""

from dataclasses import dataclass
from typing import Protocol

import av


@dataclass(frozen=True, slots=True)
class FrameTiming:
    """When a picture passed each stage: microseconds of this machine's monotonic clock."""

    rtp_timestamp: int
    captured_us: int | None
    """None until the streamer's clock is known."""
    received_us: int
    """When its last packet came."""
    decoded_us: int


class FrameSink(Protocol):
    """Takes decoded pictures of one instance."""

    def put(self, frame: av.VideoFrame, timing: FrameTiming) -> None:
        """Take a picture. Called in the media thread; must not block."""
