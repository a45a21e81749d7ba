from collections.abc import Callable

import av
import pytest

from backend.streamer import video_encoder
from backend.streamer.convert import Converter
from backend.streamer.quality import Quality
from backend.streamer.video_encoder import Encoded, VideoEncoder
from backend.streamer.x264 import X264
from tests.backend.streamer.pictures import desktop, noise

RATE_BPS = 1_000_000


class Show:
    """Encodes 30 pictures a second and keeps what came."""

    def __init__(self) -> None:
        self.converter = Converter(320, 240)
        self.encoder = VideoEncoder(320, 240, Quality(quantizer=20, max_bit_rate_bps=RATE_BPS))
        self.number = 0

    def play(self, draw: Callable[[Converter, int], None], pictures: int, *, key: bool = False) -> list[Encoded]:
        shown = []
        for _ in range(pictures):
            draw(self.converter, self.number)
            shown.append(self.encoder.encode(self.converter.frame, self.number * 3000, key=key or self.number == 0))
            self.number += 1
        return shown


def test_a_desktop_is_encoded_at_constant_quality_with_key_frames_only_on_request() -> None:
    show = Show()
    assert [encoded.key for encoded in show.play(desktop, 40)] == [True, *[False] * 39]
    assert show.play(desktop, 1, key=True)[0].key
    assert not show.encoder.coarse


def test_the_rate_stays_under_its_bound_for_the_worst_picture() -> None:
    show = Show()
    total = sum(len(encoded.data) for encoded in show.play(noise, 60))
    assert total * 8 / 2 < 1.3 * RATE_BPS
    assert show.encoder.coarse


def test_no_picture_is_larger_than_the_burst_and_the_change_of_encoder_is_one_key_frame() -> None:
    show = Show()
    show.play(desktop, 30)
    shown = show.play(noise, 30)
    assert [encoded.key for encoded in shown] == [True, *[False] * 29]
    assert max(len(encoded.data) for encoded in shown) * 8 <= RATE_BPS / 6 * 1.1


def test_constant_quality_returns_by_one_key_frame_when_the_screen_is_calm() -> None:
    show = Show()
    show.play(noise, 30)
    shown = show.play(desktop, 120)
    assert not show.encoder.coarse
    assert sum(encoded.key for encoded in shown) == 1


def test_a_calm_screen_too_rich_for_constant_quality_stays_bounded_and_is_tried_ever_less() -> None:
    show = Show()
    still = lambda converter, _: noise(converter, 1)  # noqa: E731 - the same noise again and again
    shown = show.play(still, 30 * 20)
    assert show.encoder.coarse
    assert sum(encoded.key for encoded in shown) == 1


def grey() -> av.VideoFrame:
    frame = av.VideoFrame(320, 240, "yuv420p")
    for plane in frame.planes:
        plane.update(bytes(plane.buffer_size))
    return frame


class Fails:
    """A device that goes away after some pictures."""

    def __init__(self, *_: object, quantizer: int) -> None:
        self._x264 = X264.constant(320, 240, quantizer=quantizer)
        self.left = 3

    def encode(self, frame: av.VideoFrame, timestamp: int, *, key: bool) -> bytes:
        self.left -= 1
        if self.left < 0:
            raise av.FFmpegError(-5, "the device is gone")
        return self._x264.encode(frame, timestamp, key=key)


def test_a_device_that_goes_away_costs_no_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(video_encoder, "HardwareEncoder", Fails)
    encoder = VideoEncoder(320, 240, Quality(quantizer=20, max_bit_rate_bps=RATE_BPS, device="stand-in"))
    keys = [encoder.encode(grey(), number * 3000, key=number == 0).key for number in range(6)]
    assert keys == [True, False, False, True, False, False]


def test_a_device_that_is_not_there_leaves_the_work_to_x264() -> None:
    encoder = VideoEncoder(320, 240, Quality(quantizer=20, max_bit_rate_bps=RATE_BPS, device="h264_nvenc"))
    assert encoder.encode(grey(), 0, key=True).data
