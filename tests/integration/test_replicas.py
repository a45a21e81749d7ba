"""Two real backends for one wall: neither knows of the other, and none is missed when it goes."""

import asyncio
import json
import signal
import time
from pathlib import Path
from typing import Any

import aiohttp
from aiortc import RTCPeerConnection

from loco_kiosk.client.tile import TileState
from tests.integration.backend_process import BackendProcess, wall_file
from tests.loco_kiosk.real_streamer import RealStreamer
from tests.loco_kiosk.waiting import until
from tests.loco_kiosk.watching import Watching


async def roster(http: aiohttp.ClientSession, backend: BackendProcess) -> list[Any]:
    async with http.get(f"{backend.url}/api/instances/live") as response:
        document = await response.json()
    return [(each["id"], each["state"], each["addresses"], each["port"]) for each in document["instances"]]


async def ready(http: aiohttp.ClientSession, *backends: BackendProcess) -> None:
    async with asyncio.timeout(20):
        for backend in backends:
            while [state for _, state, *_ in await roster(http, backend)] != ["ready"]:  # noqa: ASYNC110 - a process
                await asyncio.sleep(0.02)


async def test_what_one_replica_opened_the_other_closes_and_both_tell_the_same(tmp_path: Path) -> None:
    async with (
        RealStreamer() as streamer,
        BackendProcess(file := wall_file(tmp_path, streamer)) as one,
        BackendProcess(file) as two,
        aiohttp.ClientSession() as http,
        Watching(one.url) as viewer,
    ):
        await until(viewer.live, 30.0)
        await ready(http, one, two)
        assert await roster(http, one) == await roster(http, two)
        session = await opened_session(http, one)
        headers = {"X-Correlation-ID": "through-two"}
        async with http.delete(two.url + session, headers=headers) as response:
            assert response.status < 300
        async with http.delete(one.url + session) as response:
            assert response.status == 404, "it is gone, whoever closed it"
        lines = [json.loads(line) for line in two.log.splitlines()]
        assert [line["status"] for line in lines if line.get("correlation_id") == "through-two"] == [200]


async def opened_session(http: aiohttp.ClientSession, backend: BackendProcess) -> str:
    peer = RTCPeerConnection()
    peer.addTransceiver("video", direction="recvonly")
    await peer.setLocalDescription()
    headers = {"Content-Type": "application/sdp"}
    try:
        url = f"{backend.url}/api/instances/instance-0/whep"
        async with http.post(url, data=peer.localDescription.sdp, headers=headers) as response:
            assert response.status == 201, await response.text()
            return response.headers["Location"]
    finally:
        await peer.close()


async def test_pictures_go_on_while_their_backend_is_killed_and_replaced(tmp_path: Path) -> None:
    async with RealStreamer() as streamer:
        file = wall_file(tmp_path, streamer)
        async with BackendProcess(file) as one, Watching(one.url) as viewer:
            await until(viewer.live, 30.0)
            port = one.url.rpartition(":")[2]
            await one.end(signal.SIGKILL)
            before = len(viewer.sinks["instance-0"].timings)
            await until(lambda: not viewer.backend[-1].connected)
            await until(lambda: len(viewer.sinks["instance-0"].timings) > before + 20)
            assert viewer.state() is TileState.LIVE
            async with BackendProcess(file, "--port", port):
                await until(lambda: viewer.backend[-1].connected)
                assert viewer.state() is TileState.LIVE


async def test_a_replica_takes_leave_in_order(tmp_path: Path) -> None:
    async with (
        RealStreamer() as streamer,
        BackendProcess(wall_file(tmp_path, streamer), "--drain-s", "1") as backend,
        aiohttp.ClientSession() as http,
    ):
        await ready(http, backend)
        async with http.ws_connect(f"{backend.url}/api/events") as stream:
            backend.tell(signal.SIGTERM)
            told_s = time.monotonic()
            async with asyncio.timeout(20):
                while await status(http, backend, "/readyz") != 503:  # noqa: ASYNC110 - a process
                    await asyncio.sleep(0.02)
            assert await status(http, backend, "/api/instances") == 200, "requests are answered while it drains"
            async with asyncio.timeout(20):
                while (message := await stream.receive()).type is aiohttp.WSMsgType.TEXT:
                    pass
            assert message.data == aiohttp.WSCloseCode.GOING_AWAY
            assert time.monotonic() - told_s > 0.9, "event streams live as long as the drain"
        assert await backend.ended() == 0
        assert time.monotonic() - told_s < 4
        assert "exception" not in backend.log


async def status(http: aiohttp.ClientSession, backend: BackendProcess, path: str) -> int:
    async with http.get(backend.url + path) as response:
        return response.status
