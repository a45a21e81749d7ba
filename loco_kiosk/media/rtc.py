"""The one place that touches private names of aiortc 1.16 and aioice 0.13 on the receiving side.

=======================================  ==========================================================================
name                                     what for
=======================================  ==========================================================================
RTCRtpTransceiver.__receiver             to put :class:`InlineReceiver` in, which starts no thread and keeps no queue
RTCRtpReceiver._set_rtcp_ssrc            the sender's SSRC goes into our reports
RTCRtpReceiver.receive, stop,            overridden; aiortc calls them
_handle_disconnect, _handle_rtcp_packet
RTCDtlsTransport._rx_srtp                to unprotect a packet where it arrives
RTCDtlsTransport._send_rtp               to send RTCP
RTCDtlsTransport._register_rtp_receiver  so that sender reports reach us
RTCIceTransport._connection              the aioice connection below
aioice.Connection.data_received          replaced on the instance: media packets skip two queues and a task switch
aioice.Connection._protocols,            to look at media before aioice tries to read each packet as STUN, which fails
StunProtocol.datagram_received           slowly, by an exception
aioice.Connection.get_component_         wrapped on the instance: aioice leaves 127.0.0.1 out, and the embedded cluster
candidates                               has nothing else
aioice.ice.StunProtocol                  calls ``receiver.data_received`` through the instance; replaced by a class that
                                         remembers its socket: aioice forgets those of a cancelled gathering
rtcsctptransport.SCTP_RTO_MIN            1 s by default: a lost key press would wait for it
RTCSctpTransport._rto                    3 s before the first measurement
RTCSctpTransport._sent_queue,            what the other side has not acknowledged, sent again before the timer does it
_send_chunk, _srtt; DataChunk._acked,
_abandoned, _max_retransmits
RTCSctpTransport._t3_expired             wrapped on the instance: aiortc does not back off (RFC 9260, section 6.3.3)
=======================================  ==========================================================================

``tests/loco_kiosk/media/test_rtc.py`` fails when one of them moves.
"""

import asyncio
import functools
from collections.abc import Callable, Iterable
from typing import Any

import aioice
import pylibsrtp
from aiortc import RTCPeerConnection, RTCRtpReceiver, RTCRtpTransceiver, rtcsctptransport
from aiortc.codecs import is_rtx
from aiortc.rtcdtlstransport import RTCDtlsTransport
from aiortc.rtcrtpparameters import RTCRtpReceiveParameters
from aiortc.rtp import (
    RTCP_PSFB_PLI,
    RTCP_RTPFB_NACK,
    AnyRtcpPacket,
    RtcpPsfbPacket,
    RtcpReceiverInfo,
    RtcpRrPacket,
    RtcpRtpfbPacket,
    RtcpSrPacket,
)

from loco_kiosk.media.receive_statistics import ReceptionReport
from loco_kiosk.media.srtp import Unprotector

SCTP_RTO_MIN_S = 0.05
"""Facts: at 10 % loss, sparse key presses have a p95 of 52 ms with this and 891 ms with the default."""
SCTP_RTO_INITIAL_S = 1.0
SCTP_RTO_LIMIT_S = 2.0
GATHER_S = 2
"""aioice waits 5 s for STUN and TURN servers, each time; one that is so slow is of no use for a live picture."""

PacketHandler = Callable[[bytes], None]


