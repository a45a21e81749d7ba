from ipaddress import IPv4Address, IPv4Network

from hypothesis import given
from hypothesis import strategies as st
from scapy.layers.dhcp import BOOTP, DHCP
from scapy.layers.inet import ICMP, IP, UDP
from scapy.layers.l2 import ARP, Ether
from scapy.packet import Packet as Scapy

from backend.contract.lan import PortKind
from backend.lan.address_service import AddressService
from backend.lan.frame import BROADCAST, mac_bytes, mac_text
from backend.lan.room import Room
from backend.lan.station import LanStation
from tests.backend.lan.wires import Ear, mac

STATION = mac_bytes("02:4c:4f:43:ff:ff")
SERVER = "192.168.98.1"


class Lan:
    """One guest and a link in a room with a station."""

    def __init__(self, *, serves: bool = True) -> None:
        self.room = Room("lan")
        addresses = AddressService(IPv4Network("192.168.98.0/24"), first=10, count=9, lease_s=60) if serves else None
        self.station = self.room.station = LanStation(STATION, self.room.inject, addresses)
        self.guest, self.other = Ear(1, own=True), Ear(2, own=True)
        self.link = Ear(10_001, kind=PortKind.LINK, max_macs=9)
        for port in (self.guest, self.other, self.link):
            self.room.add(port)
        if addresses is not None:
            addresses.reserve(mac(1), 0)

    def say(self, port: Ear, packet: Scapy) -> list[Scapy]:
        """What comes back on the same port."""
        before = len(port.heard)
        self.room.forward(port, bytes(packet), 1.0)
        return [Ether(data) for data in port.heard[before:]]


def of(number: int, target: bytes = BROADCAST) -> Scapy:
    return Ether(src=mac_text(mac(number)), dst=mac_text(target))


def discover(number: int, who: bytes, *, flags: int = 0) -> Scapy:
    options = DHCP(options=[("message-type", "discover"), "end"])
    datagram = IP(src="0.0.0.0", dst="255.255.255.255") / UDP(sport=68, dport=67)
    return of(number) / datagram / BOOTP(op=1, chaddr=who, flags=flags, xid=3) / options


def who_has(number: int, target: str, sender: str = "192.168.98.10") -> Scapy:
    return of(number) / ARP(op=1, hwsrc=mac_text(mac(number)), psrc=sender, pdst=target)


def test_a_guest_is_offered_an_address_and_nobody_else_hears_the_offer() -> None:
    lan = Lan()
    (offer,) = lan.say(lan.guest, discover(1, mac(1)))
    assert (offer.dst, offer[IP].dst, offer[BOOTP].yiaddr) == (mac_text(mac(1)), "192.168.98.10", "192.168.98.10")
    assert (offer[UDP].sport, offer[UDP].dport, offer[IP].src) == (67, 68, SERVER)
    assert len(lan.other.heard) == 1


def test_a_guest_that_asks_for_a_broadcast_gets_one() -> None:
    lan = Lan()
    (offer,) = lan.say(lan.guest, discover(1, mac(1), flags=0x8000))
    assert (offer.dst, offer[IP].dst) == ("ff:ff:ff:ff:ff:ff", "255.255.255.255")


def test_a_guest_cannot_ask_in_anothers_name() -> None:
    lan = Lan()
    assert not lan.say(lan.guest, discover(1, mac(7)))


def test_another_sites_guests_are_not_served() -> None:
    lan = Lan()
    assert not lan.say(lan.link, discover(5, mac(5)))
    assert not lan.say(lan.link, who_has(5, SERVER))


def test_the_switch_answers_arp_for_its_own_address_only() -> None:
    lan = Lan()
    (reply,) = lan.say(lan.guest, who_has(1, SERVER))
    assert (reply[ARP].op, reply[ARP].hwsrc, reply[ARP].psrc) == (2, mac_text(STATION), SERVER)
    assert not lan.say(lan.guest, who_has(1, "192.168.98.11"))


def test_the_switch_answers_a_ping() -> None:
    lan = Lan()
    (reply,) = lan.say(lan.guest, of(1, STATION) / IP(src="192.168.98.10", dst=SERVER) / ICMP(id=4) / b"hello")
    assert (reply[ICMP].type, reply[ICMP].id, reply[IP].dst) == (0, 4, "192.168.98.10")


def test_who_has_which_address_is_learned_from_arp() -> None:
    lan = Lan(serves=False)
    lan.say(lan.guest, who_has(1, "10.0.0.2", sender="10.0.0.1"))
    assert [(str(each.address), each.mac) for each in lan.station.neighbours.of(lan.guest)] == [("10.0.0.1", mac(1))]


def test_a_lie_by_arp_is_not_believed() -> None:
    lan = Lan()
    lie = of(1) / ARP(op=2, hwsrc=mac_text(mac(2)), psrc="192.168.98.11", pdst="192.168.98.12")
    lan.say(lan.guest, lie)
    lan.say(lan.guest, who_has(1, "192.168.98.12", sender=SERVER))
    assert not lan.station.neighbours.of(lan.guest)


def test_an_answer_to_the_switchs_question_is_told_from_other_arp() -> None:
    lan = Lan()
    lan.station.ask(lan.guest, IPv4Address("192.168.98.10"), mac(1))
    question = Ether(lan.guest.heard[-1])
    assert (question.dst, question[ARP].pdst, question[ARP].psrc) == (mac_text(mac(1)), "192.168.98.10", SERVER)
    assert not lan.other.heard
    answer = ARP(op=2, hwsrc=mac_text(mac(1)), psrc="192.168.98.10", pdst=SERVER, hwdst=mac_text(STATION))
    lan.say(lan.guest, of(1, STATION) / answer)
    assert lan.station.neighbours.of(lan.guest)[0].answered_s > 0


def test_without_an_address_service_the_switch_has_no_address() -> None:
    lan = Lan(serves=False)
    assert not lan.say(lan.guest, discover(1, mac(1)))
    assert not lan.say(lan.guest, who_has(1, SERVER))


@given(st.sampled_from([0x0800, 0x0806]), st.binary(max_size=400))
def test_hostile_packets_to_the_switch_disturb_nothing(kind: int, data: bytes) -> None:
    lan = Lan()
    lan.room.forward(lan.guest, STATION + mac(1) + kind.to_bytes(2) + data, 1.0)
    assert lan.say(lan.guest, discover(1, mac(1)))
