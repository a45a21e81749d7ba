import asyncio
import itertools
from collections.abc import Callable

import numpy as np
import pytest
from av.error import FFmpegError

from backend.streamer.counters import Drops
from backend.streamer.picture import Picture
from backend.streamer.picture_loop import PictureLoop
from backend.streamer.synthetic import SyntheticScreen
from backend.streamer.video_encoder import VideoEncoder
from tests.backend.streamer.textbook_viewer import until


class Bench:
    def __init__(self, max_fps: int = 60, gather_s: float = 0.0) -> None:
        self.pictures: list[Picture] = []
        self.sizes: list[tuple[int, int]] = []
        self.drops = Drops()
        self.on_picture: Callable[[], None] = lambda: None
        self.screen = SyntheticScreen(64, 48, lambda: self.on_picture())
        self.loop = PictureLoop(
            self.screen,
            rtp_origin=0xFFFF_0000,
            quantizer=20,
            max_bit_rate_bps=6_000_000,
            max_fps=max_fps,
            on_encoded=self.pictures.append,
            on_resize=lambda width, height: self.sizes.append((width, height)),
            drops=self.drops,
            gather_s=gather_s,
        )
        self.on_picture = self.loop.changed


async def test_nothing_is_encoded_while_nobody_watches() -> None:
    bench = Bench()
    bench.screen.touch(0, 48)
    assert bench.pictures == []
    bench.loop.watch(True)
    assert len(bench.pictures) == 1
    bench.loop.watch(False)
    bench.screen.touch(0, 10)
    assert len(bench.pictures) == 1


async def test_bands_of_one_moment_make_one_picture() -> None:
    bench = Bench(gather_s=0.002)
    bench.loop.watch(True)
    await until(lambda: len(bench.pictures) == 1)
    bench.screen.touch(0, 2)
    bench.screen.touch(40, 48)
    await until(lambda: len(bench.pictures) == 2)
    await asyncio.sleep(0.01)
    assert len(bench.pictures) == 2


async def test_the_first_picture_is_a_key_frame_and_tells_the_size() -> None:
    bench = Bench()
    bench.loop.watch(True)
    bench.screen.touch(0, 2)
    assert [picture.key for picture in bench.pictures] == [True, False]
    assert bench.sizes == [(64, 48)]
    bench.screen.resize(32, 32)
    assert bench.pictures[-1].key
    assert bench.sizes[-1] == (32, 32)


async def test_a_change_after_a_pause_leaves_at_once_and_a_flood_is_paced() -> None:
    bench = Bench(max_fps=50)
    bench.loop.watch(True)
    await asyncio.sleep(0.1)
    first = len(bench.pictures)
    start = asyncio.get_running_loop().time()
    bench.screen.touch(0, 2)
    assert len(bench.pictures) == first + 1
    while (elapsed := asyncio.get_running_loop().time() - start) < 0.4:
        bench.screen.touch(0, 2)
        await asyncio.sleep(0.001)
    assert len(bench.pictures) - first <= elapsed * 50 + 4
    assert len(bench.pictures) - first >= elapsed * 50 * 0.6


async def test_a_key_frame_of_a_still_screen_repeats_the_last_picture() -> None:
    bench = Bench()
    bench.loop.watch(True)
    bench.loop.request_key_frame()
    await until(lambda: len(bench.pictures) == 2)
    first, second = bench.pictures
    assert second.key
    assert second.changed_us == first.changed_us
    assert (second.rtp_timestamp - first.rtp_timestamp) & 0xFFFF_FFFF < 90_000


async def test_damage_is_not_held_up_by_a_waiting_key_frame() -> None:
    bench = Bench()
    bench.loop.watch(True)
    bench.loop.request_key_frame()
    bench.screen.touch(0, 2)
    assert [picture.key for picture in bench.pictures] == [True, False]
    await until(lambda: bench.pictures[-1].key)


async def test_time_stamps_grow_strictly_even_if_captures_do_not() -> None:
    bench = Bench()
    bench.loop.watch(True)
    for _ in range(3):
        bench.screen.touch(0, 2)
        bench.screen._captured_us = 0
    stamps = [picture.rtp_timestamp for picture in bench.pictures]
    steps = [(later - earlier) & 0xFFFF_FFFF for earlier, later in itertools.pairwise(stamps)]
    assert all(0 < step < 0x8000_0000 for step in steps)


async def test_a_failed_encoder_is_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench()
    bench.loop.watch(True)
    await asyncio.sleep(0.1)

    def fail(*_args: object, **_rest: object) -> bytes:
        raise FFmpegError(1, "broken")

    with monkeypatch.context() as patch:
        patch.setattr(VideoEncoder, "encode", fail)
        bench.screen.touch(0, 2)
    assert bench.drops.totals() == {"encoder_failed": 1}
    bench.screen.touch(0, 2)
    assert bench.pictures[-1].key


async def test_a_picture_coarsened_by_the_rate_bound_is_bettered_once_the_screen_stands_still() -> None:
    bench = Bench()
    bench.screen.resize(640, 480)
    bench.loop.watch(True)
    await asyncio.sleep(0.4)
    before = len(bench.pictures)
    bench.screen.pixels[:] = np.random.default_rng(1).integers(0, 256, bench.screen.pixels.shape, np.uint8)
    bench.screen.touch(0, 480)
    large = bench.pictures[-1]
    await until(lambda: len(bench.pictures) == before + 2)
    assert bench.pictures[-1].changed_us == large.changed_us
    await until(lambda: bench.pictures[-1].size_bytes <= 31_250)
    count = len(bench.pictures)
    await asyncio.sleep(0.4)
    assert len(bench.pictures) == count


async def test_a_small_change_is_not_encoded_twice() -> None:
    bench = Bench()
    bench.loop.watch(True)
    bench.screen.touch(0, 2)
    count = len(bench.pictures)
    await asyncio.sleep(0.4)
    assert len(bench.pictures) == count
