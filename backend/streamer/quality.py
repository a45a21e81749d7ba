"""What an encoder is asked for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """Viewers who want the same share one encoder."""

    quantizer: int
    """H.264, section 7.4.2.2: 0 to 51, lower is better and larger."""
    max_bit_rate_bps: int
    pixel_exact: bool = False
    """Colour for each pixel (4:4:4), where usually four share one (4:2:0)."""
    shrink: int = 1
    """Pixels of the screen, across and down, that become one of the picture."""
    device: str | None = None
    """Encoder of :mod:`backend.streamer.hardware` for pictures at the constant quantizer; None: x264."""
