import asyncio
import logging
import threading
import time

import pytest

from loco_kiosk.media.thread import MediaThread
from tests.loco_kiosk.fake_backend import FakeBackend
from tests.loco_kiosk.fake_streamer import FakeStreamer
from tests.loco_kiosk.waiting import until
from tests.loco_kiosk.watching import Watching


def test_coroutines_run_in_the_media_thread() -> None:
    media = MediaThread()
    media.start()

    async def where() -> str:
        return threading.current_thread().name

    assert media.submit(where()).result(5) == "media"
    called = threading.Event()
    media.call(called.set)
    assert called.wait(5)
    assert media.stop()


def test_the_heart_beats_until_the_stop() -> None:
    media = MediaThread()
    assert media.heartbeat_us == 0
    media.start()
    first = media.heartbeat_us
    deadline = time.monotonic() + 5
    while media.heartbeat_us == first:
        assert time.monotonic() < deadline
    assert media.stop()
    assert media.stop()


def test_stopping_cancels_what_runs_waits_for_it_and_leaves_no_thread() -> None:
    media = MediaThread()
    media.start()
    ended = threading.Event()
    began = threading.Event()

    async def for_ever() -> None:
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            ended.set()

    future = media.submit(for_ever())
    assert began.wait(5)
    assert media.stop()
    assert ended.is_set()
    assert future.cancelled()
    assert "media" not in {thread.name for thread in threading.enumerate()}
    media.call(ended.clear)
    assert ended.is_set()


def test_an_error_comes_back_to_the_caller() -> None:
    media = MediaThread()
    media.start()

    async def fail() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        media.submit(fail()).result(5)
    assert media.stop()


def test_a_wall_that_is_live_ends_in_order_with_the_thread(caplog: pytest.LogCaptureFixture) -> None:
    media = MediaThread()
    media.start()
    live = threading.Event()

    async def watch() -> None:
        async with (
            FakeStreamer(audio=True) as streamer,
            FakeBackend({"instance-0": streamer}) as backend,
            Watching(backend.url) as viewer,
        ):
            await until(viewer.live)
            live.set()
            await asyncio.Event().wait()

    future = media.submit(watch())
    assert live.wait(10)
    started_s = time.monotonic()
    assert media.stop()
    assert time.monotonic() - started_s < 3
    assert future.cancelled()
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


def test_a_loop_that_hangs_is_told_of_and_does_not_keep_the_process() -> None:
    media = MediaThread("hanging")
    media.start()
    release = threading.Event()
    media.call(release.wait)
    assert not media.stop(timeout_s=1.2)
    assert [thread.daemon for thread in threading.enumerate() if thread.name == "hanging"] == [True]
    release.set()
    assert media.stop()
