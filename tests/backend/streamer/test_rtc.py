"""The private names that rtc.py uses are where they were."""

import importlib.metadata

import aioice.ice
import aiortc.clock
import aiortc.rtcsctptransport
import pytest
from aiortc import RTCConfiguration, RTCPeerConnection, RTCRtpSender, RTCRtpTransceiver
from aiortc.rtcdtlstransport import RTCDtlsTransport

from backend.streamer import rtc
from tests.backend.streamer.conftest import Served
from tests.backend.streamer.textbook_viewer import TextbookViewer


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
        (peer, ["_RTCPeerConnection__certificates"]),
        (vars(peer)["_RTCPeerConnection__certificates"][0], ["_create_ssl_context"]),
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
