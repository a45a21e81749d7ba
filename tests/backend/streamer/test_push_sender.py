"""Payloads pushed to a real viewer: what it gets, what is sent again, what is told of both."""

import asyncio

from aiortc import RTCRtpSender

from backend.contract.control import PathReport
from backend.streamer.reception import Reception
from tests.backend.streamer.conftest import Served, served_viewer
from tests.backend.streamer.textbook_viewer import TextbookViewer, until


async def test_sender_reports_tell_what_was_pushed(served: Served) -> None:
    async with TextbookViewer(served.base) as viewer:
        await until(lambda: len(viewer.frames) > 10)
        stats = await served_sender(served, viewer).getStats()
        outbound = next(report for report in stats.values() if report.type == "outbound-rtp")
        assert outbound.packetsSent > 10
        assert outbound.bytesSent > 1000


async def test_a_viewer_that_reports_by_rtcp_alone_is_heard(served: Served) -> None:
    async with TextbookViewer(served.base, channels=False) as viewer:
        await until(lambda: viewer.frames)
        ladder = served_viewer(served, viewer).ladder
        await until(lambda: ladder.round_trip_ms > 0, 20.0)
        assert ladder.round_trip_ms < 5000
        assert ladder.loss == 0


async def test_rtcp_counts_no_longer_once_a_viewer_measures_by_itself(served: Served) -> None:
    async with TextbookViewer(served.base) as viewer:
        await until(lambda: viewer.frames)
        watched = served_viewer(served, viewer)
        viewer.say(PathReport(0.0, 1.0, 12_345.0, 500_000))
        await until(lambda: watched.ladder.round_trip_ms == 12_345.0)
        received: list[Reception] = []
        video = watched._video
        assert video is not None
        on_reception = video.on_reception

        def count(reception: Reception) -> None:
            received.append(reception)
            on_reception(reception)

        video.on_reception = count
        await until(lambda: len(received) > 2, 20.0)
        assert watched.ladder.round_trip_ms == 12_345.0


def served_sender(served: Served, viewer: TextbookViewer) -> RTCRtpSender:
    return next(sender for sender in served_viewer(served, viewer)._peer.getSenders() if sender.kind == "video")


async def test_a_packet_is_not_repeated_again_before_the_copy_can_have_arrived(served: Served) -> None:
    async with TextbookViewer(served.base) as viewer:
        await until(lambda: len(viewer.frames) > 3)
        video = served_viewer(served, viewer)._video
        assert video is not None
        served.guest.fps = 0
        sequence = (video._sequence - 1) & 0xFFFF
        video.expect_round_trip(0.05)
        for _ in range(5):
            await video._retransmit(sequence)
        assert video.retransmitted == 1
        await asyncio.sleep(0.05)
        await video._retransmit(sequence)
        await asyncio.sleep(0.05)
        await video._retransmit(sequence)
        assert video.retransmitted == 2


async def test_what_is_forgotten_is_neither_repeated_nor_sent(served: Served) -> None:
    async with TextbookViewer(served.base) as textbook:
        await until(lambda: textbook.frames)
        viewer = served_viewer(served, textbook)
        sender = viewer._video
        assert sender is not None
        served.guest.fps = 0
        before = (sender._sequence - 1) & 0xFFFF
        sender.spread = True
        sender.limit_rate(100_000)
        assert sender.send([b"x" * 1000] * 40, viewer.newest_timestamp)
        sent = sender._sequence
        assert sender.spreader.busy
        sender.forget()
        assert not sender.spreader.busy
        assert sender._sequence == (sent + 1) & 0xFFFF, "the rest of the picture must look lost"
        await sender._retransmit(before)
        assert sender.retransmitted == 0


async def test_each_packet_comes_twice_while_a_lossy_way_wants_copies(served: Served) -> None:
    async with TextbookViewer(served.base) as viewer:
        await until(lambda: len(viewer.frames) > 3)
        arrived: list[bytes] = []

        def note(datagram: bytes) -> bool:
            if 127 < datagram[0] < 192 and (datagram[1] & 0x7F) == viewer.video._codecs[0].payloadType:
                arrived.append(datagram)
            return len(arrived) % 7 == 0

        viewer.drop_datagrams(note)
        viewer.say(PathReport(0.04, 5.0, 20.0, 900_000))
        await until(lambda: len(arrived) > len(set(arrived)) + 50)
        seen = len(viewer.frames)
        await until(lambda: len(viewer.frames) > seen + 20)
        numbers = viewer.numbers
        assert numbers == sorted(numbers)
