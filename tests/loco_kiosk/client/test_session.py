"""Sessions against a textbook sender, through a backend."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from backend.contract.control import FocusTier, PathReport, PictureWish, Preference, Tier
from backend.contract.input import Key, MoveTo
from backend.contract.status import GuestReport, GuestState
from loco_kiosk.client import link
from loco_kiosk.client.tile import TileState
from tests.loco_kiosk.fake_backend import FakeBackend
from tests.loco_kiosk.fake_streamer import FakeStreamer, Picture
from tests.loco_kiosk.waiting import until
from tests.loco_kiosk.watching import Watching


@contextlib.asynccontextmanager
async def one_tile(name: str = "test") -> AsyncIterator[tuple[FakeStreamer, Watching]]:
    async with (
        FakeStreamer() as streamer,
        FakeBackend({"instance-0": streamer}) as backend,
        Watching(backend.url, name) as viewer,
    ):
        yield streamer, viewer


async def test_a_tile_becomes_live_and_shows_what_the_streamer_says() -> None:
    async with FakeStreamer() as streamer, FakeBackend({"instance-0": streamer}) as backend:
        async with Watching(backend.url) as viewer:
            await until(viewer.live)
            await until(lambda: viewer.tiles["instance-0"].delay_ms is not None)
            tile = viewer.tiles["instance-0"]
            assert (tile.slot, tile.name, tile.width_px, tile.height_px) == (0, "PC 1", 640, 480)
            assert tile.probe == Picture.PROBE
            assert tile.viewers == 1
            assert tile.delay_ms is not None
            assert 0 <= tile.delay_ms < 200
            assert viewer.sinks["instance-0"].timings[-1].captured_us is not None
        await until(lambda: not streamer.viewers)


async def test_a_killed_streamer_comes_back_by_itself_while_the_other_tile_goes_on() -> None:
    streamers = {f"instance-{number}": FakeStreamer(fps=15) for number in range(2)}
    async with (
        streamers["instance-0"] as dying,
        streamers["instance-1"],
        FakeBackend(streamers) as backend,
        Watching(backend.url) as viewer,
    ):
        await until(lambda: viewer.live(2))
        await dying.die()
        before = len(viewer.sinks["instance-1"].timings)
        await until(lambda: viewer.state() in (TileState.STALE, TileState.RECONNECTING))
        await until(lambda: viewer.state() is TileState.RECONNECTING)
        assert viewer.tiles["instance-0"].next_step.startswith("Tries again")
        await dying.start()
        await until(lambda: viewer.live(2), 5.0)
        assert len(viewer.sinks["instance-1"].timings) - before > 20
        assert viewer.state("instance-1") is TileState.LIVE


async def test_guest_states_reach_the_tile() -> None:
    async with one_tile() as (streamer, viewer):
        await until(viewer.live)
        for state, shown in (
            (GuestState.BOOTING, TileState.BOOTING),
            (GuestState.HUNG, TileState.STALE),
            (GuestState.RESTARTING, TileState.RECONNECTING),
            (GuestState.PAUSED, TileState.STALE),
            (GuestState.RUNNING, TileState.LIVE),
        ):
            streamer.set_guest(GuestReport(state, f"It is {state}."))
            await until(lambda shown=shown: viewer.state() is shown)  # type: ignore[misc]  # a default binds it
            if state is not GuestState.RUNNING:
                assert viewer.tiles["instance-0"].reason == f"It is {state}."


async def test_control_is_requested_and_shown_and_asked_for_again_after_a_reconnect() -> None:
    async with one_tile("Anna") as (streamer, viewer):
        await until(viewer.live)
        viewer.wall.request_control("instance-0")
        await until(lambda: viewer.tiles["instance-0"].mine)
        assert viewer.tiles["instance-0"].holder == "Anna"
        streamer.holder = None
        await streamer.stop()
        await streamer.start()
        await until(lambda: viewer.live() and viewer.tiles["instance-0"].mine)
        viewer.wall.release_control("instance-0")
        await until(lambda: not viewer.tiles["instance-0"].mine)


async def test_keys_arrive_in_order_and_their_delay_is_measured() -> None:
    async with one_tile() as (streamer, viewer):
        await until(viewer.live)
        changes: list[int] = []
        probe = viewer.wall.add_probe("instance-0", changes.append)
        for sequence in range(6):
            viewer.wall.send("instance-0", Key(sequence, "KeyA", sequence % 2 == 0))
            await until(lambda sequence=sequence: len(changes) > sequence)  # type: ignore[misc]  # a default binds it
        keys = [message for message in streamer.inputs if isinstance(message, Key)]
        assert [key.sequence for key in keys] == list(range(6))
        await until(lambda: viewer.tiles["instance-0"].key_to_picture_ms is not None)
        viewer.wall.remove_probe("instance-0", probe)
        viewer.wall.send("instance-0", MoveTo(7, 100, 200))
        await until(lambda: MoveTo(7, 100, 200) in streamer.inputs)


async def test_input_without_a_connection_is_counted_not_kept() -> None:
    streamer = FakeStreamer()
    async with FakeBackend({"instance-0": streamer}) as backend, Watching(backend.url) as viewer:
        await until(lambda: viewer.state() is TileState.RECONNECTING)
        viewer.wall.send("instance-0", Key(1, "KeyA", True))
        await until(lambda: viewer.tiles["instance-0"].drops.get("input without connection") == 1)
        assert "does not answer" in viewer.tiles["instance-0"].reason


async def test_a_silent_streamer_makes_the_tile_stale_and_then_is_left() -> None:
    async with one_tile() as (streamer, viewer):
        await until(viewer.live)
        streamer.statistics = False
        for each in streamer.viewers.values():
            each.control = None
        streamer.moving.clear()
        await until(lambda: viewer.state() is TileState.STALE)
        assert "silent" in viewer.tiles["instance-0"].reason
        streamer.statistics = True
        await until(lambda: viewer.state() is TileState.RECONNECTING)
        streamer.moving.set()
        await until(viewer.live)


async def test_malformed_control_messages_are_counted_and_change_nothing() -> None:
    async with one_tile() as (streamer, viewer):
        await until(viewer.live)
        (sender,) = streamer.viewers.values()
        for text in ("", "null", "{", '{"type": 1}', '{"type": "guest/state", "guest": 7}', "x" * 20_000):
            sender.send(text)
        sender.send('{"type": "news/unheard"}')
        await until(lambda: viewer.tiles["instance-0"].drops.get("unknown control message") == 1)
        assert viewer.tiles["instance-0"].drops["malformed control message"] == 6
        assert viewer.live()


async def test_an_answer_that_is_no_sdp_gives_a_clear_reason_and_another_try() -> None:
    async with FakeStreamer() as streamer, FakeBackend({"instance-0": streamer}) as backend:
        for answer in ("", "v=0\r\nnonsense", "<html>", "v=0\r\nm=video x y z\r\n"):
            streamer.answer_instead = web.Response(status=201, text=answer)
            async with Watching(backend.url) as viewer:
                await until(lambda viewer=viewer: viewer.state() is TileState.RECONNECTING and viewer.tiles)  # type: ignore[misc]  # a default binds it
                await until(lambda viewer=viewer: "answer cannot be used" in viewer.tiles["instance-0"].reason)  # type: ignore[misc]  # a default binds it
        async with Watching(backend.url) as viewer:
            await asyncio.sleep(0)
            streamer.answer_instead = None
            await until(viewer.live)


async def test_a_hidden_tile_is_decoded_but_not_presented() -> None:
    async with one_tile() as (_, viewer):
        await until(viewer.live)
        viewer.wall.set_tiers({"instance-0": Tier.HIDDEN})
        before = len(viewer.sinks["instance-0"].timings)
        await until(lambda: viewer.tiles["instance-0"].fps > 0)
        await asyncio.sleep(0.2)
        assert len(viewer.sinks["instance-0"].timings) <= before + 1
        viewer.wall.set_tiers({})
        await until(lambda: len(viewer.sinks["instance-0"].timings) > before + 2)


async def test_what_the_window_hides_still_comes_for_a_headset() -> None:
    async with one_tile() as (_, viewer):
        await until(viewer.live)
        viewer.wall.set_tiers({"instance-0": Tier.HIDDEN})
        viewer.wall.set_headset_tiers({"instance-0": Tier.GRID})
        before = len(viewer.sinks["instance-0"].timings)
        await until(lambda: len(viewer.sinks["instance-0"].timings) > before + 5)
        viewer.wall.set_headset_tiers({})
        await asyncio.sleep(0.2)
        before = len(viewer.sinks["instance-0"].timings)
        await asyncio.sleep(0.2)
        assert len(viewer.sinks["instance-0"].timings) <= before + 1


async def test_a_stream_whose_pictures_never_come_is_opened_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link, "HOPELESS_S", 1.5)
    async with one_tile() as (streamer, viewer):
        await until(viewer.live)
        (first,) = streamer.viewers
        streamer.network = lambda packet: ()
        await until(lambda: viewer.tiles["instance-0"].state is TileState.STALE)
        await until(lambda: first not in streamer.viewers)
        streamer.network = lambda packet: (packet,)
        await until(viewer.live)


async def test_wishes_and_tiers_are_told_at_once_and_again_after_a_reconnect() -> None:
    async with one_tile() as (streamer, viewer):
        await until(viewer.live)
        await until(lambda: PictureWish() in streamer.told)
        wish = PictureWish(Preference.SHARP, pixel_exact=True)
        viewer.wall.set_wish(wish)
        viewer.wall.set_tiers({"instance-0": Tier.SMALL})
        await until(lambda: {wish, FocusTier(Tier.SMALL)} <= set(streamer.told))
        streamer.told.clear()
        await streamer.stop()
        await streamer.start()
        await until(lambda: {wish, FocusTier(Tier.SMALL)} <= set(streamer.told))


async def test_the_streamer_is_told_how_large_a_tile_is_unless_it_is_zoomed_or_worn() -> None:
    async with one_tile() as (streamer, viewer):
        await until(viewer.live)
        viewer.wall.set_shown_size(284, 213)
        await until(lambda: streamer.told[-1] == FocusTier(Tier.GRID, 284, 213))
        viewer.wall.set_tiers({"instance-0": Tier.ZOOMED})
        await until(lambda: streamer.told[-1] == FocusTier(Tier.ZOOMED))
        viewer.wall.set_tiers({})
        await until(lambda: streamer.told[-1] == FocusTier(Tier.GRID, 284, 213))
        viewer.wall.set_headset_tiers({"instance-0": Tier.GRID})
        await until(lambda: streamer.told[-1] == FocusTier(Tier.GRID))


async def test_the_streamer_is_told_how_the_way_is_and_of_losses_at_once() -> None:
    async with one_tile() as (streamer, viewer):
        await until(lambda: reports(streamer))
        assert reports(streamer)[0].received_bps > 10_000
        streamer.told.clear()
        streamer.network = lambda packet: () if packet[3] % 8 == 0 and packet[1] & 0x7F >= 97 else (packet,)
        await until(lambda: any(report.loss > 0.01 for report in reports(streamer)))
        await until(lambda: viewer.tiles["instance-0"].stages_ms.get("network", -1.0) >= 0.0)
        streamer.moving.clear()
        await asyncio.sleep(0.5)
        count = len(reports(streamer))
        await asyncio.sleep(1.5)
        assert len(reports(streamer)) == count


def reports(streamer: FakeStreamer) -> list[PathReport]:
    return [message for message in streamer.told if isinstance(message, PathReport)]
