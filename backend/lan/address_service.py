"""Addresses for guests: a DHCP server (RFC 2131) that needs no memory, since who asks again gets what it had. Pure.

An instance always has the same address, by its ordinal. Others have one by their MAC address; after a restart of the
switch, one that a guest still uses is left to it. There is no router and no name server to tell: the LAN ends here.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

from backend.contract.errors import SettingsError
from backend.lan.dhcp_message import (
    BROADCAST_FLAG,
    OPTION_LEASE,
    OPTION_MASK,
    OPTION_REQUESTED,
    OPTION_SERVER,
    DhcpMessage,
    MessageType,
)
from backend.lan.frame import Mac
from backend.lan.packet import NOBODY

DECLINED_S = 3600.0
"""A guest found somebody else on this address; nobody gets it for so long."""


@dataclass(slots=True)
class Lease:
    """Who has an address, until when (monotonic)."""

    mac: Mac
    until_s: float


class AddressService:
    """The addresses of one room."""

    def __init__(self, network: IPv4Network, *, first: int, count: int, lease_s: int) -> None:
        """``first`` counts within the network, ``count`` addresses from there on may be given.

        Raises:
            SettingsError: the range is not within the network.
        """
        last = first + count - 1
        if last >= network.num_addresses - 1:
            raise SettingsError(
                f"'addresses' {network} has no {count} addresses from number {first} on: lower 'address_count' to "
                f"{max(0, network.num_addresses - 1 - first)}, or write a larger network."
            )
        self.network = network
        self.server = network.network_address + 1
        self._first = network.network_address + first
        self._count = count
        self._lease_s = lease_s
        self._place_of: dict[Mac, int] = {}
        self._owner_of: dict[int, Mac] = {}
        self._leases: dict[IPv4Address, Lease] = {}

    @property
    def leases(self) -> Mapping[IPv4Address, Lease]:
        """All that were given and not taken back, old ones too."""
        return self._leases

    def reserve(self, mac: Mac, place: int) -> None:
        """Keep a place in the range, from 0, for a guest; nothing happens where it lies beyond the range."""
        if place < self._count:
            self._place_of[mac] = place
            self._owner_of[place] = mac

    def answer(self, message: DhcpMessage, now_s: float) -> DhcpMessage | None:
        """The answer to a client, None where there is none to give."""
        match message.type:
            case MessageType.DISCOVER:
                return self._offer(message, now_s)
            case MessageType.REQUEST:
                return self._request(message, now_s)
            case MessageType.INFORM:
                return self._reply(message, MessageType.ACK, NOBODY, lease=False)
            case MessageType.RELEASE:
                self._release(message)
            case MessageType.DECLINE:
                self._decline(message, now_s)
        return None

    def _offer(self, message: DhcpMessage, now_s: float) -> DhcpMessage | None:
        address = self._address_for(message.chaddr, message.address(OPTION_REQUESTED), now_s)
        return None if address is None else self._reply(message, MessageType.OFFER, address)

    def _request(self, message: DhcpMessage, now_s: float) -> DhcpMessage | None:
        """RFC 2131, 4.3.2: selecting, rebooting and renewing differ in what is filled in."""
        server = message.address(OPTION_SERVER)
        if server is not None and server != self.server:
            return None
        address = message.address(OPTION_REQUESTED) or message.ciaddr
        if not self._is_free(address, message.chaddr, now_s):
            return self._reply(message, MessageType.NAK, NOBODY, lease=False)
        for old in [old for old, lease in self._leases.items() if lease.mac == message.chaddr]:
            del self._leases[old]
        self._leases[address] = Lease(message.chaddr, now_s + self._lease_s)
        return self._reply(message, MessageType.ACK, address)

    def _release(self, message: DhcpMessage) -> None:
        lease = self._leases.get(message.ciaddr)
        if lease is not None and lease.mac == message.chaddr:
            del self._leases[message.ciaddr]

    def _decline(self, message: DhcpMessage, now_s: float) -> None:
        address = message.address(OPTION_REQUESTED)
        if address is not None and self._is_free(address, message.chaddr, now_s):
            self._leases[address] = Lease(b"", now_s + DECLINED_S)

    def _address_for(self, mac: Mac, asked: IPv4Address | None, now_s: float) -> IPv4Address | None:
        if asked is not None and self._is_free(asked, mac, now_s):
            return asked
        place = self._place_of.get(mac)
        if place is None:
            # From the far end of the range, away from the instances.
            place = -1 - int.from_bytes(hashlib.sha256(mac).digest()[:2]) % self._count
        for step in range(self._count):
            address = self._first + (place - step) % self._count
            if self._is_free(address, mac, now_s):
                return address
        return None

    def _is_free(self, address: IPv4Address, mac: Mac, now_s: float) -> bool:
        """Whether ``mac`` may have it: it is in the range, nobody else's, and no instance's own."""
        place = int(address) - int(self._first)
        if not 0 <= place < self._count:
            return False
        lease = self._leases.get(address)
        if lease is not None:
            return lease.mac == mac or lease.until_s < now_s
        return self._owner_of.get(place, mac) == mac

    def _reply(
        self, message: DhcpMessage, kind: MessageType, address: IPv4Address, *, lease: bool = True
    ) -> DhcpMessage:
        options = {OPTION_SERVER: self.server.packed}
        if kind is not MessageType.NAK:
            options[OPTION_MASK] = self.network.netmask.packed
        if lease:
            options[OPTION_LEASE] = self._lease_s.to_bytes(4)
        return DhcpMessage(
            type=kind,
            xid=message.xid,
            chaddr=message.chaddr,
            # A refused client has no address at which it could be reached.
            flags=BROADCAST_FLAG if kind is MessageType.NAK else message.flags,
            ciaddr=message.ciaddr if kind is MessageType.ACK else NOBODY,
            yiaddr=address,
            options=options,
        )
