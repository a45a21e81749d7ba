"""Opus for a live sound: low delay, all packets of one length (RFC 7587)."""

import av
import numpy as np
from av.audio.codeccontext import AudioCodecContext
from numpy.typing import NDArray

SAMPLE_RATE_HZ = 48_000


class AudioEncoder:
    """Encodes blocks of ``packet_ms`` of stereo sound: 10, 60, or another length that Opus knows."""

    def __init__(self, packet_ms: int) -> None:
        context = av.CodecContext.create("libopus", "w")
        assert isinstance(context, AudioCodecContext)
        context.sample_rate = SAMPLE_RATE_HZ
        context.format = "s16"
        context.layout = "stereo"
        context.bit_rate = 64_000
        # In the low delay mode (CELT) the lowest complexity is not told from the highest by ear at this rate.
        context.options = {
            "application": "lowdelay",
            "compression_level": "0",
            "frame_duration": str(packet_ms),
        }
        self.block = SAMPLE_RATE_HZ * packet_ms // 1000
        """Sample frames of one packet."""
        self._context = context
        self._position = 0

    def encode(self, block: NDArray[np.int16]) -> bytes:
        """One Opus packet of samples shaped (``self.block``, 2)."""
        frame = av.AudioFrame.from_ndarray(block.reshape(1, -1), format="s16", layout="stereo")
        frame.sample_rate = SAMPLE_RATE_HZ
        frame.pts = self._position
        self._position += self.block
        return b"".join(bytes(packet) for packet in self._context.encode(frame))
