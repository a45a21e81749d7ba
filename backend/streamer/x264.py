"""One x264 context as a live screen needs it: no delay, key frames on request only."""

import fractions
from collections.abc import Mapping

import av
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType
from av.video.reformatter import ColorRange, Colorspace

from backend.contract.control import VIDEO_CLOCK_HZ

_INFINITE = 1 << 30  # X264_KEYINT_MAX_INFINITE
_LARGEST_LEVEL_31 = 3600  # macroblocks; H.264 table A-1


class X264:
    """Encodes pictures of one size; the first one is a key frame.

    Args:
        width, height: pixels, even.
        rate_control: options of x264.
        pixel_exact: pictures are 4:4:4 (High 4:4:4 Predictive) in place of 4:2:0 (constrained Baseline).
    """

    def __init__(self, width: int, height: int, rate_control: Mapping[str, str], *, pixel_exact: bool = False) -> None:
        context = av.CodecContext.create("libx264", "w")
        assert isinstance(context, VideoCodecContext)
        context.width, context.height, context.pix_fmt = width, height, "yuv444p" if pixel_exact else "yuv420p"
        context.color_range, context.colorspace = ColorRange.MPEG, Colorspace.SMPTE170M
        context.framerate = fractions.Fraction(30)
        context.time_base = fractions.Fraction(1, VIDEO_CLOCK_HZ)
        context.gop_size = _INFINITE
        context.thread_count = 1  # otherwise zerolatency opens slice threads, which cost more than they save
        context.profile = "High 4:4:4 Predictive" if pixel_exact else "Baseline"
        context.options = {"preset": "ultrafast", "tune": "zerolatency", "forced-idr": "1", **rate_control}
        if (width + 15) // 16 * ((height + 15) // 16) <= _LARGEST_LEVEL_31:
            context.options["level"] = "31"
        self._context = context

    @classmethod
    def constant(cls, width: int, height: int, *, quantizer: int, pixel_exact: bool = False) -> "X264":
        """The same quality whatever it costs. Less work than :meth:`bounded`, which estimates each picture first."""
        return cls(width, height, {"qp": str(quantizer)}, pixel_exact=pixel_exact)

    @classmethod
    def bounded(
        cls,
        width: int,
        height: int,
        *,
        quantizer: int,
        max_bit_rate_bps: int,
        burst_bits: int,
        pixel_exact: bool = False,
    ) -> "X264":
        """That quality as long as the rate allows; coarser beyond (a VBV: H.264, annex C)."""
        bound = {"maxrate": str(max_bit_rate_bps), "bufsize": str(burst_bits)}
        return cls(width, height, {"crf": str(quantizer), **bound}, pixel_exact=pixel_exact)

    def encode(self, frame: av.VideoFrame, timestamp: int, *, key: bool) -> bytes:
        """One access unit in Annex B form.

        Args:
            frame: I420 picture, or I444 where pixel-exact; the encoder copies it.
            timestamp: in units of 90 kHz; must grow from call to call.
            key: make it an IDR picture with its parameter sets.

        Raises:
            av.error.FFmpegError: the codec failed; make a new encoder.
        """
        frame.pts = timestamp
        frame.time_base = self._context.time_base
        frame.pict_type = PictureType.I if key else PictureType.NONE
        return b"".join(bytes(packet) for packet in self._context.encode(frame))
