"""Ready payloads to one viewer, past aiortc's sender.

aiortc encodes once per viewer, in a thread, and takes three awaits a packet. We encode and packetise once for all, and
push the payloads. Private names of aiortc 1.16 and aioice 0.13, watched by ``test_rtc.py`` like those of ``rtc.py``:

- ``RTCRtpSender``: ``_ssrc``, ``_rtx_ssrc``, ``_send_keyframe``, ``_retransmit``, ``_handle_rtcp_packet``, the
  counters that its sender reports tell: ``__ntp_timestamp``, ``__rtp_timestamp``, ``__packet_count``,
  ``__octet_count``, and which report left last: ``__lsr``, ``__lsr_time``
- ``RTCRtpTransceiver``: ``_codecs``; ``RTCDtlsTransport``: ``_tx_srtp``, ``_state``; ``RTCIceTransport``:
  ``_connection``; ``aioice.Connection``: ``_nominated``; ``aiortc.clock.current_ntp_time``
"""

import asyncio
import functools
import secrets
import struct
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import aioice.ice
import aiortc.clock
from aiortc import RTCRtpTransceiver
from aiortc.rtcdtlstransport import RTCDtlsTransport, State
from aiortc.rtcrtpparameters import RTCRtpCodecParameters
from aiortc.rtp import AnyRtcpPacket, RtcpReceiverInfo, RtcpRrPacket, RtcpSrPacket

from backend.contract.token_bucket import TokenBucket
from backend.streamer.own_address import is_own_address
from backend.streamer.reception import Reception
from backend.streamer.spreader import AT_ONCE, FASTEST_BPS, Spreader
from backend.streamer.srtp import Protector

_HISTORY = 512
"""Packets kept for retransmission: more than four seconds of a lively screen, or several key frames."""
_MAX_BACKLOG_BYTES = 512 * 1024
"""Unsent bytes in the socket of a viewer from which on pictures are dropped for that viewer."""
_REPORT_S = 0.1
_RETRANSMITTED_BPS = 20_000_000
"""Unless the way is known to be narrower."""
_RETRANSMITTED_BURST_BYTES = 64 * 1200
_REPEAT_AFTER_S = 0.008
"""A packet that was asked for again is sent again after this time, or about a round trip, at the soonest, and after
twice as long each further time: a full queue must not be filled with copies."""
_MOST_DOUBLINGS = 6
_COPY_AFTER_S = 0.003
_HEADER = struct.Struct("!BBHII")
_VERSION = 0x80
_MARKER = 0x80


class _Way(NamedTuple):
    """How packets of a viewer leave; kept, since it is asked for with each picture."""

    pair: aioice.ice.CandidatePair
    copies: bool
    socket: Any
    backlog: Callable[[], int] | None
    write: Callable[[bytes], None]


def _way(pair: aioice.ice.CandidatePair, protect: Protector, copies: bool) -> _Way:
    socket = pair.protocol.transport
    send = functools.partial(_send_twice, socket) if copies else socket.sendto
    write = functools.partial(_protect_and_send, protect, send, pair.remote_addr)
    return _Way(pair, copies, socket, getattr(socket, "get_write_buffer_size", None), write)


