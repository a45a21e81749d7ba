"""The wall with nine streams at once, and what is left of it afterwards."""

import asyncio
import contextlib
import threading

import pytest

from backend.contract.control import Tier
from backend.contract.instance import InstanceState
from loco_kiosk.client.errors import BackendError, ClientError
from loco_kiosk.client.lan_view import LanView
from loco_kiosk.client.tile import TileState
from loco_kiosk.client.wall import Wall
from loco_kiosk.media.mixer import Mixer
from tests.backend.fake_switch import STATUS, FakeSwitch
from tests.loco_kiosk.fake_backend import FakeBackend, instance
from tests.loco_kiosk.fake_streamer import FakeStreamer
from tests.loco_kiosk.waiting import until
from tests.loco_kiosk.watching import KeptFrames, Watching


async def test_nine_tiles_are_live_at_once_and_nothing_is_left_of_them() -> None:
    tasks_before = len(asyncio.all_tasks())
    async with contextlib.AsyncExitStack() as stack:
        streamers = {f"instance-{number}": FakeStreamer(fps=5) for number in range(9)}
        for streamer in streamers.values():
            await stack.enter_async_context(streamer)
        backend = await stack.enter_async_context(FakeBackend(streamers))
        async with Watching(backend.url) as viewer:
            await until(lambda: viewer.live(9), 30.0)
            assert [tile.slot for tile in viewer.wall.views()] == list(range(9))
            assert not [thread.name for thread in threading.enumerate() if "decoder" in thread.name]
            before = {identity: len(sink.timings) for identity, sink in viewer.sinks.items()}
            await until(lambda: all(len(sink.timings) > before[key] + 5 for key, sink in viewer.sinks.items()))
        await until(lambda: not any(streamer.viewers for streamer in streamers.values()))
    await until(lambda: len(asyncio.all_tasks()) == tasks_before, 3.0)


async def test_tiles_come_and_go_with_the_roster() -> None:
    async with (
        FakeStreamer() as streamer,
        FakeBackend({"instance-0": streamer}) as backend,
        Watching(backend.url) as viewer,
    ):
        await until(viewer.live)
        await backend.put(instance(4, InstanceState.LOST, "The node is down."))
        await until(lambda: viewer.state("instance-4") is TileState.LOST)
        assert viewer.tiles["instance-4"].reason == "The node is down."
        await backend.put(instance(4, InstanceState.BOOTING))
        await until(lambda: viewer.state("instance-4") is TileState.BOOTING)
        await backend.put(instance(5, InstanceState.PENDING))
        await until(lambda: viewer.state("instance-5") is TileState.PENDING)
        await backend.remove("instance-0")
        await until(lambda: list(viewer.tiles) == ["instance-4", "instance-5"])
        await until(lambda: not streamer.viewers)


async def test_the_tiles_stay_live_while_the_backend_is_away() -> None:
    async with (
        FakeStreamer() as streamer,
        FakeBackend({"instance-0": streamer}) as backend,
        Watching(backend.url) as viewer,
    ):
        await until(viewer.live)
        await backend.stop()
        await until(lambda: not viewer.backend[-1].connected)
        count = len(viewer.sinks["instance-0"].timings)
        await until(lambda: len(viewer.sinks["instance-0"].timings) > count + 10)
        assert viewer.state() is TileState.LIVE
        await backend.start()
        await until(lambda: viewer.backend[-1].connected)
        assert len(streamer.viewers) == 1


async def test_tiles_are_published_at_most_ten_times_a_second() -> None:
    async with (
        FakeStreamer(audio=True) as streamer,
        FakeBackend({"instance-0": streamer}) as backend,
        Watching(backend.url) as viewer,
    ):
        await until(viewer.live)
        before = viewer.published
        await asyncio.sleep(1.0)
        assert viewer.published - before <= 11


