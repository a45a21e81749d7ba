"""A wall's feed, with the headset's end of it in the same process."""

import asyncio
import contextlib
import os
import socket
import time
from collections.abc import AsyncIterator, Callable

import numpy as np
import pytest

from backend.contract.control import Tier
from backend.contract.errors import LocoError
from backend.contract.input import Key, MoveTo
from loco_kiosk.client.taps import Taps
from loco_kiosk.client.tile import TileState, TileView
from loco_kiosk.client.vr_ends import FeedEnds
from loco_kiosk.client.vr_feed import VrFeed
from loco_kiosk.client.vr_hand import HAND
from loco_kiosk.client.vr_messages import MAX_LINE_BYTES, Control, Focus, FromVr, Leave, Pointer, SoundState
from loco_kiosk.client.wall import Wall
from loco_kiosk.media.frames import FrameTiming
from loco_kiosk.media.mixer import Mixer
from loco_kiosk.media.shared_reader import Picture
from tests.loco_kiosk.client.test_vr_hand import RecordingGuests
from tests.loco_kiosk.fake_backend import FakeBackend
from tests.loco_kiosk.fake_streamer import FakeStreamer
from tests.loco_kiosk.media.pictures import grey
from tests.loco_kiosk.waiting import until
from vr.errors import FeedEndedError
from vr.feed.feed import Feed


class RecordingWall(RecordingGuests):
    """What a feed asks of a wall."""

    def __init__(self) -> None:
        super().__init__()
        self.tiers: dict[str, Tier] = {}
        self.refusal = ""

    def set_headset_tiers(self, tiers: dict[str, Tier]) -> None:
        self.tiers = tiers

    async def recover(self, id: str, level: str = "reset") -> None:  # noqa: A002
        if self.refusal:
            raise LocoError(self.refusal)
        self.told.append((id, level, ""))


class Room:
    """A feed that runs, and its other end."""

    def __init__(self, wall: RecordingWall | Wall | None, taps: Taps | None = None, mixer: Mixer | None = None) -> None:
        self.ends = FeedEnds.open()
        self.wall = wall
        self.taps = taps or Taps()
        self.mixer = mixer or Mixer()
        self.heard: list[FromVr] = []
        self.feed = VrFeed(
            self.ends,
            taps=self.taps,
            mixer=self.mixer,
            wall=lambda: self.wall,  # type: ignore[arg-type,return-value]  # a recording one is as good
            on_message=self.heard.append,
        )
        assert self.ends.far is not None
        self.far = socket.socket(fileno=os.dup(self.ends.far.fileno()))
        self.headset = Feed(self.far, self.ends.memory)
        self.ends.handed_over()

    async def until(self, condition: Callable[[], object]) -> None:
        def polled() -> object:
            self.headset.poll()
            return condition()

        await until(polled)

    async def picture(self, place: int) -> Picture:
        taken: list[Picture] = []

        def came() -> bool:
            picture = self.headset.newest(place)
            if picture is not None:
                taken.append(picture)
            return bool(taken)

        await self.until(came)
        return taken[0]

    async def show(self, *ids: str) -> None:
        self.headset.show(ids)
        await self.until(lambda: {s.id for s in self.headset.screens if s.place >= 0} == set(ids))


@contextlib.asynccontextmanager
async def running(room: Room) -> AsyncIterator[Room]:
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(room.feed.run(), name="feed")
        await until(lambda: room.taps.listener is not None)
        try:
            yield room
        finally:
            room.headset.close()
            await asyncio.wait([task], timeout=5.0)
            assert task.done(), "the feed must end when the headset hangs up"


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    async with running(Room(RecordingWall())) as made:
        yield made


def tile(slot: int = 0, **more: object) -> TileView:
    return TileView(slot=slot, id=f"instance-{slot}", name=f"PC {slot + 1}", state=TileState.LIVE, **more)  # type: ignore[arg-type]  # as given


def recording(room: Room) -> RecordingWall:
    assert isinstance(room.wall, RecordingWall)
    return room.wall


def put(room: Room, identity: str, level: int = 128) -> None:
    room.taps.sink(identity).put(grey(level), FrameTiming(0, 5, 6, 7))