class PushSender:
    """Sends ready payloads of one stream to one viewer: header, SRTP, socket; repeats them on NACK.

    Make it when the connection is established. ``on_key_frame`` is called for each PLI or FIR of the viewer.
    """

    def __init__(self, transceiver: RTCRtpTransceiver, on_key_frame: Callable[[], None]) -> None:
        self._sender = transceiver.sender
        self._dtls = transceiver.sender.transport
        self._payload_type = _payload_type(transceiver._codecs[0])
        rtx = [codec.payloadType for codec in transceiver._codecs if codec.parameters.get("apt") == self._payload_type]
        self._rtx_payload_type = rtx[0] if rtx else None
        # Starts in the lower half, so that the first wrap is far away: SRTP keys break if it comes with packets lost.
        self._sequence = secrets.randbelow(0x8000)
        self._rtx_sequence = secrets.randbelow(0x8000)
        self._history: list[tuple[int, int, int, bytes] | None] = [None] * _HISTORY
        self._repeats: list[tuple[int, int, float]] = [(-1, 0, 0.0)] * _HISTORY
        self._budget = TokenBucket(_RETRANSMITTED_BPS / 8, _RETRANSMITTED_BURST_BYTES)
        self._repeat_after_s = _REPEAT_AFTER_S
        self._packets = 0
        self._octets = 0
        self._repeated_octets = 0
        self._reported_s = float("-inf")
        self.retransmitted = 0
        self.on_this_machine = _is_on_this_machine(self._dtls)
        """Whether the packets go over the loopback interface, as those to any address of this machine do."""
        self.spread = False
        """Whether the packets of a large picture leave over some time; needless where no queue is on the way."""
        self.spreader: Spreader[tuple[int, int, bytes]] = Spreader(self._write, _payload_length)
        self.copies = False
        """Whether each packet is sent twice; see :mod:`backend.streamer.copies`."""
        session = self._dtls._tx_srtp
        self._protect = None if session is None else Protector(session)
        self._way: _Way | None = None
        self._sender._send_keyframe = on_key_frame  # type: ignore[method-assign]  # called by its RTCP handler
        self._sender._retransmit = self._retransmit  # type: ignore[method-assign]  # likewise
        self.on_reception: Callable[[Reception], None] = lambda _: None
        """Called with each of the viewer's reports on this stream."""
        self._handle_rtcp = self._sender._handle_rtcp_packet
        self._sender._handle_rtcp_packet = self._heard  # type: ignore[method-assign]  # the transport calls it

    @property
    def octets(self) -> int:
        """Of media that left, with what was sent again."""
        return self._octets + self._repeated_octets

    def send(self, payloads: Sequence[bytes], timestamp: int, *, marker: bool = True) -> bool:
        """Send one picture or sound block now; the last packet carries the marker bit if ``marker``.

        Returns False, with nothing sent, when the viewer is gone or its socket is full.
        """
        write = self._writer()
        if write is None:
            return False
        last = len(payloads) - 1
        if self.spread and (last >= AT_ONCE or self.spreader.busy):
            return self._send_spread(payloads, timestamp, last if marker else -1)
        for index, payload in enumerate(payloads):
            kind = self._payload_type | (_MARKER if marker and index == last else 0)
            self._pack_and_write(write, kind, timestamp, payload)
        self._report(timestamp)
        return True

    def forget(self) -> None:
        """Nothing sent so far is worth anything any more: send none of it again, nor what waits to leave."""
        if self.spreader.busy:
            self.spreader.clear()
            # A picture without its end must look like one with a loss, not like a whole one.
            self._sequence = (self._sequence + 1) & 0xFFFF
        self._history = [None] * _HISTORY

    def limit_rate(self, bit_rate_bps: float) -> None:
        """The way carries about so much: large pictures and retransmissions keep to it."""
        self.spreader.rate_bps = round(min(FASTEST_BPS, bit_rate_bps))
        self._budget = TokenBucket(min(_RETRANSMITTED_BPS, bit_rate_bps) / 8, _RETRANSMITTED_BURST_BYTES)

    def expect_round_trip(self, round_trip_s: float) -> None:
        """So long a retransmission takes to arrive."""
        self._repeat_after_s = max(_REPEAT_AFTER_S, 0.8 * round_trip_s)

    def _send_spread(self, payloads: Sequence[bytes], timestamp: int, marked: int) -> bool:
        if self.spreader.full:
            return False
        kinds = (self._payload_type | (_MARKER if index == marked else 0) for index in range(len(payloads)))
        self.spreader.add([(kind, timestamp, payload) for kind, payload in zip(kinds, payloads, strict=True)])
        return True

    def _write(self, packet: tuple[int, int, bytes]) -> None:
        write = self._writer()
        if write is None:
            self.spreader.clear()
            return
        kind, timestamp, payload = packet
        self._pack_and_write(write, kind, timestamp, payload)
        self._report(timestamp)

    def _pack_and_write(self, write: Callable[[bytes], None], kind: int, timestamp: int, payload: bytes) -> None:
        sequence = self._sequence
        self._history[sequence % _HISTORY] = (sequence, kind, timestamp, payload)
        write(_HEADER.pack(_VERSION, kind, sequence, timestamp, self._sender._ssrc) + payload)
        self._sequence = (sequence + 1) & 0xFFFF
        self._octets += len(payload)
        self._packets += 1

    def _writer(self) -> Callable[[bytes], None] | None:
        pair = self._dtls.transport._connection._nominated.get(1)
        if self._protect is None or pair is None or self._dtls._state is not State.CONNECTED:
            return None
        way = self._way
        if way is None or way.pair is not pair or way.copies is not self.copies:
            way = self._way = _way(pair, self._protect, self.copies)
        # The transport of a relayed pair is aioice's own, which has no backlog to ask for.
        if way.backlog is not None and (way.socket.is_closing() or way.backlog() > _MAX_BACKLOG_BYTES):
            return None
        return way.write

    def _report(self, timestamp: int) -> None:
        vars(self._sender).update(_RTCRtpSender__packet_count=self._packets, _RTCRtpSender__octet_count=self._octets)
        # A sender report leaves about each second; the wall clock is slow to tell.
        now_s = time.monotonic()
        if now_s - self._reported_s >= _REPORT_S:
            self._reported_s = now_s
            vars(self._sender).update(
                _RTCRtpSender__ntp_timestamp=aiortc.clock.current_ntp_time(), _RTCRtpSender__rtp_timestamp=timestamp
            )

    async def _heard(self, packet: AnyRtcpPacket) -> None:
        if isinstance(packet, RtcpRrPacket | RtcpSrPacket):
            for report in packet.reports:
                if report.ssrc == self._sender._ssrc:
                    self.on_reception(self._reception(report))
        await self._handle_rtcp(packet)

    def _reception(self, report: RtcpReceiverInfo) -> Reception:
        # RFC 3550, section 6.4.1: what has passed since our report left, without the time for which the viewer kept it.
        round_trip_s = None
        if report.dlsr and report.lsr == vars(self._sender)["_RTCRtpSender__lsr"]:
            gone_s = time.time() - vars(self._sender)["_RTCRtpSender__lsr_time"]
            round_trip_s = max(0.0, gone_s - report.dlsr / 65_536)
        return Reception(
            fraction_lost=report.fraction_lost / 256,
            packets_lost=report.packets_lost,
            highest_sequence=report.highest_sequence,
            round_trip_s=round_trip_s,
            packets=self._packets,
            octets=self.octets,
            now_s=asyncio.get_running_loop().time(),
        )

    async def _retransmit(self, sequence_number: int) -> None:
        sequence = sequence_number
        kept = self._history[sequence % _HISTORY]
        write = self._writer()
        if kept is None or kept[0] != sequence or write is None:
            return
        _, kind, timestamp, payload = kept
        now_s = asyncio.get_running_loop().time()
        if self._too_soon(sequence, now_s) or not self._budget.take(now_s, len(payload)):
            return
        self.retransmitted += 1
        self._repeated_octets += len(payload)
        if self._rtx_payload_type is None:
            write(_HEADER.pack(_VERSION, kind, sequence, timestamp, self._sender._ssrc) + payload)
            return
        # RFC 4588, section 4: a stream of its own, each packet led by the sequence number that it repeats.
        kind = self._rtx_payload_type | (kind & _MARKER)
        header = _HEADER.pack(_VERSION, kind, self._rtx_sequence, timestamp, self._sender._rtx_ssrc)
        write(header + sequence.to_bytes(2, "big") + payload)
        self._rtx_sequence = (self._rtx_sequence + 1) & 0xFFFF

    def _too_soon(self, sequence: int, now_s: float) -> bool:
        repeated, times, last_s = self._repeats[sequence % _HISTORY]
        if repeated != sequence:
            times = 0
        elif now_s - last_s < self._repeat_after_s * 2 ** min(times - 1, _MOST_DOUBLINGS):
            return True
        self._repeats[sequence % _HISTORY] = (sequence, times + 1, now_s)
        return False


