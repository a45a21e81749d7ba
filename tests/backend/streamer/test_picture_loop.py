import asyncio
import functools
import itertools
from collections.abc import Callable

import numpy as np
import pytest
from av.error import FFmpegError

from backend.streamer.counters import Drops
from backend.streamer.picture import Picture
from backend.streamer.picture_loop import PictureLoop
from backend.streamer.quality import Quality
from backend.streamer.rendition import Rendition
from backend.streamer.synthetic import SyntheticScreen
from backend.streamer.video_encoder import VideoEncoder
from tests.backend.streamer.textbook_viewer import until

QUALITY = Quality(quantizer=20, max_bit_rate_bps=6_000_000)


class Bench:
    def __init__(self, max_fps: int = 60, gather_s: float = 0.0) -> None:
        self.pictures: list[Picture] = []
        self.sizes: list[tuple[int, int]] = []
        self.drops = Drops()
        self.on_picture: Callable[[], None] = lambda: None
        self.screen = SyntheticScreen(64, 48, lambda: self.on_picture())
        self.made: list[tuple[Rendition, Picture]] = []
        self.rendition = Rendition(QUALITY, max_fps, self.drops)
        self.loop = PictureLoop(
            self.screen,
            rtp_origin=0xFFFF_0000,
            on_picture=self._keep,
            on_resize=lambda width, height: self.sizes.append((width, height)),
            gather_s=gather_s,
        )
        self.on_picture = self.loop.changed

    def _keep(self, rendition: Rendition, picture: Picture) -> None:
        self.made.append((rendition, picture))
        self.pictures.append(picture)

    def has_more_than(self, pictures: int) -> bool:
        return len(self.pictures) > pictures

    def watch(self) -> None:
        self.loop.show([self.rendition])

    def ask_for_key_frame(self) -> None:
        self.rendition.request_key_frame()
        self.loop.wake()

    def of(self, rendition: Rendition) -> list[Picture]:
        return [picture for each, picture in self.made if each is rendition]


async def test_nothing_is_encoded_while_nobody_watches() -> None:
    bench = Bench()
    bench.screen.touch(0, 48)
    assert bench.pictures == []
    bench.watch()
    assert len(bench.pictures) == 1
    bench.loop.show([])
    bench.screen.touch(0, 10)
    assert len(bench.pictures) == 1


async def test_bands_of_one_moment_make_one_picture_once_there_were_several() -> None:
    bench = Bench(gather_s=0.05)
    bench.watch()
    await asyncio.sleep(0.06)
    bench.screen.touch(0, 2)
    assert len(bench.pictures) == 2, "the only change is not waited for"
    bench.screen.touch(40, 48)
    await until(lambda: len(bench.pictures) == 3)
    for _ in range(3):
        made = len(bench.pictures)
        await asyncio.sleep(0.06)
        bench.screen.touch(0, 2)
        bench.screen.touch(40, 48)
        assert len(bench.pictures) == made
        await until(functools.partial(bench.has_more_than, made))
        assert len(bench.pictures) == made + 1


async def test_a_change_that_waits_for_the_pace_leaves_with_the_answer_to_a_key() -> None:
    bench = Bench(max_fps=1)
    bench.watch()
    bench.screen.touch(0, 2)
    assert len(bench.pictures) == 1
    bench.rendition.expect_answer(asyncio.get_running_loop().time())
    bench.screen.touch(20, 22)
    bench.loop.changed()  # the stand-in tells only the first change that nobody took
    assert len(bench.pictures) == 2, "at once, not a second later"


async def test_the_first_picture_is_a_key_frame_and_tells_the_size() -> None:
    bench = Bench()
    bench.watch()
    bench.screen.touch(0, 2)
    assert [picture.key for picture in bench.pictures] == [True, False]
    assert bench.sizes == [(64, 48)]
    bench.screen.resize(32, 32)
    assert bench.pictures[-1].key
    assert bench.sizes[-1] == (32, 32)


async def test_a_change_after_a_pause_leaves_at_once_and_a_flood_is_paced() -> None:
    bench = Bench(max_fps=50)
    bench.watch()
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
    bench.watch()
    bench.ask_for_key_frame()
    await until(lambda: len(bench.pictures) == 2)
    first, second = bench.pictures
    assert second.key
    assert second.changed_us == first.changed_us
    assert (second.rtp_timestamp - first.rtp_timestamp) & 0xFFFF_FFFF < 90_000


