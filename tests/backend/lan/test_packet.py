from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scapy.layers import inet, l2
from scapy.layers.l2 import Ether
from scapy.packet import Raw

from backend.lan.frame import UDP
from backend.lan.packet import (
    ARP_REPLY,
    ICMP,
    SYN,
    TCP,
    Arp,
    Packet,
    arp_frame,
    checksum,
    echo_reply,
    ipv4_frame,
    read_arp,
    read_ipv4,
    read_tcp,
    read_udp,
    tcp,
    udp,
)
from tests.backend.lan.wires import mac

HERE, THERE = IPv4Address("192.168.98.1"), IPv4Address("192.168.98.10")
ETHER = Ether(src="02:4c:4f:43:00:00", dst="02:4c:4f:43:00:01")


def sums_are_right(frame: bytes) -> bool:
    """Whether scapy would have written the same check sums."""
    packet = Ether(frame)
    for layer in (inet.IP, inet.UDP, inet.TCP, inet.ICMP):
        if layer in packet:
            del packet[layer].chksum
    return bytes(packet) == frame


def test_arp_is_written_as_others_read_it() -> None:
    arp = Arp(ARP_REPLY, mac(1), HERE, mac(2), THERE)
    read = Ether(arp_frame(arp, mac(2)))[l2.ARP]
    assert (read.op, read.hwsrc, read.psrc, read.pdst) == (2, "02:4c:4f:43:00:00", str(HERE), str(THERE))
    assert read_arp(arp_frame(arp, mac(2))) == arp


def test_arp_of_others_is_read() -> None:
    frame = bytes(ETHER / l2.ARP(op=1, psrc=str(THERE), pdst=str(HERE), hwsrc="02:4c:4f:43:00:00"))
    assert read_arp(frame) == Arp(1, mac(1), THERE, bytes(6), HERE)


@given(st.binary(max_size=1400), st.integers(0, 65_535), st.integers(0, 65_535))
def test_a_datagram_has_right_check_sums_and_is_read_back(data: bytes, source: int, destination: int) -> None:
    packet = Packet(HERE, THERE, UDP, data)
    whole = Packet(HERE, THERE, UDP, udp(packet, source, destination))
    frame = ipv4_frame(whole, source=mac(1), destination=mac(2))
    read = read_ipv4(frame)
    assert read == whole
    assert read_udp(whole) == (source, destination, data)
    assert Ether(frame)[inet.UDP].len == 8 + len(data)
    assert sums_are_right(frame)


def test_a_tcp_question_is_one_that_others_understand() -> None:
    packet = Packet(HERE, THERE, TCP, b"")
    segment = tcp(packet, (49_152, 47_624), flags=SYN, sequence=7)
    frame = ipv4_frame(Packet(HERE, THERE, TCP, segment), source=mac(1), destination=mac(2))
    read = Ether(frame)[inet.TCP]
    assert (read.sport, read.dport, str(read.flags), read.seq) == (49_152, 47_624, "S", 7)
    assert sums_are_right(frame)


def test_an_answer_by_tcp_is_read() -> None:
    frame = bytes(ETHER / inet.IP(src=str(THERE), dst=str(HERE)) / inet.TCP(sport=2300, dport=9, flags="SA", ack=8))
    packet = read_ipv4(frame)
    assert packet is not None
    assert read_tcp(packet) == (2300, 9, 0x12, 8)


def test_a_ping_is_answered_with_what_it_carries() -> None:
    frame = bytes(ETHER / inet.IP() / inet.ICMP(id=3, seq=4) / Raw(b"odd"))
    packet = read_ipv4(frame)
    assert packet is not None
    reply = echo_reply(packet)
    assert reply is not None
    read = inet.ICMP(reply)
    assert (read.type, read.id, read.seq, bytes(read.payload)) == (0, 3, 4, b"odd")
    assert checksum(reply) == 0


@pytest.mark.parametrize("damage", [(16, 0xFF), (24, 1), (14, 0x55), (20, 0x20)])
def test_a_damaged_or_fragmented_packet_is_none(damage: tuple[int, int]) -> None:
    frame = bytearray(bytes(ETHER / inet.IP() / inet.UDP() / Raw(b"data")))
    frame[damage[0]] ^= damage[1]
    assert read_ipv4(bytes(frame)) is None


def test_a_datagram_with_a_wrong_sum_is_none_and_without_one_is_read() -> None:
    for value, readable in ((1, False), (0, True)):
        frame = bytes(ETHER / inet.IP() / inet.UDP(sport=1, dport=2, chksum=value) / Raw(b"data"))
        packet = read_ipv4(frame)
        assert packet is not None
        assert (read_udp(packet) is not None) is readable


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    frame = bytes(12) + data
    read_arp(frame)
    packet = read_ipv4(frame) or Packet(HERE, THERE, (UDP, TCP, ICMP)[len(data) % 3], data)
    read_udp(packet)
    read_tcp(packet)
    echo_reply(packet)
