import logging

import av
import numpy as np
import pytest
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


def test_a_device_that_is_not_there_leaves_the_work_to_the_processor(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        decoder = Decoder("no such device")
    assert "no such device" in caplog.text
    assert decoder.decode(encoded(encoder(64, 48), 100)) is not None
    assert decoder.errors == 0


def test_a_device_that_fails_is_left_for_good(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str | None] = []
    processor = Decoder.open

    def open_processor(device: str | None) -> VideoCodecContext:
        opened.append(device)
        return processor(None)

    monkeypatch.setattr(Decoder, "open", staticmethod(open_processor))
    decoder = Decoder("stand-in")
    assert decoder.decode(b"\0\0\0\1\x65" + b"\xff" * 100) is None
    decoder.reset()
    assert opened == ["stand-in", None, None]


def test_pictures_of_a_device_come_out_as_planes() -> None:
    codec = av.CodecContext.create("rawvideo", "r")
    assert isinstance(codec, VideoCodecContext)
    codec.width, codec.height, codec.pix_fmt = 64, 48, "nv12"
    decoder = Decoder()
    decoder._codec = codec
    frame = decoder.decode(bytes([70] * 64 * 48 + [90, 200] * 32 * 24))
    assert frame is not None
    assert frame.format.name == "yuv420p"
    assert [bytes(plane)[0] for plane in frame.planes] == [70, 90, 200]
