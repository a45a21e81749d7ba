"""DHCP messages as bytes (RFC 2131, section 2; options of RFC 2132). Pure."""

import enum
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address

from backend.lan.frame import Mac
from backend.lan.packet import NOBODY

SERVER_PORT, CLIENT_PORT = 67, 68
BROADCAST_FLAG = 0x8000
OPTION_MASK, OPTION_REQUESTED, OPTION_LEASE, OPTION_TYPE, OPTION_SERVER = 1, 50, 51, 53, 54
_OPTION_PAD, _OPTION_END = 0, 255
_MAGIC = b"\x63\x82\x53\x63"
_HEAD = struct.Struct("!BBBBIHH4s4s4s4s16s64s128s4s")
_REQUEST, _REPLY, _ETHERNET = 1, 2, 1
_LEAST_BYTES = 300
"""BOOTP (RFC 1542, 2.1): old clients refuse shorter messages."""


class MessageType(enum.IntEnum):
    """RFC 2132, 9.6."""

    DISCOVER = 1
    OFFER = 2
    REQUEST = 3
    DECLINE = 4
    ACK = 5
    NAK = 6
    RELEASE = 7
    INFORM = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class DhcpMessage:
    """What matters of a message; names of the fields are those of the RFC."""

    type: MessageType
    xid: int
    chaddr: Mac
    flags: int = 0
    ciaddr: IPv4Address = NOBODY
    yiaddr: IPv4Address = NOBODY
    options: Mapping[int, bytes] = field(default_factory=dict)
    """Besides the type."""

    def address(self, option: int) -> IPv4Address | None:
        """An option that holds one address."""
        value = self.options.get(option, b"")
        return IPv4Address(value) if len(value) == 4 else None


def read_request(data: bytes) -> DhcpMessage | None:
    """A client's message; None where it is none that makes sense."""
    if len(data) < _HEAD.size:
        return None
    op, htype, hlen, _, xid, _, flags, ciaddr, _, _, _, chaddr, _, _, magic = _HEAD.unpack_from(data)
    options = _read_options(data[_HEAD.size :])
    kind = options.pop(OPTION_TYPE, b"")
    if (op, htype, hlen, magic) != (_REQUEST, _ETHERNET, 6, _MAGIC) or len(kind) != 1:
        return None
    if kind[0] not in set(MessageType):
        return None
    return DhcpMessage(
        type=MessageType(kind[0]), xid=xid, chaddr=chaddr[:6], flags=flags, ciaddr=IPv4Address(ciaddr), options=options
    )


def write_reply(message: DhcpMessage) -> bytes:
    """A server's message."""
    addresses = (message.ciaddr.packed, message.yiaddr.packed, bytes(4), bytes(4))
    head = _HEAD.pack(
        *(_REPLY, _ETHERNET, 6, 0, message.xid, 0, message.flags), *addresses, message.chaddr, b"", b"", _MAGIC
    )
    options = {OPTION_TYPE: bytes([message.type]), **message.options}
    body = b"".join(bytes([code, len(value)]) + value for code, value in options.items())
    return (head + body + bytes([_OPTION_END])).ljust(_LEAST_BYTES, b"\0")


def _read_options(data: bytes) -> dict[int, bytes]:
    """What can be read; a cut option ends it."""
    options: dict[int, bytes] = {}
    at = 0
    while at < len(data) and data[at] != _OPTION_END:
        if data[at] == _OPTION_PAD:
            at += 1
            continue
        if at + 2 > len(data) or at + 2 + data[at + 1] > len(data):
            break
        options[data[at]] = data[at + 2 : at + 2 + data[at + 1]]
        at += 2 + data[at + 1]
    return options
