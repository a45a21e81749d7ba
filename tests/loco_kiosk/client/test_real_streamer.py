"""The viewer against ``loco-streamer`` with its synthetic guest, as processes."""

import signal

from backend.contract.input import Key
from loco_kiosk.client.tile import TileState
from tests.loco_kiosk.fake_backend import FakeBackend
from tests.loco_kiosk.real_streamer import RealStreamer
from tests.loco_kiosk.waiting import until
from tests.loco_kiosk.watching import Watching


async def test_picture_sound_control_and_keys_work_with_the_real_streamer() -> None:
    async with (
        RealStreamer() as streamer,
        FakeBackend({"instance-0": streamer}) as backend,
        Watching(backend.url, "Anna") as viewer,
    ):
        await until(viewer.live, 30.0)
        viewer.wall.request_control("instance-0")
        await until(lambda: viewer.tiles["instance-0"].mine)
        changes: list[int] = []
        viewer.wall.add_probe("instance-0", changes.append)
        for presses in range(1, 4):
            viewer.wall.send("instance-0", Key(2 * presses, "KeyA", True))
            viewer.wall.send("instance-0", Key(2 * presses + 1, "KeyA", False))
            await until(lambda presses=presses: len(changes) >= presses)  # type: ignore[misc]  # a default binds it
        await until(lambda: viewer.tiles["instance-0"].key_to_picture_ms is not None)
        await until(lambda: {"encode", "decode"} <= viewer.tiles["instance-0"].stages_ms.keys())
        tile = viewer.tiles["instance-0"]
        assert tile.holder == "Anna"
        assert tile.delay_ms is not None
        assert 0 < tile.delay_ms < 500
        viewer.mixer.pull(960)
        assert viewer.mixer.levels_dbfs()["instance-0"] > -60


async def test_a_killed_streamer_process_is_back_on_its_tile_within_seconds() -> None:
    async with (
        RealStreamer() as streamer,
        FakeBackend({"instance-0": streamer}) as backend,
        Watching(backend.url) as viewer,
    ):
        await until(viewer.live, 30.0)
        await streamer.end(signal.SIGKILL)
        await until(lambda: viewer.state() is TileState.STALE)
        await streamer.start()
        await until(viewer.live, 30.0)
