import av
import numpy as np
import pytest
from av.video.codeccontext import VideoCodecContext

from backend.streamer.convert import Converter
from backend.streamer.packetizer import nal_units
from backend.streamer.x264 import X264
from tests.backend.streamer.pictures import noise


def kinds(data: bytes) -> list[int]:
    return [unit[0] & 0x1F for unit in nal_units(data)]


@pytest.mark.parametrize(
    "encoder",
    [
        X264.constant(320, 240, quantizer=20),
        X264.bounded(320, 240, quantizer=20, max_bit_rate_bps=6_000_000, burst_bits=1_000_000),
    ],
    ids=["constant", "bounded"],
)
def test_parameter_sets_come_with_every_key_frame_and_key_frames_only_on_request(encoder: X264) -> None:
    converter = Converter(320, 240)
    for number in range(40):
        noise(converter, number)
        data = encoder.encode(converter.frame, number * 3000, key=number in (0, 17))
        assert kinds(data) == ([7, 8, 5] if number in (0, 17) else [1])


@pytest.mark.parametrize(("width", "height"), [(16, 16), (640, 480), (1920, 1080)])
def test_sizes_decode_to_themselves_with_one_picture_a_packet(width: int, height: int) -> None:
    converter = Converter(width, height)
    noise(converter, 1)
    decoder = av.CodecContext.create("h264", "r")
    assert isinstance(decoder, VideoCodecContext)
    decoder.options = {"flags": "low_delay"}
    decoder.thread_count = 1
    data = X264.constant(width, height, quantizer=20).encode(converter.frame, 0, key=True)
    (frame,) = decoder.decode(av.Packet(data)) or decoder.decode(None)
    assert (frame.width, frame.height) == (width, height)
    luma = frame.to_ndarray()[:height].astype(np.int16)
    assert np.abs(luma - converter.frame.to_ndarray()[:height]).mean() < 4
