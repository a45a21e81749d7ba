"""H.264 decoding inline in the calling thread."""

import av
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame


class Decoder:
    """One H.264 stream. A picture of another size needs nothing special: its key frame carries it.

    One thread: at 640x480 a picture takes about 0.2 ms, and nine decoders with frame or slice threads of their own cost
    more and show tails (threads also delay each picture by one).
    """

    def __init__(self) -> None:
        self.errors = 0
        self._codec = self._open()

    def decode(self, data: bytes) -> VideoFrame | None:
        """Decode one access unit; None when it holds no picture or cannot be decoded, which counts as an error."""
        try:
            frames = self._codec.decode(av.Packet(data))
        except av.FFmpegError:
            self.errors += 1
            return None
        return frames[-1] if frames else None

    def reset(self) -> None:
        """Forget all reference pictures, before a key frame of another stream."""
        self._codec = self._open()

    @staticmethod
    def _open() -> VideoCodecContext:
        codec = av.CodecContext.create("h264", "r")
        assert isinstance(codec, VideoCodecContext)
        codec.thread_count = 1
        codec.flags |= av.codec.context.Flags.low_delay
        return codec