async def test_the_headset_learns_everything_at_the_start_and_on_change(room: Room) -> None:
    room.feed.show_tiles((tile(0, holder="Ann", delay_ms=12.5, width_px=640), tile(1)))
    room.feed.set_sound(SoundState(0.5, muted=True))
    room.feed.focus_on("instance-1")
    room.feed.show_notice("Two walls answer.")
    headset = room.headset
    await room.until(lambda: headset.notice and headset.focus and headset.sound.muted)
    assert [(each.id, each.holder, each.delay_ms, each.place) for each in headset.screens] == [
        ("instance-0", "Ann", 12.5, -1),
        ("instance-1", "", None, -1),
    ]
    assert (headset.notice, headset.focus, headset.sound) == ("Two walls answer.", "instance-1", SoundState(0.5, True))


async def test_only_shown_screens_are_converted(room: Room) -> None:
    room.feed.show_tiles((tile(0), tile(1)))
    put(room, "instance-0")
    assert not room.feed.counts
    await room.show("instance-1")
    put(room, "instance-0")
    put(room, "instance-1")
    assert room.feed.counts["picture"] == 1
    place = next(each.place for each in room.headset.screens if each.id == "instance-1")
    with await room.picture(place) as picture:
        assert (picture.captured_us, picture.decoded_us) == (5, 7)
        assert picture.pixels.shape == (48, 64, 4)


async def test_a_still_screen_that_comes_into_view_shows_its_last_picture(room: Room) -> None:
    room.feed.show_tiles((tile(0),))
    put(room, "instance-0", 200)
    started_us = time.monotonic_ns() // 1000
    await room.show("instance-0")
    with await room.picture(0) as picture:
        assert picture.pixels[0, 0, 0] > 200
        assert picture.decoded_us >= started_us, "its age counts from when it was asked for"


async def test_while_nobody_looks_nothing_is_made(room: Room) -> None:
    room.feed.show_tiles((tile(0),))
    await room.show("instance-0")
    room.headset.rest()
    await room.until(lambda: not recording(room).tiers)
    put(room, "instance-0", 50)
    assert not room.feed.counts["picture"]
    assert room.headset.newest(0) is None
    room.headset.wake()
    with await room.picture(0) as picture:
        assert picture.pixels[0, 0, 0] < 60


async def test_sound_of_shown_screens_comes_as_one_channel_beside_the_mix(room: Room) -> None:
    room.feed.show_tiles((tile(0), tile(1)))
    await room.show("instance-1")
    place = next(each.place for each in room.headset.screens if each.id == "instance-1")
    for identity in ("instance-0", "instance-1"):
        room.mixer.stream(identity).push(np.full((960, 2), (100, 300), np.int16))
    samples = room.headset.samples(place, 4800)
    assert samples is not None
    assert len(samples) == 960
    assert (samples == 200).all()
    assert room.headset.samples(place, 4800) is None
    assert room.mixer.pull(960).any(), "the window hears it all the same"


async def test_the_tiers_follow_what_is_shown_and_in_front(room: Room) -> None:
    room.feed.show_tiles((tile(0), tile(1), tile(2)))
    await room.show("instance-0", "instance-1")
    assert recording(room).tiers == {"instance-0": Tier.GRID, "instance-1": Tier.GRID}
    room.headset.focus_on("instance-1")
    await room.until(lambda: recording(room).tiers["instance-1"] is Tier.ZOOMED)
    assert Focus("instance-1") in room.heard


async def test_commands_reach_the_wall_and_reports_the_desktop(room: Room) -> None:
    headset = room.headset
    headset.send("instance-0", MoveTo(1, 10, 20))
    headset.request_control("instance-0")
    headset.recover("instance-0", "restart")
    headset.set_sound(0.25, muted=False, mono=True)
    headset.report_pointers([Pointer("left", "instance-0", 0.5, 0.25, pressed=True)])
    headset.report_statistics({"work_p95_ms": 3.5, "nothing": float("nan")})
    headset.report_status("worn", "Somebody wears the headset.")
    headset.leave()
    await room.until(lambda: Leave() in room.heard)
    await until(lambda: ("instance-0", "restart", "") in recording(room).told)
    assert recording(room).told[:2] == [("instance-0", MoveTo(1, 10, 20), HAND), ("instance-0", "request", HAND)]
    assert Control("instance-0", wanted=True) in room.heard
    assert SoundState(0.25, muted=False, mono=True) in room.heard
    assert len(room.heard) == 8


