"""The switch's own host in a room: it answers ARP, ping and DHCP, and hears who has which IPv4 address.

It never floods: each of its frames goes to one port, so that it disturbs nobody else.
"""

import time
from collections.abc import Callable
from ipaddress import IPv4Address

from backend.contract.lan import PortKind
from backend.lan.address_service import AddressService
from backend.lan.dhcp_message import (
    BROADCAST_FLAG,
    CLIENT_PORT,
    SERVER_PORT,
    DhcpMessage,
    MessageType,
    read_request,
    write_reply,
)
from backend.lan.frame import BROADCAST, TYPE_ARP, TYPE_IPV4, UDP, Mac, ethertype
from backend.lan.neighbours import Neighbours
from backend.lan.packet import (
    ARP_REPLY,
    ARP_REQUEST,
    ICMP,
    NOBODY,
    TCP,
    Arp,
    Packet,
    arp_frame,
    echo_reply,
    ipv4_frame,
    read_arp,
    read_ipv4,
    read_udp,
    udp,
)
from backend.lan.port import Port

Inject = Callable[[Port, bytes], bool]
OnTcp = Callable[[Port, Packet], None]
_EVERYWHERE = IPv4Address("255.255.255.255")


class LanStation:
    """One room's; without ``addresses`` it has no IP address and only listens."""

    def __init__(self, mac: Mac, inject: Inject, addresses: AddressService | None = None) -> None:
        """``inject`` gives a frame to one port."""
        self.mac = mac
        self.addresses = addresses
        self.neighbours = Neighbours()
        self.on_tcp: OnTcp = _nobody
        self._inject = inject

    @property
    def address(self) -> IPv4Address:
        """Its own, 0.0.0.0 where it has none."""
        return NOBODY if self.addresses is None else self.addresses.server

    def hear(self, port: Port, frame: bytes) -> None:
        """See :class:`backend.lan.room.Station`."""
        kind = ethertype(frame)
        if kind == TYPE_ARP:
            self._hear_arp(port, frame)
        elif kind == TYPE_IPV4 and self.addresses is not None:
            packet = read_ipv4(frame)
            if packet is not None:
                self._hear_ipv4(port, frame[6:12], packet)

    def ask(self, port: Port, address: IPv4Address, mac: Mac) -> None:
        """Ask one host by ARP whether it is there; the answer shows in :attr:`neighbours`."""
        self._inject(port, arp_frame(Arp(ARP_REQUEST, self.mac, self.address, bytes(6), address), mac))

    def send(self, port: Port, packet: Packet, destination: Mac) -> None:
        """Send an IPv4 packet to a host behind ``port``."""
        self._inject(port, ipv4_frame(packet, source=self.mac, destination=destination))

    def _hear_arp(self, port: Port, frame: bytes) -> None:
        arp = read_arp(frame)
        # Who tells another's address by ARP is not believed.
        if arp is None or arp.sender_mac != frame[6:12] or arp.sender == self.address:
            return
        if arp.sender != NOBODY:
            answered = arp.operation == ARP_REPLY and frame[:6] == self.mac
            self.neighbours.hear(port, arp.sender, arp.sender_mac, time.monotonic(), answered=answered)
        if arp.operation == ARP_REQUEST and arp.target == self.address and port.kind is not PortKind.LINK:
            reply = Arp(ARP_REPLY, self.mac, self.address, arp.sender_mac, arp.sender)
            self._inject(port, arp_frame(reply, arp.sender_mac))

    def _hear_ipv4(self, port: Port, source: Mac, packet: Packet) -> None:
        # Each site's switch serves its own guests.
        if port.kind is PortKind.LINK:
            return
        if packet.protocol == UDP:
            self._hear_udp(port, source, packet)
        elif packet.destination != self.address:
            return
        elif packet.protocol == TCP:
            self.on_tcp(port, packet)
        elif packet.protocol == ICMP and (reply := echo_reply(packet)) is not None:
            self.send(port, Packet(self.address, packet.source, ICMP, reply), source)

    def _hear_udp(self, port: Port, source: Mac, packet: Packet) -> None:
        datagram = read_udp(packet)
        if datagram is None or datagram[1] != SERVER_PORT or self.addresses is None:
            return
        message = read_request(datagram[2])
        # A guest asks for itself only, so that none can use up the addresses.
        if message is None or message.chaddr != source:
            return
        now_s = time.monotonic()
        reply = self.addresses.answer(message, now_s)
        if reply is not None:
            self._send_reply(port, reply)
            if reply.type is MessageType.ACK:
                self.neighbours.hear(port, reply.yiaddr if int(reply.yiaddr) else reply.ciaddr, source, now_s)

    def _send_reply(self, port: Port, reply: DhcpMessage) -> None:
        """RFC 2131, 4.1: to the address that the client has, else by broadcast if it asks so, else to the new one."""
        destination, mac = reply.yiaddr, reply.chaddr
        if int(reply.ciaddr):
            destination = reply.ciaddr
        elif reply.flags & BROADCAST_FLAG:
            destination, mac = _EVERYWHERE, BROADCAST
        packet = Packet(self.address, destination, UDP, write_reply(reply))
        payload = udp(packet, SERVER_PORT, CLIENT_PORT)
        self.send(port, Packet(self.address, destination, UDP, payload), mac)


def _nobody(_port: Port, _packet: Packet) -> None:
    """TCP that nobody waits for: it is not answered."""
