"""Pictures through a real shared memory, on canvases of memory."""

import time

import av
import numpy as np
import pytest

from loco_kiosk.client.tile import TileState
from loco_kiosk.client.vr_messages import ScreenView
from loco_kiosk.media.frames import FrameTiming
from loco_kiosk.media.shared_reader import Picture, PictureReader
from loco_kiosk.media.shared_wall import SharedWall, create
from loco_kiosk.media.shared_writer import PictureWriter
from tests.vr.stage.canvases import CanvasOfMemory, Workshop
from vr.stage.pictures import BUDGET_US, Pictures

TENANCY = 1


def now_us() -> int:
    return time.monotonic_ns() // 1000


class Feed:
    """Writes and offers pictures, as the feed does."""

    def __init__(self) -> None:
        memory = create()
        self._writer = PictureWriter(SharedWall(memory))
        self._reader = PictureReader(SharedWall(memory))

    def put(self, place: int, width: int = 640, height: int = 480, tenancy: int = TENANCY) -> None:
        frame = av.VideoFrame.from_ndarray(np.full((height, width, 3), 100, np.uint8), format="rgb24")
        self._writer.write(
            place, tenancy, frame.reformat(format="yuv420p"), FrameTiming(0, now_us(), now_us(), now_us())
        )

    def newest(self, place: int) -> Picture | None:
        return self._reader.newest(place)

    def repeat(self, place: int) -> None:
        self._reader.again(place)


def view(place: int, name: str = "", tenancy: int = TENANCY) -> ScreenView:
    name = name or f"pc-{place}"
    return ScreenView(place=place, tenancy=tenancy, slot=place, id=name, name=name, state=TileState.LIVE)


@pytest.fixture
def feed() -> Feed:
    return Feed()


def test_each_new_picture_is_uploaded_once(feed: Feed) -> None:
    workshop = Workshop()
    pictures = Pictures(feed, workshop.make)
    views = [view(0), view(1)]
    for _ in range(3):
        feed.put(0)
        for _ in range(3):
            pictures.step(views, now_us)
    assert pictures.uploaded == workshop.uploads == 3
    assert pictures.canvas("pc-0") is workshop.made[0]
    assert pictures.canvas("pc-1") is None
    assert len(pictures.ages_us) == 3
    assert min(pictures.ages_us) >= 0


def test_a_guest_that_changes_its_size_gets_another_canvas(feed: Feed) -> None:
    workshop = Workshop()
    pictures = Pictures(feed, workshop.make)
    feed.put(0)
    pictures.step([view(0)], now_us)
    feed.put(0, 800, 600)
    pictures.step([view(0)], now_us)
    assert [(canvas.width_px, canvas.closed) for canvas in workshop.made] == [(640, True), (800, False)]


def test_a_picture_that_the_runtime_could_not_take_is_offered_again(feed: Feed) -> None:
    workshop = Workshop()
    pictures = Pictures(feed, workshop.make)
    feed.put(0)
    pictures.step([view(0)], now_us)
    feed.put(0)
    workshop.made[0].busy = True
    pictures.step([view(0)], now_us)
    assert pictures.uploaded == 1
    workshop.made[0].busy = False
    pictures.step([view(0)], now_us)
    assert pictures.uploaded == 2


def test_a_screen_that_comes_back_shows_its_last_picture_again(feed: Feed) -> None:
    workshop = Workshop()
    pictures = Pictures(feed, workshop.make)
    feed.put(0)
    pictures.step([view(0)], now_us)
    pictures.step([], now_us)
    assert workshop.open == []
    pictures.step([view(0)], now_us)
    assert pictures.canvas("pc-0") is not None
    pictures.close()
    assert workshop.open == []


def test_a_new_session_shows_pictures_that_were_taken_before(feed: Feed) -> None:
    feed.put(0)
    Pictures(feed, Workshop().make).step([view(0)], now_us)
    again = Pictures(feed, Workshop().make)
    again.step([view(0)], now_us)
    assert again.canvas("pc-0") is not None


def test_a_machine_that_is_too_slow_uploads_the_screen_in_front_and_the_others_in_turn(feed: Feed) -> None:
    """Each upload takes half of the time that a frame has for all of them."""
    ticks = iter(range(0, 10**9, BUDGET_US // 4))
    pictures = Pictures(feed, Workshop().make)
    views = [view(place) for place in range(4)]
    for _ in range(12):
        for place in range(4):
            feed.put(place)
        pictures.step(views, lambda: next(ticks), "pc-2")
    uploads = {
        name: canvas.uploads
        for name in (f"pc-{n}" for n in range(4))
        if isinstance(canvas := pictures.canvas(name), CanvasOfMemory)
    }
    assert uploads["pc-2"] == 12
    assert min(uploads.values()) >= 3
    assert sum(uploads.values()) < 48


def test_between_two_frames_one_new_picture_at_a_time_is_uploaded_the_one_in_front_first(feed: Feed) -> None:
    pictures = Pictures(feed, Workshop().make)
    pictures.step([view(0), view(1)], now_us, "pc-1")
    feed.put(0)
    feed.put(1)
    uploaded = []
    while pictures.upload_one(now_us):
        uploaded.append([name for name in ("pc-0", "pc-1") if pictures.canvas(name)])
    assert uploaded == [["pc-1"], ["pc-0", "pc-1"]]
    assert pictures.uploaded == 2


def test_nothing_is_uploaded_between_frames_that_nobody_sees(feed: Feed) -> None:
    pictures = Pictures(feed, Workshop().make)
    pictures.step([view(0)], now_us)
    pictures.rest()
    feed.put(0)
    assert not pictures.upload_one(now_us)
    pictures.step([view(0)], now_us)
    assert pictures.uploaded == 1


def test_a_picture_without_a_free_image_is_not_tried_again_at_once(feed: Feed) -> None:
    workshop = Workshop()
    pictures = Pictures(feed, workshop.make)
    feed.put(0)
    pictures.step([view(0)], now_us)
    workshop.made[0].busy = True
    feed.put(0)
    assert not pictures.upload_one(now_us)
    workshop.made[0].busy = False
    assert pictures.upload_one(now_us)
