import asyncio
import json
import logging
import re
import socket
import struct

import aiohttp
import pytest

from backend.contract.control import PathReport
from backend.contract.errors import LocoError
from backend.contract.status import GuestReport, GuestState, StreamerStatus
from tests.backend.streamer.conftest import Served
from tests.backend.streamer.textbook_viewer import TextbookViewer, until


async def test_the_status_tells_guest_viewers_and_who_is_in_control(served: Served) -> None:
    async with TextbookViewer(served.base) as viewer, aiohttp.ClientSession(served.base) as http:
        viewer.key("KeyA", True)
        await until(lambda: served.guest.inputs)
        async with http.get("/status") as reply:
            status = StreamerStatus.from_json(await reply.json())
        assert (status.instance, status.viewers, status.controller) == ("instance-0", 1, "Ada")
        assert status.guest == GuestReport(GuestState.RUNNING)
        assert 0 <= status.picture_age_s < 1


async def test_status_events_come_at_once_on_change_and_every_second(served: Served) -> None:
    async with aiohttp.ClientSession(served.base) as http, http.get("/status/events") as reply:
        first = StreamerStatus.from_json(json.loads(await reply.content.readline()))
        assert first.guest.state is GuestState.RUNNING
        served.guest.change_report(GuestReport(GuestState.HUNG, "It hangs; reset it."))
        async with asyncio.timeout(0.5):
            second = StreamerStatus.from_json(json.loads(await reply.content.readline()))
        assert second.guest.reason == "It hangs; reset it."
        async with asyncio.timeout(1.5):
            assert await reply.content.readline()


async def test_a_follower_that_leaves_at_any_time_is_no_error(served: Served, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    host, port = served.base.removeprefix("http://").split(":")

    def left() -> int:
        return sum("follower of the status left" in record.getMessage() for record in caplog.records)

    for reads in (False, True):
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"GET /status/events HTTP/1.1\r\nHost: a\r\n\r\n")
        if reads:
            await reader.readline()
        # At once and with a reset, before or after the first answer.
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.close()
    await until(lambda: left() == 2)
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def test_reset_and_restart_are_done_and_other_levels_refused(served: Served) -> None:
    async with aiohttp.ClientSession(served.base) as http:
        for body, status in (
            ('{"level":"reset"}', 202),
            ('{"level":"restart"}', 202),
            ('{"level":"explode"}', 422),
            ("{}", 400),
            ("[" * 2000, 400),
            ("\xff", 400),
        ):
            async with http.post("/recover", data=body.encode("latin-1")) as reply:
                assert reply.status == status, body
        assert (served.guest.resets, served.guest.restarts) == (1, 1)


@pytest.mark.parametrize("level", ["reset", "restart"])
async def test_a_recovery_that_is_not_possible_is_answered_in_words(
    served: Served, monkeypatch: pytest.MonkeyPatch, level: str
) -> None:
    async def fail() -> None:
        raise LocoError("QEMU is not running.")

    monkeypatch.setattr(served.guest, level, fail)
    body = json.dumps({"level": level})
    async with aiohttp.ClientSession(served.base) as http, http.post("/recover", data=body) as reply:
        assert reply.status == 503
        assert (await reply.json())["detail"] == "QEMU is not running."


async def test_a_given_correlation_id_comes_back_and_a_strange_one_does_not(served: Served) -> None:
    async with aiohttp.ClientSession(served.base) as http:
        async with http.get("/healthz", headers={"X-Correlation-ID": "abc-1"}) as reply:
            assert reply.headers["X-Correlation-ID"] == "abc-1"
        async with http.get("/healthz", headers={"X-Correlation-ID": "x" * 200}) as reply:
            assert len(reply.headers["X-Correlation-ID"]) == 16


@pytest.mark.parametrize(
    ("state", "ready"),
    [("booting", 503), ("restarting", 503), ("running", 200), ("hung", 200), ("paused", 200)],
)
async def test_it_is_ready_while_it_has_a_qemu_to_show(served: Served, state: str, ready: int) -> None:
    """A guest that hangs must be seen, so it takes no streamer out of service."""
    served.guest.report = GuestReport(GuestState(state), "Because.")
    async with aiohttp.ClientSession(served.base) as http:
        async with http.get("/readyz") as reply:
            assert reply.status == ready
            assert await reply.text() == f"The guest is {state}. Because.\n"
        async with http.get("/healthz") as reply:
            assert reply.status == 200


async def test_metrics_tell_of_each_rendition_and_of_the_worst_way(served: Served) -> None:
    async with TextbookViewer(served.base) as viewer:
        await until(lambda: viewer.frames)
        viewer.say(PathReport(0.5, 20.0, 12.0, 900_000))
        await until(lambda: served.streamer.media().round_trip_ms)
        await until(lambda: served.streamer.status().fps > 20)
        async with aiohttp.ClientSession() as http, http.get(f"{served.base}/metrics") as reply:
            text = await reply.text()
    for line in (
        r'loco_streamer_rendition_fps{rendition="640x480 4:2:0 q20 34 fps"} \d+',
        r'loco_streamer_stage_seconds{rendition="640x480 4:2:0 q20 34 fps",stage="encode"} 0\.\d+',
        r'loco_streamer_viewers_by_rung{rung="0"} 1',
        r"loco_streamer_worst_loss_ratio 0\.5",
        r"loco_streamer_worst_round_trip_seconds 0\.012",
        r"loco_streamer_retransmitted_packets_total \d+",
    ):
        assert re.search(line, text), line


async def test_metrics_count_drops_by_cause(served: Served) -> None:
    served.streamer._drops.count("slow_viewer", 3)
    async with aiohttp.ClientSession(served.base) as http, http.get("/metrics") as reply:
        assert 'loco_streamer_drops_total{cause="slow_viewer"} 3' in await reply.text()


@pytest.mark.parametrize("garbage", [b"\x00\xff\x16\x03\x01" * 50, b"GET\r\n\r\n", b"POST /whep HTTP/1.1\r\nContent-"])
async def test_garbage_on_the_socket_disturbs_nobody(
    served: Served, garbage: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    host, port = served.base.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(garbage)
    writer.write_eof()
    await reader.read()
    writer.close()
    await writer.wait_closed()
    async with aiohttp.ClientSession(served.base) as http, http.get("/healthz") as reply:
        assert reply.status == 200
    assert not [record for record in caplog.records if record.exc_info and record.levelname == "ERROR"]
