import math

import av
import numpy as np
import pytest
from av.video.codeccontext import VideoCodecContext

from backend.streamer.clock import MediaTicks
from backend.streamer.counters import Drops
from backend.streamer.quality import Quality
from backend.streamer.rendition import KEY_FRAME_INTERVAL_S, Rendition
from backend.streamer.synthetic import SyntheticScreen


class Bench:
    def __init__(self, quality: Quality, fps: float = 60) -> None:
        self.screen = SyntheticScreen(64, 48, lambda: None)
        self.rendition = Rendition(quality, fps, Drops())
        self.ticks = MediaTicks(0)

    def damage(self) -> np.ndarray:
        damage = self.screen.take()
        assert damage is not None
        self.rendition.damaged(damage)
        return damage.pixels

    def picture(self, now_s: float) -> bytes:
        made = self.rendition.encode(self.damage(), self.ticks, now_s)
        assert made is not None
        return made.picture.access_unit


FULL = Quality(quantizer=20, max_bit_rate_bps=6_000_000)


def test_there_is_nothing_to_make_before_the_first_change_whatever_is_asked_for() -> None:
    rendition = Rendition(FULL, 60, Drops())
    rendition.request_key_frame(urgent=True)
    assert rendition.due_s(1.0) == math.inf
    assert rendition.picture_size is None


def test_changes_that_wait_for_the_pace_add_up() -> None:
    bench = Bench(FULL, fps=2)
    bench.picture(1.0)
    bench.screen.touch(4, 8)
    bench.damage()
    assert bench.rendition.due_s(1.1) == pytest.approx(1.5)
    bench.screen.touch(30, 32)
    pixels = bench.damage()
    assert bench.rendition._pending == (4, 32, 0, 64)
    made = bench.rendition.encode(pixels, bench.ticks, 1.5)
    assert made is not None
    assert bench.rendition.due_s(1.5) == math.inf


def test_the_answer_to_a_key_waits_for_no_pace_and_the_pictures_after_it_do() -> None:
    bench = Bench(FULL, fps=2)
    bench.picture(1.0)
    bench.rendition.expect_answer(1.1)
    bench.screen.touch(4, 8)
    assert bench.rendition.free_s(1.11) == 0
    bench.picture(1.11)
    bench.screen.touch(4, 8)
    bench.damage()
    assert bench.rendition.due_s(1.2) > 1.8


def test_a_key_frame_waits_for_its_interval_and_a_new_viewer_less() -> None:
    bench = Bench(FULL)
    bench.picture(1.0)
    bench.rendition.request_key_frame()
    assert bench.rendition.due_s(1.01) == pytest.approx(1.0 + KEY_FRAME_INTERVAL_S)
    bench.rendition.request_key_frame(urgent=True)
    bench.rendition.request_key_frame()
    assert bench.rendition.due_s(1.01) == pytest.approx(1.05)
    made = bench.rendition.encode(None, bench.ticks, 1.05)
    assert made is not None
    assert made.picture.key
    assert bench.rendition.due_s(1.06) == math.inf


@pytest.mark.parametrize(
    ("quality", "size", "form"),
    [
        (FULL, (64, 48), "yuv420p"),
        (Quality(quantizer=20, max_bit_rate_bps=6_000_000, pixel_exact=True), (64, 48), "yuv444p"),
        (Quality(quantizer=20, max_bit_rate_bps=300_000, shrink=2), (32, 24), "yuv420p"),
        (Quality(quantizer=20, max_bit_rate_bps=300_000, shrink=4), (16, 12), "yuv420p"),
    ],
)
def test_pictures_decode_to_what_the_quality_says(quality: Quality, size: tuple[int, int], form: str) -> None:
    bench = Bench(quality)
    decoder = av.CodecContext.create("h264", "r")
    assert isinstance(decoder, VideoCodecContext)
    decoder.options = {"flags": "low_delay"}
    decoder.thread_count = 1
    data = bench.picture(1.0)
    (frame,) = decoder.decode(av.Packet(data)) or decoder.decode(None)
    assert bench.rendition.picture_size == (frame.width, frame.height) == size
    assert frame.format.name == form
