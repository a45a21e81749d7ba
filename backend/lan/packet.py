"""The few packets that the switch's own station speaks: ARP, IPv4, UDP, TCP SYN, ICMP echo. Pure.

Sources: RFC 826 (ARP), RFC 791 (IPv4), RFC 768 (UDP), RFC 9293 (TCP), RFC 792 (ICMP).
"""

import struct
from dataclasses import dataclass
from ipaddress import IPv4Address

from backend.lan.frame import TYPE_ARP, TYPE_IPV4, UDP, Mac, ethertype

ICMP, TCP = 1, 6
ARP_REQUEST, ARP_REPLY = 1, 2
SYN, RST, ACK = 0x02, 0x04, 0x10
NOBODY = IPv4Address(0)
_ARP = struct.Struct("!HHBBH6s4s6s4s")
_ARP_ETHERNET = (1, TYPE_IPV4, 6, 4)
_IPV4 = struct.Struct("!BBHHHBBH4s4s")
_UDP = struct.Struct("!HHHH")
_TCP = struct.Struct("!HHIIBBHHH")
_TTL = 64


@dataclass(frozen=True, slots=True)
class Arp:
    """An ARP packet for IPv4 over Ethernet."""

    operation: int
    sender_mac: Mac
    sender: IPv4Address
    target_mac: Mac
    target: IPv4Address


@dataclass(frozen=True, slots=True)
class Packet:
    """An IPv4 packet without options and fragments."""

    source: IPv4Address
    destination: IPv4Address
    protocol: int
    payload: bytes


def arp_frame(arp: Arp, destination: Mac) -> bytes:
    """A whole frame."""
    packed = _ARP.pack(
        *_ARP_ETHERNET, arp.operation, arp.sender_mac, arp.sender.packed, arp.target_mac, arp.target.packed
    )
    return ethernet(destination, arp.sender_mac, TYPE_ARP, packed)


def read_arp(frame: bytes) -> Arp | None:
    """The ARP packet in a frame; None where there is none that makes sense."""
    if len(frame) < 14 + _ARP.size or ethertype(frame) != TYPE_ARP:
        return None
    *head, operation, sender_mac, sender, target_mac, target = _ARP.unpack_from(frame, 14)
    if tuple(head) != _ARP_ETHERNET:
        return None
    return Arp(operation, sender_mac, IPv4Address(sender), target_mac, IPv4Address(target))


def ipv4_frame(packet: Packet, *, source: Mac, destination: Mac) -> bytes:
    """A whole frame."""
    ends = packet.source.packed, packet.destination.packed
    length = _IPV4.size + len(packet.payload)
    head = _IPV4.pack(0x45, 0, length, 0, 0x4000, _TTL, packet.protocol, 0, *ends)
    head = head[:10] + checksum(head).to_bytes(2) + head[12:]
    return ethernet(destination, source, TYPE_IPV4, head + packet.payload)


def read_ipv4(frame: bytes) -> Packet | None:
    """The IPv4 packet in a frame; None for fragments, and where lengths or the check sum do not fit."""
    if len(frame) < 34 or ethertype(frame) != TYPE_IPV4:
        return None
    first, _, length, _, fragment, _, kind, _, source, destination = _IPV4.unpack_from(frame, 14)
    header = (first & 0x0F) * 4
    whole = first >> 4 == 4 and header >= 20 and header <= length <= len(frame) - 14 and not fragment & 0x3FFF
    if not whole or checksum(frame[14 : 14 + header]):
        return None
    return Packet(IPv4Address(source), IPv4Address(destination), kind, frame[14 + header : 14 + length])


def udp(packet: Packet, source_port: int, destination_port: int) -> bytes:
    """A UDP datagram around ``packet.payload``, with its check sum."""
    head = _UDP.pack(source_port, destination_port, _UDP.size + len(packet.payload), 0)
    value = checksum(_pseudo_header(packet, UDP, len(head) + len(packet.payload)) + head + packet.payload)
    return head[:6] + (value or 0xFFFF).to_bytes(2) + packet.payload


def read_udp(packet: Packet) -> tuple[int, int, bytes] | None:
    """Source port, destination port and data; None where it is no whole datagram or its check sum is wrong."""
    data = packet.payload
    if packet.protocol != UDP or len(data) < _UDP.size:
        return None
    source, destination, length, value = _UDP.unpack_from(data)
    if not _UDP.size <= length <= len(data):
        return None
    if value and checksum(_pseudo_header(packet, UDP, length) + data[:length]):
        return None
    return source, destination, data[_UDP.size : length]


def tcp(packet: Packet, ports: tuple[int, int], *, flags: int, sequence: int) -> bytes:
    """A TCP segment without data, from the first port to the second; ``packet`` has the addresses."""
    head = _TCP.pack(*ports, sequence, 0, 5 << 4, flags, 1024, 0, 0)
    value = checksum(_pseudo_header(packet, TCP, len(head)) + head)
    return head[:16] + value.to_bytes(2) + head[18:]


def read_tcp(packet: Packet) -> tuple[int, int, int, int] | None:
    """Source port, destination port, flags and acknowledgement number; None where it is no segment."""
    if packet.protocol != TCP or len(packet.payload) < _TCP.size:
        return None
    source, destination, _, acknowledged, _, flags, *_ = _TCP.unpack_from(packet.payload)
    return source, destination, flags, acknowledged


def echo_reply(packet: Packet) -> bytes | None:
    """The ICMP answer to an echo request; None where it is none."""
    data = packet.payload
    if packet.protocol != ICMP or len(data) < 8 or data[0] != 8 or checksum(data):
        return None
    answer = b"\0\0\0\0" + data[4:]
    return answer[:2] + checksum(answer).to_bytes(2) + answer[4:]


def ethernet(destination: Mac, source: Mac, kind: int, payload: bytes) -> bytes:
    """A frame, padded to the least that Ethernet has (IEEE 802.3, 4.2.3.3)."""
    return (destination + source + kind.to_bytes(2) + payload).ljust(60, b"\0")


def checksum(data: bytes) -> int:
    """The Internet check sum (RFC 1071); 0 over what holds its own right one."""
    if len(data) % 2:
        data += b"\0"
    total: int = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def _pseudo_header(packet: Packet, kind: int, length: int) -> bytes:
    return packet.source.packed + packet.destination.packed + struct.pack("!BBH", 0, kind, length)
