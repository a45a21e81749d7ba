"""Media through a real TURN server, with the credentials that a real backend gives."""

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from backend.app import running
from backend.contract.ice import IceServers
from backend.settings import BackendSettings
from loco_kiosk.client.tile import TileState
from tests.integration.turn_server import TurnServer
from tests.loco_kiosk.real_streamer import RealStreamer
from tests.loco_kiosk.waiting import until
from tests.loco_kiosk.watching import Watching

SECRET = "north-star-over-the-harbour"


@asynccontextmanager
async def backend_of(streamer: RealStreamer, tmp_path: Path, turn: TurnServer, secret: str) -> AsyncIterator[str]:
    port = int(streamer.url.rpartition(":")[2])
    wall, key = tmp_path / "wall.json", tmp_path / "secret"
    wall.write_text(json.dumps([{"id": streamer.instance, "address": "127.0.0.1", "port": port}]))
    key.write_text(secret)
    tables = {"ice": {"turn": [turn.url], "secret_file": str(key)}}
    async with running(BackendSettings(port=0, instances_file=wall), tables) as url:
        yield url


async def test_a_kiosk_that_may_only_use_the_relay_is_live_through_it_and_plays(tmp_path: Path) -> None:
    async with (
        TurnServer(tmp_path, SECRET) as turn,
        RealStreamer() as streamer,
        backend_of(streamer, tmp_path, turn, SECRET) as url,
        Watching(url, relay_only=True) as viewer,
    ):
        await until(viewer.live, 30.0)
        await until(lambda: viewer.tiles["instance-0"].fps > 5, 20.0)
        await until(lambda: viewer.tiles["instance-0"].delay_ms is not None, 10.0)
        assert re.search(r"user <\d+:[\w-]+>: .*ALLOCATE processed, success", turn.log), turn.log
        await turn.stop()
        await until(lambda: viewer.state() is not TileState.LIVE, 20.0)
        await turn.start()
        await until(viewer.live, 40.0)


async def test_a_credential_of_another_secret_opens_no_relay(tmp_path: Path) -> None:
    async with (
        TurnServer(tmp_path, SECRET) as turn,
        RealStreamer() as streamer,
        backend_of(streamer, tmp_path, turn, "another-secret-of-some-length") as url,
        Watching(url, relay_only=True) as viewer,
    ):
        await until(lambda: "instance-0" in viewer.tiles)
        await until(lambda: "relay gives no address" in viewer.tiles["instance-0"].reason, 20.0)
        # Not the words of the refusal, which differ from version to version: that coturn was asked, and gave nothing.
        assert "401" in turn.log
        assert "ALLOCATE processed, success" not in turn.log


async def test_with_a_direct_way_the_kiosk_connects_though_the_relay_is_down(tmp_path: Path) -> None:
    turn = TurnServer(tmp_path, SECRET)
    async with (
        RealStreamer() as streamer,
        backend_of(streamer, tmp_path, turn, SECRET) as url,
        Watching(url) as viewer,
    ):
        await until(viewer.live, 30.0)
        async with aiohttp.ClientSession() as http, http.get(f"{url}/api/ice") as response:
            told = IceServers.from_json(await response.read())
        assert told.servers[0].urls == (turn.url,)
