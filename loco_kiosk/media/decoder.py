"""H.264 decoding inline in the calling thread."""

import logging

import av
from av.codec.hwaccel import HWAccel
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter

log = logging.getLogger(__name__)

_SHOWN = ("yuv420p", "yuvj420p", "yuv444p", "yuvj444p")
"""What everything behind the decoder takes; a device gives NV12."""


class Decoder:
    """One H.264 stream. A picture of another size needs nothing special: its key frame carries it.

    One thread: at 640x480 a picture takes about 0.2 ms, and nine decoders with frame or slice threads of their own cost
    more and show tails (threads also delay each picture by one).

    Args:
        device: hardware of :mod:`loco_kiosk.media.hardware` to decode with. The processor takes over for good when it
            cannot be opened or fails, as it does for pixel-exact pictures, which few devices know.
    """

    def __init__(self, device: str | None = None) -> None:
        self.errors = 0
        self._device = device
        self._reformatter = VideoReformatter()
        self._codec = self._opened()

    def decode(self, data: bytes) -> VideoFrame | None:
        """Decode one access unit; None when it holds no picture or cannot be decoded, which counts as an error."""
        try:
            frames = self._codec.decode(av.Packet(data))
        except av.FFmpegError as error:
            self.errors += 1
            self._leave_device(error)
            return None
        return self._shown(frames[-1]) if frames else None

    def reset(self) -> None:
        """Forget all reference pictures, before a key frame of another stream."""
        self._codec = self._opened()

    @staticmethod
    def open(device: str | None) -> VideoCodecContext:
        """A codec of that device, or of the processor.

        Raises:
            av.FFmpegError: the device is not there.
        """
        hardware = HWAccel(device, allow_software_fallback=False) if device else None
        codec = av.CodecContext.create("h264", "r", hardware)
        assert isinstance(codec, VideoCodecContext)
        if device is None:
            codec.thread_count = 1
        codec.flags |= av.codec.context.Flags.low_delay
        return codec

    def _opened(self) -> VideoCodecContext:
        try:
            return self.open(self._device)
        except (av.FFmpegError, NotImplementedError, RuntimeError, ValueError) as error:
            self._leave_device(error)
            return self._codec

    def _leave_device(self, error: Exception) -> None:
        if self._device is not None:
            log.warning("The hardware decoder %s failed and is left: %s", self._device, error)
            self._device = None
            self._codec = self.open(None)

    def _shown(self, frame: VideoFrame) -> VideoFrame:
        if frame.format.name in _SHOWN:
            return frame
        return self._reformatter.reformat(frame, format="yuv420p", threads=1)
