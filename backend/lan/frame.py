"""Ethernet frames as bytes: addresses, bounds, and which protocol a broadcast speaks. Pure.

A frame is what IEEE 802.3 has between the start delimiter and the check sequence: destination (6 octets), source (6),
type or length (2), payload.
"""

import struct

from backend.contract.errors import SettingsError

Mac = bytes
"""Six octets."""

MINIMUM_BYTES = 14
"""A header. Padding to 60 octets is the cards' duty; emulated ones leave it out."""
MAXIMUM_BYTES = 1522
"""1500 octets of payload, the header, and a VLAN tag (IEEE 802.1Q) with what an emulated card may leave behind it."""
BROADCAST = b"\xff" * 6

TYPE_IPV4 = 0x0800
TYPE_ARP = 0x0806
TYPE_IPX = 0x8137
TYPE_IPV6 = 0x86DD
TYPES_EXPERIMENTAL = (0x88B5, 0x88B6)
"""IEEE 802-2014, 9.2.3: for private use; the demo guest's trains travel in it."""
UDP = 17

_NAMES = {TYPE_ARP: "arp", TYPE_IPX: "ipx", TYPE_IPV6: "ipv6", **dict.fromkeys(TYPES_EXPERIMENTAL, "loco")}
_UDP_NAMES = {67: "dhcp", 68: "dhcp", 137: "netbios", 138: "netbios", 47624: "directplay"}
_UDP_NAMES |= dict.fromkeys(range(2300, 2401), "directplay")
_LENGTH_NAMES = {b"\xff\xff": "ipx", b"\xe0\xe0": "ipx", b"\xf0\xf0": "netbios", b"\xaa\xaa": "ipx", b"BB": "stp"}
"""By the first octets after a length: raw 802.3 and 802.2 IPX, NetBEUI, IPX over SNAP, spanning tree."""
_TYPE = struct.Struct("!H")


def ethertype(frame: bytes) -> int:
    """The type field; values up to 1500 are a length (IEEE 802.3, 3.2.6)."""
    value: int = _TYPE.unpack_from(frame, 12)[0]
    return value


def protocol(frame: bytes) -> str:
    """A short name of what ``frame`` speaks; ``other`` where it is nothing that old games use."""
    kind = ethertype(frame)
    if kind == TYPE_IPV4:
        return _ipv4_protocol(frame)
    if kind <= 1500:
        return _LENGTH_NAMES.get(frame[14:16], "other")
    return _NAMES.get(kind, "other")


def _ipv4_protocol(frame: bytes) -> str:
    if len(frame) < 34 or frame[23] != UDP:
        return "ip"
    ports_at = 14 + (frame[14] & 0x0F) * 4
    if len(frame) < ports_at + 4:
        return "ip"
    return _UDP_NAMES.get(_TYPE.unpack_from(frame, ports_at + 2)[0], "ip")


def mac_text(mac: Mac) -> str:
    """As people write it, 02:4c:4f:43:00:03."""
    return mac.hex(":")


def mac_bytes(text: str) -> Mac:
    """Read :func:`mac_text`, also with dashes.

    Raises:
        SettingsError: it is no address of a single station.
    """
    try:
        mac = bytes.fromhex(text.replace("-", ":").replace(":", ""))
    except ValueError:
        mac = b""
    if len(mac) != 6 or mac[0] & 1:
        raise SettingsError(f"{text!r} is no MAC address of a card; write one such as 02:4c:4f:43:00:03.")
    return mac
