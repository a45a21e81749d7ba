"""The private names that rtc.py uses are where they were."""

import asyncio
import importlib.metadata

import aioice.ice
import aiortc.clock
import aiortc.rtcsctptransport
import pytest
from aiortc import RTCConfiguration, RTCPeerConnection, RTCRtpSender, RTCRtpTransceiver
from aiortc.rtcdtlstransport import RTCDtlsTransport

from backend.contract.control import PathReport
from backend.streamer import rtc
from backend.streamer.reception import Reception
from tests.backend.streamer.conftest import Served, served_viewer
from tests.backend.streamer.textbook_viewer import TextbookViewer, until


@pytest.mark.parametrize(("package", "version"), rtc.PINNED.items())
def test_the_versions_are_the_pinned_ones(package: str, version: str) -> None:
    assert importlib.metadata.version(package).startswith(version + ".")


async def test_every_private_name_exists_and_has_its_meaning() -> None:
    peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    transceiver = peer.addTransceiver("video", "sendonly")
    sender, dtls = transceiver.sender, transceiver.sender.transport
    connection = dtls.transport._connection
    assert isinstance(sender, RTCRtpSender)
    assert isinstance(transceiver, RTCRtpTransceiver)
    assert isinstance(dtls, RTCDtlsTransport)
    assert isinstance(connection, aioice.ice.Connection)
    for owner, names in (
        (sender, ("_ssrc", "_rtx_ssrc", "_send_keyframe", "_retransmit", "_handle_rtcp_packet")),
        (sender, [f"_RTCRtpSender__{name}" for name in ("lsr", "lsr_time")]),
        (sender, [f"_RTCRtpSender__{name}" for name in ("ntp_timestamp", "rtp_timestamp")]),
        (sender, [f"_RTCRtpSender__{name}" for name in ("packet_count", "octet_count")]),
        (transceiver, ("_codecs", "_headerExtensions")),
        (dtls, ("_tx_srtp", "_state")),
        (connection, ("_nominated", "data_received", "get_component_candidates")),
        (aiortc.clock, ("current_ntp_time",)),
        (aiortc.rtcsctptransport, ("SCTP_RTO_MIN",)),
        (aiortc.rtcsctptransport.RTCSctpTransport, ("_t3_expired",)),
        (aioice.ice, ("CONSENT_INTERVAL", "CONSENT_FAILURES")),
    ):
        for name in names:
            assert hasattr(owner, name), f"{owner!r} has no {name}"
    assert connection._nominated == {}
    await peer.close()


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


async def test_the_answer_is_slim_and_names_only_the_media_addresses(served: Served) -> None:
    async with TextbookViewer(served.base) as viewer:
        answer = viewer.peer.remoteDescription.sdp
        candidates = [line for line in answer.splitlines() if line.startswith("a=candidate")]
        assert candidates
        assert all(" 127.0.0.1 " in line for line in candidates)
        assert "extmap" not in answer
        assert "goog-remb" not in answer
        assert "VP8" not in answer
        assert "profile-level-id=42e01f" in answer
        assert "rtx/90000" in answer


async def test_only_loopback_is_offered_where_there_is_nothing_else() -> None:
    asked: list[list[str]] = []

    async def gather(*, component: int, addresses: list[str]) -> None:
        asked.append(addresses)

    await rtc._gather(gather, (), component=1, addresses=[])
    await rtc._gather(gather, (), component=1, addresses=["192.0.2.1"])
    await rtc._gather(gather, ("192.0.2.7",), component=1, addresses=["192.0.2.1"])
    assert asked == [["127.0.0.1"], ["192.0.2.1"], ["192.0.2.7"]]
