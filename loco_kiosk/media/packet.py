"""One RTP packet, read (RFC 3550, section 5.1)."""

import struct
from typing import NamedTuple

from loco_kiosk.media.errors import PayloadError

_HEAD = struct.Struct("!BBHII")
_SEQUENCE_PERIOD = 1 << 16
_TIMESTAMP_PERIOD = 1 << 32


class Packet(NamedTuple):
    """The fields that a receiver needs; a tuple, since thousands are made every second."""

    sequence: int
    timestamp: int
    ssrc: int
    payload_type: int
    marker: bool
    payload: bytes


def parse(data: bytes) -> Packet:
    """Read an unprotected RTP packet.

    Raises:
        PayloadError: it is cut off or not RTP version 2.
    """
    if len(data) < _HEAD.size:
        raise PayloadError(f"An RTP packet has at least {_HEAD.size} bytes, not {len(data)}.")
    first, second, sequence, timestamp, ssrc = _HEAD.unpack_from(data)
    if first >> 6 != 2:
        raise PayloadError(f"RTP version {first >> 6} is not known.")
    start = _HEAD.size if first & 0x1F == 0 else _payload_start(data, first)
    end = len(data) - (data[-1] if first & 0x20 else 0)
    if start > end:
        raise PayloadError("The header and padding of an RTP packet are longer than the packet.")
    return Packet(sequence, timestamp, ssrc, second & 0x7F, second >= 0x80, data[start:end])


def unwrap_retransmission(packet: Packet, payload_type: int, ssrc: int) -> Packet:
    """The original of a retransmitted packet (RFC 4588, section 4).

    Raises:
        PayloadError: the original sequence number is missing.
    """
    if len(packet.payload) < 2:
        raise PayloadError("A retransmission has at least 2 bytes of payload.")
    sequence = int.from_bytes(packet.payload[:2], "big")
    return packet._replace(sequence=sequence, payload_type=payload_type, ssrc=ssrc, payload=packet.payload[2:])


def nearest_sequence(sequence: int, reference: int) -> int:
    """Extend a 16-bit sequence number to the unbounded one nearest to ``reference``."""
    return reference + _signed(sequence - reference, _SEQUENCE_PERIOD)


def timestamp_difference(later: int, earlier: int) -> int:
    """How far one 32-bit RTP time stamp is ahead of another, in its clock's ticks; negative when behind."""
    return _signed(later - earlier, _TIMESTAMP_PERIOD)


def _signed(difference: int, period: int) -> int:
    half = period >> 1
    return (difference + half) % period - half


def _payload_start(data: bytes, first: int) -> int:
    start = _HEAD.size + 4 * (first & 0x0F)
    if not first & 0x10:
        return start
    if len(data) < start + 4:
        raise PayloadError("The header extension of an RTP packet is cut off.")
    return start + 4 + 4 * int.from_bytes(data[start + 2 : start + 4], "big")