def _payload_type(codec: RTCRtpCodecParameters) -> int:
    assert codec.payloadType is not None  # negotiated
    return codec.payloadType


def _payload_length(packet: tuple[int, int, bytes]) -> int:
    return len(packet[2])


def _is_on_this_machine(dtls: RTCDtlsTransport) -> bool:
    pair = dtls.transport._connection._nominated.get(1)
    return pair is not None and is_own_address(pair.remote_addr[0])


def _send_twice(socket: Any, datagram: bytes, address: tuple[str, int]) -> None:  # noqa: ANN401 - of aioice or asyncio
    socket.sendto(datagram, address)
    # What loses the one packet shall have passed before the other comes.
    asyncio.get_running_loop().call_later(_COPY_AFTER_S, _send_copy, socket, datagram, address)


def _send_copy(socket: Any, datagram: bytes, address: tuple[str, int]) -> None:  # noqa: ANN401 - likewise
    # The transport of a relayed pair is aioice's own, which cannot tell.
    is_closing = getattr(socket, "is_closing", None)
    if is_closing is None or not is_closing():
        socket.sendto(datagram, address)


def _protect_and_send(
    protect: Protector, sendto: Callable[[bytes, Any], None], address: tuple[str, int], packet: bytes
) -> None:
    sendto(protect(packet), address)