class InlineReceiver(RTCRtpReceiver):
    """An aiortc receiver that hands each packet to ``on_packet`` within the call that read it from the socket."""

    def __init__(
        self,
        transceiver: RTCRtpTransceiver,
        on_packet: PacketHandler,
        on_start: Callable[[frozenset[int]], None] = lambda _: None,
    ) -> None:
        """Takes the place of the transceiver's own receiver, before the offer is made.

        Args:
            transceiver: one that was just added.
            on_packet: gets unprotected RTP packets of all negotiated payload types.
            on_start: called once media may come, with the payload types of retransmissions.
        """
        super().__init__(transceiver.kind, transceiver.receiver.transport)
        self._ssrc: int = transceiver.sender._ssrc
        self._set_rtcp_ssrc(self._ssrc)
        self._on_packet = on_packet
        self._on_start = on_start
        self._sender_report = (0, 0.0)
        transceiver._RTCRtpTransceiver__receiver = self  # type: ignore[attr-defined]  # private, see module

    async def receive(self, parameters: RTCRtpReceiveParameters) -> None:
        """Begin; aiortc calls this when DTLS is done."""
        self.transport._register_rtp_receiver(self, parameters)
        types = {codec.payloadType: is_rtx(codec) for codec in parameters.codecs if codec.payloadType is not None}
        _tap(self.transport).add(types, self._on_packet)
        self._on_start(frozenset(number for number, retransmission in types.items() if retransmission))

    async def stop(self) -> None:
        """End; there is no thread to join."""
        self.transport._unregister_rtp_receiver(self)

    async def nack(self, ssrc: int, sequences: Iterable[int]) -> None:
        """Ask for packets again (RFC 4585, section 6.2.1)."""
        await self._report(RtcpRtpfbPacket(RTCP_RTPFB_NACK, self._ssrc, ssrc, list(sequences)))

    async def pli(self, ssrc: int) -> None:
        """Ask for a key frame (RFC 4585, section 6.3.1)."""
        await self._report(RtcpPsfbPacket(RTCP_PSFB_PLI, self._ssrc, ssrc))

    async def receiver_report(self, report: ReceptionReport) -> None:
        """Tell the sender how its packets arrive (RFC 3550, section 6.4.2)."""
        last_report, seen_s = self._sender_report
        delay = int((asyncio.get_running_loop().time() - seen_s) * 65_536) if last_report else 0
        info = RtcpReceiverInfo(
            ssrc=report.ssrc,
            fraction_lost=report.fraction_lost,
            packets_lost=report.packets_lost,
            highest_sequence=report.highest_sequence,
            jitter=report.jitter,
            lsr=last_report,
            dlsr=min(delay, 0xFFFF_FFFF),
        )
        await self._report(RtcpRrPacket(self._ssrc, [info]))

    async def _report(self, rtcp: AnyRtcpPacket) -> None:
        try:
            await self.transport._send_rtp(bytes(rtcp))
        except ConnectionError:
            return  # closing: nobody is left to report to

    def _handle_disconnect(self) -> None:
        """The connection state says it already."""

    async def _handle_rtcp_packet(self, packet: AnyRtcpPacket) -> None:
        if isinstance(packet, RtcpSrPacket):
            middle = (packet.sender_info.ntp_timestamp >> 16) & 0xFFFF_FFFF
            self._sender_report = (middle, asyncio.get_running_loop().time())


class DatagramTap:
    """Takes media packets out of an aioice connection as they arrive; everything else goes on to aiortc."""

    def __init__(self, transport: RTCDtlsTransport) -> None:
        connection: Any = transport.transport._connection
        self.unreadable = 0
        """Packets that SRTP refused: forged, replayed, or of a connection before."""
        self.empty = 0
        """Empty datagrams, which aiortc's DTLS transport would die of."""
        self._transport = transport
        self._unprotect: Unprotector | None = None
        self._pass_on: Callable[[bytes, int], None] = connection.data_received
        self._handlers: dict[int, PacketHandler] = {}
        connection.data_received = self.received
        for protocol in connection._protocols:
            protocol.datagram_received = functools.partial(self._first_look, protocol.datagram_received)

    def add(self, payload_types: Iterable[int], handler: PacketHandler) -> None:
        """Send packets of these payload types to ``handler``; DTLS is done."""
        self._unprotect = self._unprotect or Unprotector(self._transport._rx_srtp)
        self._handlers.update(dict.fromkeys(payload_types, handler))

    def _first_look(self, parse: Callable[[bytes, Any], None], data: bytes, address: Any) -> None:  # noqa: ANN401
        if data and 127 < data[0] < 192:
            self.received(data, 1)
        else:
            parse(data, address)

    def received(self, data: bytes, component: int) -> None:
        """One datagram that is not STUN (demultiplexed by RFC 7983, section 7)."""
        handler = self._handlers.get(data[1] & 0x7F) if len(data) > 1 and 127 < data[0] < 192 else None
        if handler is None or self._unprotect is None:
            if data:
                self._pass_on(data, component)
            else:
                self.empty += 1
            return
        try:
            plain = self._unprotect(data)
        except pylibsrtp.Error:
            self.unreadable += 1
            return
        handler(plain)