async def test_damage_is_not_held_up_by_a_waiting_key_frame() -> None:
    bench = Bench()
    bench.watch()
    bench.ask_for_key_frame()
    bench.screen.touch(0, 2)
    assert [picture.key for picture in bench.pictures] == [True, False]
    await until(lambda: bench.pictures[-1].key)


async def test_time_stamps_grow_strictly_even_if_captures_do_not() -> None:
    bench = Bench()
    bench.watch()
    for _ in range(3):
        bench.screen.touch(0, 2)
        bench.screen._captured_us = 0
    stamps = [picture.rtp_timestamp for picture in bench.pictures]
    steps = [(later - earlier) & 0xFFFF_FFFF for earlier, later in itertools.pairwise(stamps)]
    assert all(0 < step < 0x8000_0000 for step in steps)


async def test_a_failed_encoder_is_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench()
    bench.watch()
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
    bench.watch()
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
    bench.watch()
    bench.screen.touch(0, 2)
    count = len(bench.pictures)
    await asyncio.sleep(0.4)
    assert len(bench.pictures) == count


async def test_each_rendition_has_its_own_pace_and_misses_nothing() -> None:
    bench = Bench()
    slow = Rendition(Quality(quantizer=30, max_bit_rate_bps=300_000, shrink=2), 10, bench.drops)
    bench.loop.show([bench.rendition, slow])
    start = asyncio.get_running_loop().time()
    row = 0
    while (elapsed := asyncio.get_running_loop().time() - start) < 0.6:
        row = (row + 1) % 48
        bench.screen.pixels[row] = row * 5
        bench.screen.touch(row, row + 1)
        await asyncio.sleep(0.005)
    bench.screen.pixels[:] = 200
    bench.screen.touch(0, 48)
    await until(
        lambda: all(each[-1].changed_us == bench.screen._captured_us for each in (bench.of(slow), bench.pictures))
    )
    assert len(bench.of(slow)) <= elapsed * 10 + 5
    assert len(bench.of(bench.rendition)) >= 2 * len(bench.of(slow))
    assert slow.picture_size == (32, 24)
    assert slow._converter is not None
    assert {int(value) for value in np.unique(slow._converter._planes[0])} == {188}


async def test_a_rendition_that_joins_begins_with_the_whole_screen_at_once() -> None:
    bench = Bench()
    bench.watch()
    bench.screen.pixels[10:20] = 255
    bench.screen.touch(10, 20)
    count = len(bench.pictures)
    exact = Rendition(Quality(quantizer=20, max_bit_rate_bps=6_000_000, pixel_exact=True), 60, bench.drops)
    bench.loop.show([bench.rendition, exact])
    (first,) = bench.of(exact)
    assert first.key
    assert exact._converter is not None
    assert exact._converter._planes[0][15, 5] > 230
    assert not any(picture.key for picture in bench.of(bench.rendition)[count:])
    stamps = [picture.rtp_timestamp for picture in bench.pictures]
    assert len(set(stamps)) == len(stamps)


async def test_time_stamps_grow_across_renditions() -> None:
    bench = Bench()
    other = Rendition(Quality(quantizer=30, max_bit_rate_bps=300_000), 60, bench.drops)
    bench.loop.show([bench.rendition, other])
    for _ in range(3):
        bench.screen.touch(0, 2)
    stamps = [picture.rtp_timestamp for picture in bench.pictures]
    assert all(0 < (later - earlier) & 0xFFFF_FFFF < 0x8000_0000 for earlier, later in itertools.pairwise(stamps))


async def test_a_quicker_pace_holds_at_once() -> None:
    bench = Bench(max_fps=1)
    bench.watch()
    for row in range(3):
        bench.screen.touch(row, row + 1)
    assert len(bench.pictures) == 1
    bench.rendition.set_pace(60)
    bench.loop.wake()
    assert len(bench.pictures) == 2


async def test_a_viewer_without_any_picture_waits_less_for_a_key_frame_than_one_who_lost_some() -> None:
    bench = Bench()
    bench.watch()
    await asyncio.sleep(0.06)
    bench.ask_for_key_frame()
    assert len(bench.pictures) == 1
    bench.rendition.request_key_frame(urgent=True)
    bench.loop.wake()
    assert [picture.key for picture in bench.pictures] == [True, True]