async def test_recover_reaches_the_backend_and_unknown_instances_are_named() -> None:
    async with (
        FakeStreamer() as streamer,
        FakeBackend({"instance-0": streamer}) as backend,
        Watching(backend.url) as viewer,
    ):
        with pytest.raises(ClientError, match="instance-7"):
            viewer.wall.add_probe("instance-7", lambda _: None)
        await until(viewer.live)
        await viewer.wall.recover("instance-0")
        await viewer.wall.recover("instance-0", "restart")
        assert backend.recovered == [("instance-0", "reset"), ("instance-0", "restart")]
        viewer.wall.set_tiers({"instance-7": Tier.ZOOMED})
        viewer.wall.request_control("instance-7")
        viewer.wall.release_control("instance-7")
        await backend.stop()
        with pytest.raises(BackendError, match="The backend"):
            await viewer.wall.recover("instance-0")


@pytest.mark.parametrize("round_trips", [1, 2])
async def test_scaling_from_one_to_nine_and_back_shows_within_a_second_without_a_word_in_the_log(
    round_trips: int, caplog: pytest.LogCaptureFixture
) -> None:
    streamers = {f"instance-{number}": FakeStreamer(fps=5) for number in range(9)}
    others = [name for name in streamers if name != "instance-0"]
    async with contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(streamers["instance-0"])
        backend = await stack.enter_async_context(FakeBackend({"instance-0": streamers["instance-0"]}))
        viewer = await stack.enter_async_context(Watching(backend.url))
        backend.streamers = streamers
        await until(viewer.live)
        sessions = backend.offers["instance-0"]
        for _ in range(round_trips):
            for slot in range(1, 9):
                await backend.put(instance(slot, InstanceState.PENDING))
            await until(lambda: all(viewer.state(name) is TileState.PENDING for name in others), 1.0)
            for slot in range(1, 9):
                await backend.put(instance(slot, InstanceState.BOOTING))
            await until(lambda: all(viewer.state(name) is TileState.BOOTING for name in others), 1.0)
            for name in others:
                await streamers[name].start()
                await backend.put(instance(int(name[-1])))
            await until(lambda: viewer.live(9), 15.0)
            assert [tile.slot for tile in viewer.wall.views()] == list(range(9))
            for name in others:
                await backend.put(instance(int(name[-1]), InstanceState.TERMINATING))
            await until(lambda: all(viewer.state(name) is TileState.LEAVING for name in others), 1.0)
            for name in others:
                await streamers[name].stop()
                await backend.put(instance(int(name[-1]), InstanceState.GONE))
            await until(lambda: all(viewer.state(name) is TileState.GONE for name in others), 1.0)
            for name in others:
                await backend.remove(name)
            await until(lambda: list(viewer.tiles) == ["instance-0"], 1.0)
        assert viewer.state() is TileState.LIVE
        assert backend.offers["instance-0"] == sessions, "the first machine kept its session"
    assert [record.getMessage() for record in caplog.records if record.levelname in ("WARNING", "ERROR")] == []


async def test_the_network_is_asked_for_only_while_somebody_looks() -> None:
    news: list[LanView] = []
    async with FakeSwitch().serving() as switch, asyncio.TaskGroup() as tasks, asyncio.timeout(20):
        wall = Wall(
            f"http://{switch.address}",
            sink=lambda _instance: KeptFrames(),
            mixer=Mixer(),
            viewer_name="test",
            on_tiles=lambda _tiles: None,
            on_backend=lambda _backend: None,
            on_lan=news.append,
        )
        wall.watch_lan(watched=True)
        running = tasks.create_task(wall.run())
        await until(lambda: news == [LanView(STATUS)])
        wall.watch_lan(watched=False)
        asked = switch.asked
        wall.watch_lan(watched=False)
        await asyncio.sleep(0.05)
        assert switch.asked == asked
        wall.watch_lan(watched=True)
        await until(lambda: switch.asked > asked)
        running.cancel()
