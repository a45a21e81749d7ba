import av
import numpy as np
import pytest
from av.video.codeccontext import VideoCodecContext

from backend.streamer.convert import Converter
from backend.streamer.packetizer import nal_units
from backend.streamer.video_encoder import VideoEncoder


def kinds(data: bytes) -> list[int]:
    return [unit[0] & 0x1F for unit in nal_units(data)]


def noise(converter: Converter, seed: int) -> None:
    width, height = converter.size
    converter.update(np.random.default_rng(seed).integers(0, 256, (height, width, 4), np.uint8), 0, height)


def test_parameter_sets_come_with_every_key_frame_and_key_frames_only_on_request() -> None:
    converter = Converter(320, 240)
    encoder = VideoEncoder(320, 240, crf=20, max_bit_rate_bps=6_000_000)
    for number in range(40):
        noise(converter, number)
        data = encoder.encode(converter.frame, number * 3000, key=number in (0, 17))
        assert kinds(data) == ([7, 8, 5] if number in (0, 17) else [1])


def test_the_rate_stays_under_its_bound_for_the_worst_picture() -> None:
    converter = Converter(320, 240)
    encoder = VideoEncoder(320, 240, crf=20, max_bit_rate_bps=1_000_000)
    total = 0
    for number in range(60):
        noise(converter, number)
        total += len(encoder.encode(converter.frame, number * 3000, key=number == 0))
    assert total * 8 / 2 < 1_300_000


@pytest.mark.parametrize(("width", "height"), [(16, 16), (640, 480), (1920, 1080)])
def test_sizes_decode_to_themselves_with_one_picture_a_packet(width: int, height: int) -> None:
    converter = Converter(width, height)
    noise(converter, 1)
    encoder = VideoEncoder(width, height, crf=20, max_bit_rate_bps=6_000_000)
    decoder = av.CodecContext.create("h264", "r")
    assert isinstance(decoder, VideoCodecContext)
    decoder.options = {"flags": "low_delay"}
    decoder.thread_count = 1
    data = encoder.encode(converter.frame, 0, key=True)
    (frame,) = decoder.decode(av.Packet(data)) or decoder.decode(None)
    assert (frame.width, frame.height) == (width, height)
