"""What no pipeline can save: convert, encode, decode in one process, paced, with nothing between.

``python -m tests.benchmarks._codec_floor CLIP STREAMS SECONDS`` writes one JSON line: milliseconds of processor time a
picture by stage.
"""

import json
import sys
import time
from pathlib import Path

import av
import numpy as np
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray

from backend.streamer.x264 import X264
from tests.benchmarks import _clip, _counter

WARM_UP_S = 1.0
QUANTIZER = 20


class Codec:
    """One stream."""

    def __init__(self) -> None:
        self.stages_s = [0.0, 0.0, 0.0]
        self.pictures = 0
        self._encoder = X264.constant(_clip.WIDTH, _clip.HEIGHT, quantizer=QUANTIZER)
        decoder = av.CodecContext.create("h264", "r")
        assert isinstance(decoder, VideoCodecContext)
        decoder.thread_count = 1
        self._decoder = decoder
        self._reformatter = VideoReformatter()

    def turn(self, pixels: NDArray[np.uint8], number: int) -> None:
        """One picture there and back."""
        marks = [time.thread_time()]
        source = VideoFrame.from_numpy_buffer(pixels, format="bgra")
        picture = self._reformatter.reformat(source, format="yuv420p", threads=1)
        marks.append(time.thread_time())
        data = self._encoder.encode(picture, number * 3000, key=number == 0)
        marks.append(time.thread_time())
        assert len(self._decoder.decode(av.Packet(data))) == 1
        marks.append(time.thread_time())
        self.pictures += 1
        for stage in range(3):
            self.stages_s[stage] += marks[stage + 1] - marks[stage]


def main() -> None:
    """Pace all streams for a while."""
    clip, streams, seconds = _clip.read(Path(sys.argv[1])), int(sys.argv[2]), float(sys.argv[3])
    codecs = [Codec() for _ in range(streams)]
    began_s = time.monotonic()
    warm = False
    for turn in range(int((seconds + WARM_UP_S) * _clip.RATE_HZ)):
        for index, codec in enumerate(codecs):
            at_s = began_s + (turn + index / streams) / _clip.RATE_HZ
            time.sleep(max(0.0, at_s - time.monotonic()))
            pixels = clip[turn % _clip.PICTURES]
            _counter.paint(pixels, turn)
            codec.turn(pixels, turn)
        if not warm and time.monotonic() - began_s > WARM_UP_S:
            warm = True
            for codec in codecs:
                codec.pictures, codec.stages_s = 0, [0.0, 0.0, 0.0]
    pictures = sum(codec.pictures for codec in codecs)
    sums = (1000 * sum(codec.stages_s[stage] for codec in codecs) / pictures for stage in range(3))
    print(json.dumps(dict(zip(("convert", "encode", "decode"), sums, strict=True))), flush=True)


if __name__ == "__main__":
    main()
