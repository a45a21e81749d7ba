"""The private names that ``rtc`` uses are still there and still mean the same."""

import importlib.metadata
import inspect
from asyncio import selector_events

import aioice
import aioice.ice
import pytest
from aiortc import RTCPeerConnection, RTCRtpReceiver, rtcdtlstransport, rtcsctptransport

from loco_kiosk.media import rtc


@pytest.mark.parametrize(("package", "version"), [("aiortc", "1.16."), ("aioice", "0.13."), ("av", "18.1.")])
def test_the_versions_are_those_that_were_read(package: str, version: str) -> None:
    assert importlib.metadata.version(package).startswith(version)


async def test_the_receiver_can_be_replaced_before_the_offer() -> None:
    peer = RTCPeerConnection()
    transceiver = peer.addTransceiver("video", direction="recvonly")
    receiver = rtc.InlineReceiver(transceiver, lambda _: None)
    assert transceiver.receiver is receiver
    assert peer.getReceivers() == [receiver]
    await peer.close()


def test_the_overridden_methods_are_called_by_their_names() -> None:
    for name in ("receive", "stop", "_handle_disconnect", "_handle_rtcp_packet", "_set_rtcp_ssrc"):
        assert callable(getattr(RTCRtpReceiver, name))
    source = inspect.getsource(rtcdtlstransport)
    assert "._handle_rtcp_packet(packet)" in source
    assert "receiver._handle_disconnect()" in source


async def test_the_transport_has_what_is_used() -> None:
    peer = RTCPeerConnection()
    rtc.InlineReceiver(peer.addTransceiver("video", direction="recvonly"), lambda _: None)
    transport = peer.getTransceivers()[0].receiver.transport
    assert hasattr(transport, "_rx_srtp")
    for name in ("_send_rtp", "_register_rtp_receiver", "_unregister_rtp_receiver"):
        assert callable(getattr(transport, name))
    assert isinstance(rtc.ice_connection(peer), aioice.Connection)
    await peer.close()


def test_datagrams_reach_data_received_through_the_instance() -> None:
    assert "self.receiver.data_received(data" in inspect.getsource(aioice.ice.StunProtocol.datagram_received)
    assert list(inspect.signature(aioice.Connection.data_received).parameters) == ["self", "data", "component"]


async def test_loopback_is_gathered_as_well() -> None:
    connection = aioice.Connection(ice_controlling=True)
    rtc.gather_loopback_too(connection)
    await connection.gather_candidates()
    assert "127.0.0.1" in {candidate.host for candidate in connection.local_candidates}
    await connection.close()


def test_gathering_asks_for_the_candidates_of_addresses_through_the_instance() -> None:
    parameters = inspect.signature(aioice.Connection.get_component_candidates).parameters
    assert list(parameters) == ["self", "component", "addresses", "timeout"]
    assert "self.get_component_candidates(component=" in inspect.getsource(aioice.Connection.gather_candidates)


async def test_data_channels_retransmit_soon_and_then_back_off() -> None:
    assert "SCTP_RTO_MIN" in inspect.getsource(rtcsctptransport.RTCSctpTransport._update_rto)
    peer = RTCPeerConnection()
    peer.createDataChannel("keys")
    rtc.hasten_data_channels(peer)
    assert peer.sctp is not None
    assert rtcsctptransport.SCTP_RTO_MIN == rtc.SCTP_RTO_MIN_S
    assert peer.sctp._rto == rtc.SCTP_RTO_INITIAL_S
    for _ in range(5):
        peer.sctp._t3_expired()
    assert peer.sctp._rto == rtc.SCTP_RTO_LIMIT_S
    await peer.close()


def test_the_retransmission_timer_is_looked_up_at_the_instance() -> None:
    assert "self._t3_expired)" in inspect.getsource(rtcsctptransport.RTCSctpTransport._t3_start)
    assert "self._t3_expired)" in inspect.getsource(rtcsctptransport.RTCSctpTransport._t3_restart)


async def test_asyncio_reads_datagrams_with_the_room_that_the_transport_says() -> None:
    source = inspect.getsource(selector_events._SelectorDatagramTransport)  # type: ignore[attr-defined]  # private
    assert "recvfrom(self.max_size)" in source
    connection = aioice.Connection(ice_controlling=True)
    rtc.gather_loopback_too(connection)
    await connection.gather_candidates()
    assert all(getattr(protocol.transport, "max_size", 0) >= 65_535 for protocol in connection._protocols)
    await connection.close()


async def test_what_sctp_has_under_way_can_be_read_and_sent_again() -> None:
    peer = RTCPeerConnection()
    peer.createDataChannel("keys")
    assert peer.sctp is not None
    assert rtc.unacknowledged(peer) == []
    assert rtc.data_round_trip_s(peer) == 0.0
    assert list(inspect.signature(peer.sctp._send_chunk).parameters) == ["chunk"]
    source = inspect.getsource(rtcsctptransport.RTCSctpTransport._send)
    assert all(f"chunk.{name} =" in source for name in ("_acked", "_abandoned", "_max_retransmits"))
    await peer.close()