def gather_loopback_too(connection: aioice.Connection) -> None:
    """Offer 127.0.0.1 as a candidate as well, before gathering; STUN and TURN servers have a shorter time to answer.

    No STUN server is asked from 127.0.0.1: none can answer, and aioice would wait for it to the end.
    """
    gather = connection.get_component_candidates

    async def with_loopback(component: int, addresses: list[str], timeout: int = GATHER_S) -> list[aioice.Candidate]:
        servers = connection.stun_server, connection.turn_server
        connection.stun_server = connection.turn_server = None
        here = await gather(component, ["127.0.0.1"])
        connection.stun_server, connection.turn_server = servers
        return [*await gather(component, addresses, min(timeout, GATHER_S)), *here]

    connection.get_component_candidates = with_loopback  # type: ignore[method-assign]  # on the instance, on purpose


class _KeptStunProtocol(aioice.ice.StunProtocol):
    """Known to its connection from its first moment, for :func:`close_sockets`."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        vars(self.receiver).setdefault("kept_transports", []).append(transport)


aioice.ice.StunProtocol = _KeptStunProtocol  # type: ignore[misc]  # on purpose, see above


def close_sockets(peer: RTCPeerConnection) -> None:
    """Close what aioice left open; call after the connection was closed.

    WORKAROUND (aioice 0.13): it knows the sockets of its addresses only once all are there; one that is cancelled
    before leaves those that were made to the event loop, for ever.
    """
    for transport in vars(ice_connection(peer)).pop("kept_transports", ()):
        transport.close()


def ice_connection(peer: RTCPeerConnection) -> aioice.Connection:
    """The aioice connection that a bundled peer connection uses."""
    connection: aioice.Connection = peer.getTransceivers()[0].receiver.transport.transport._connection
    return connection


def hasten_data_channels(peer: RTCPeerConnection) -> None:
    """Retransmit lost data channel messages after tens of milliseconds; call after the first channel is made.

    WORKAROUND (aiortc 1.16): its retransmission timer never backs off. With so short a timer, two starved processes
    would bury each other in retransmissions, so each expiry doubles it; the next measured round trip resets it.
    """
    rtcsctptransport.SCTP_RTO_MIN = SCTP_RTO_MIN_S  # type: ignore[assignment]  # declared by its default, an int
    sctp = peer.sctp
    assert sctp is not None
    sctp._rto = SCTP_RTO_INITIAL_S
    expire = sctp._t3_expired

    def back_off_and_expire() -> None:
        sctp._rto = min(SCTP_RTO_LIMIT_S, 2 * sctp._rto)
        expire()

    sctp._t3_expired = back_off_and_expire  # type: ignore[method-assign]  # on the instance, on purpose


def unacknowledged(peer: RTCPeerConnection) -> list[Any]:
    """Chunks of reliable messages that are under way, oldest first."""
    sctp = peer.sctp
    sent = () if sctp is None else sctp._sent_queue
    return [chunk for chunk in sent if not (chunk._acked or chunk._abandoned) and chunk._max_retransmits is None]


async def send_again(peer: RTCPeerConnection, chunks: Iterable[Any]) -> None:
    """Send chunks of :func:`unacknowledged` once more, outside of SCTP's own accounts."""
    assert peer.sctp is not None
    for chunk in chunks:
        try:
            await peer.sctp._send_chunk(chunk)
        except ConnectionError:
            return  # closing


def data_round_trip_s(peer: RTCPeerConnection) -> float:
    """As SCTP has measured it; 0 before."""
    return 0.0 if peer.sctp is None else peer.sctp._srtt or 0.0


def unreadable_packets(peer: RTCPeerConnection) -> int:
    """Packets that SRTP refused."""
    return _tap(peer.getTransceivers()[0].receiver.transport).unreadable


def _tap(transport: RTCDtlsTransport) -> DatagramTap:
    connection = transport.transport._connection
    owner = getattr(connection.data_received, "__self__", None)
    return owner if isinstance(owner, DatagramTap) else DatagramTap(transport)
