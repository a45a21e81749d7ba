"""A whole wall for a headset that stands alone: backend, streamer and feeder, each in a process of its own."""

import asyncio
import statistics
import time

import numpy as np
from zeroconf.asyncio import AsyncZeroconf

from backend.contract.input import Key
from loco_kiosk.client.tile import TileState
from tests.loco_kiosk.client.test_finder import announced
from tests.loco_kiosk.fake_backend import FakeBackend
from tests.loco_kiosk.fake_streamer import FakeStreamer
from tests.loco_kiosk.real_streamer import RealStreamer
from tests.loco_kiosk.waiting import until
from vr import feeder
from vr.feed.feed import Feed
from vr.feed.standalone import Standalone
from vr.settings import VrSettings


def live(feed: Feed) -> bool:
    feed.poll()
    return any(screen.state is TileState.LIVE for screen in feed.screens)


async def test_pictures_of_a_streamer_reach_the_headset_fresh_and_whole() -> None:
    async with RealStreamer() as streamer, FakeBackend({"instance-0": streamer}) as backend:
        standalone = Standalone(VrSettings(backend=backend.url, log_level="warning"))
        feed = standalone.feed
        await until(lambda: live(feed), 30.0)
        feed.show(["instance-0"])
        ages_ms: list[float] = []
        changed: set[bytes] = set()
        deadline_s = time.monotonic() + 20.0
        while len(ages_ms) < 30 and time.monotonic() < deadline_s:
            await asyncio.sleep(0.002)
            feed.poll()
            place = feed.screens[0].place
            picture = feed.newest(place)
            if picture is not None:
                ages_ms.append((time.monotonic_ns() // 1000 - picture.decoded_us) / 1000)
                changed.add(picture.pixels[::16, ::16].tobytes())
                assert picture.done()
        assert len(ages_ms) == 30
        assert len(changed) > 10, "the synthetic guest moves"
        assert statistics.median(ages_ms) < 50
        await asyncio.to_thread(standalone.end)


async def test_keys_go_to_the_guest_and_sound_comes_back() -> None:
    async with FakeStreamer(audio=True) as streamer, FakeBackend({"instance-0": streamer}) as backend:
        standalone = Standalone(VrSettings(backend=backend.url, log_level="warning"))
        feed = standalone.feed
        await until(lambda: live(feed), 30.0)
        feed.show(["instance-0"])
        feed.send("instance-0", Key(1, "KeyA", True))
        await until(lambda: live(feed) and streamer.inputs)
        assert streamer.inputs == [Key(1, "KeyA", True)]
        blocks: list[np.ndarray] = []

        def heard() -> bool:
            feed.poll()
            block = feed.samples(feed.screens[0].place, 4800)
            if block is not None:
                blocks.append(block)
            return sum(map(len, blocks)) > 9600

        await until(heard)
        await asyncio.to_thread(standalone.end)
        await until(lambda: len(streamer.inputs) == 2)
        assert streamer.inputs[1] == Key(2, "KeyA", False), "what the headset held goes up"


def test_nobody_starts_it_by_hand(capsys: object) -> None:
    assert feeder.main(["--backend", "http://127.0.0.1:9"]) == 2


async def test_a_wall_that_announces_itself_is_found_and_shown() -> None:
    async with (
        FakeStreamer() as streamer,
        FakeBackend({"instance-0": streamer}) as backend,
        AsyncZeroconf() as network,
    ):
        await (await network.async_register_service(announced("feeder-test", backend.port, "127.0.0.1")))
        standalone = Standalone(VrSettings(find_timeout_s=10.0, wall="feeder-test", log_level="error"))
        await until(lambda: live(standalone.feed), 30.0)
        await asyncio.to_thread(standalone.end)
        await network.async_unregister_all_services()


async def test_while_no_wall_answers_the_headset_is_told_what_to_do() -> None:
    """A tenth of a second is too short for any answer."""
    settings = VrSettings(find_timeout_s=0.001, log_level="error")
    standalone = Standalone(settings)

    def told() -> bool:
        standalone.feed.poll()
        return standalone.feed.notice == feeder.NO_WALL

    await until(told, 20.0)
    await asyncio.to_thread(standalone.end)
