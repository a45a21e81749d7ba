import av
import numpy as np
from av.video.codeccontext import VideoCodecContext

from loco_kiosk.media.decoder import Decoder


def encoder(width: int, height: int) -> VideoCodecContext:
    codec = av.CodecContext.create("libx264", "w")
    assert isinstance(codec, VideoCodecContext)
    codec.width, codec.height, codec.pix_fmt = width, height, "yuv420p"
    codec.options = {"preset": "ultrafast", "tune": "zerolatency"}
    return codec


def encoded(codec: VideoCodecContext, luma: int) -> bytes:
    picture = np.full((codec.height * 3 // 2, codec.width), luma, np.uint8)
    return b"".join(bytes(packet) for packet in codec.encode(av.VideoFrame.from_ndarray(picture, format="yuv420p")))


def test_each_picture_comes_out_with_its_own_data() -> None:
    codec, decoder = encoder(64, 48), Decoder()
    for luma in (20, 200, 90):
        frame = decoder.decode(encoded(codec, luma))
        assert frame is not None
        assert abs(int(bytes(frame.planes[0])[0]) - luma) < 4


def test_a_key_frame_of_another_size_changes_the_size() -> None:
    decoder = Decoder()
    sizes = []
    for width, height in ((64, 48), (128, 96), (64, 48)):
        frame = decoder.decode(encoded(encoder(width, height), 100))
        assert frame is not None
        sizes.append((frame.width, frame.height))
    assert sizes == [(64, 48), (128, 96), (64, 48)]


def test_rubbish_is_counted_and_the_next_key_frame_is_fine() -> None:
    decoder = Decoder()
    assert decoder.decode(b"\0\0\0\1\x65" + b"\xff" * 100) is None
    assert decoder.errors == 1
    assert decoder.decode(encoded(encoder(64, 48), 100)) is not None
