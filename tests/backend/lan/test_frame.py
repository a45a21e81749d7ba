import pytest
from hypothesis import given
from hypothesis import strategies as st
from scapy.layers.dhcp import BOOTP, DHCP
from scapy.layers.inet import IP, TCP, UDP
from scapy.layers.inet6 import ICMPv6ND_RS, IPv6
from scapy.layers.l2 import ARP, LLC, STP, Dot3, Ether
from scapy.packet import Packet, Raw

from backend.contract.errors import SettingsError
from backend.lan.frame import ethertype, mac_bytes, mac_text, protocol

ETHER = Ether(dst="ff:ff:ff:ff:ff:ff", src="02:4c:4f:43:00:01")


@pytest.mark.parametrize(
    ("packet", "name"),
    [
        (ETHER / ARP(), "arp"),
        (ETHER / IP() / UDP(sport=68, dport=67) / BOOTP() / DHCP(), "dhcp"),
        (ETHER / IP() / UDP(dport=137), "netbios"),
        (ETHER / IP(options=b"\x94\x04\0\0") / UDP(dport=47624), "directplay"),
        (ETHER / IP() / UDP(dport=2350), "directplay"),
        (ETHER / IP() / UDP(dport=9999), "ip"),
        (ETHER / IP() / TCP(), "ip"),
        (ETHER / IPv6() / ICMPv6ND_RS(), "ipv6"),
        (Ether(dst="ff:ff:ff:ff:ff:ff", type=0x8137) / Raw(bytes(30)), "ipx"),
        (Dot3(dst="ff:ff:ff:ff:ff:ff") / Raw(b"\xff\xff" + bytes(28)), "ipx"),
        (Dot3(dst="03:00:00:00:00:01") / LLC(dsap=0xF0, ssap=0xF0), "netbios"),
        (Dot3(dst="01:80:c2:00:00:00") / LLC() / STP(), "stp"),
        (Ether(type=0x88B5) / Raw(b"hello"), "loco"),
        (Ether(type=0x1234) / Raw(b"hello"), "other"),
    ],
)
def test_protocols_are_told_apart(packet: Packet, name: str) -> None:
    assert protocol(bytes(packet)) == name


@given(st.binary(min_size=14, max_size=1522))
def test_any_frame_has_a_protocol(data: bytes) -> None:
    assert protocol(data)
    assert 0 <= ethertype(data) <= 0xFFFF


@given(st.binary(min_size=6, max_size=6).filter(lambda mac: not mac[0] & 1))
def test_an_address_is_read_as_it_is_written(mac: bytes) -> None:
    assert mac_bytes(mac_text(mac)) == mac
    assert mac_bytes(mac_text(mac).replace(":", "-").upper()) == mac


@pytest.mark.parametrize("text", ["", "02:4c:4f:43:00", "zz:4c:4f:43:00:01", "ff:ff:ff:ff:ff:ff"])
def test_what_is_no_address_of_a_card_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="02:4c:4f:43:00:03"):
        mac_bytes(text)