async def test_a_refusal_is_told_in_the_headset(room: Room) -> None:
    recording(room).refusal = "This backend does not restart machines."
    room.headset.recover("instance-0", "restart")
    await room.until(lambda: room.headset.notice == "This backend does not restart machines.")


async def test_what_the_headset_held_goes_up_when_its_process_dies(room: Room) -> None:
    room.headset.request_control("instance-0")
    room.headset.send("instance-0", Key(1, "KeyA", True))
    await room.until(lambda: len(recording(room).told) == 2)
    room.far.shutdown(socket.SHUT_RDWR)
    await until(lambda: room.taps.listener is None)
    assert recording(room).told[2:] == [("instance-0", Key(2, "KeyA", False), HAND), ("instance-0", "release", HAND)]
    assert recording(room).tiers == {}
    assert room.mixer.listener is None


async def test_bad_lines_are_counted_and_lose_nothing_else(room: Room) -> None:
    room.far.setblocking(True)
    room.far.sendall(b'\xff\n{"type":"weather"}\n{"type":"focus"}\n')
    await asyncio.get_running_loop().run_in_executor(None, room.far.sendall, b"x" * (2 * MAX_LINE_BYTES) + b"\n")
    room.far.sendall(b'{"type":"leave"}\n')
    await until(lambda: Leave() in room.heard)
    assert room.feed.counts["malformed line"] >= 1
    assert room.feed.counts["unknown line"] == 1
    assert room.feed.counts["long line"] >= 1
    assert Focus(None) in room.heard


async def test_a_headset_that_does_not_read_makes_nobody_wait(room: Room) -> None:
    tiles = tuple(tile(slot, reason="x" * 300) for slot in range(99))
    for number in range(100):
        room.feed.show_tiles((*tiles[:-1], tile(98, viewers=number)))
    assert room.feed.counts["line not sent"] > 10
    room.feed.show_tiles(tiles[:1])
    await room.until(lambda: len(room.headset.screens) == 99)


async def test_the_desktop_can_stop_it_with_a_reason(room: Room) -> None:
    room.feed.stop("The kiosk ends.")
    with pytest.raises(FeedEndedError, match=r"The kiosk ends\."):
        await room.until(lambda: False)


async def test_a_feed_that_ends_is_noticed_in_the_headset() -> None:
    room = Room(None)
    task = asyncio.get_running_loop().create_task(room.feed.run())
    await until(lambda: room.taps.listener is not None)
    task.cancel()
    with pytest.raises(FeedEndedError, match="has ended"):
        await room.until(lambda: False)
    with contextlib.suppress(asyncio.CancelledError):
        await task
    room.headset.close()


async def test_a_real_wall_plays_in_window_and_headset_at_once() -> None:
    taps, mixer = Taps(), Mixer()
    tiles: list[tuple[TileView, ...]] = []
    async with FakeStreamer() as streamer, FakeBackend({"instance-0": streamer}) as backend:
        wall = Wall(
            backend.url,
            sink=taps.sink,
            mixer=mixer,
            viewer_name="test",
            on_tiles=tiles.append,
            on_backend=lambda _: None,
        )
        async with running(Room(wall, taps, mixer)) as room, asyncio.TaskGroup() as tasks:
            task = tasks.create_task(wall.run(), name="wall")
            await until(lambda: tiles and tiles[-1] and tiles[-1][0].state is TileState.LIVE)
            room.feed.show_tiles(tiles[-1])
            await room.show("instance-0")
            with await room.picture(0) as picture:
                assert picture.pixels.shape == (480, 640, 4)
            wall.send("instance-0", Key(40, "KeyB", True))
            room.headset.send("instance-0", Key(1, "KeyA", True))
            await until(lambda: len(streamer.inputs) == 2)
            room.headset.request_control("instance-0")
            wall.request_control("instance-0")
            await until(lambda: streamer.holder is not None)
            wall.release_control("instance-0")
            room.headset.send("instance-0", Key(2, "KeyA", False))
            await until(lambda: len(streamer.inputs) == 3)
            assert streamer.holder is not None, "the headset still wants it"
            room.headset.release_control("instance-0")
            await until(lambda: streamer.holder is None)
            assert streamer.inputs == [Key(40, "KeyB", True), Key(41, "KeyA", True), Key(42, "KeyA", False)]
            task.cancel()
