from ipaddress import IPv4Address

from hypothesis import given
from hypothesis import strategies as st
from scapy.layers.dhcp import BOOTP, DHCP

from backend.lan.dhcp_message import (
    OPTION_LEASE,
    OPTION_REQUESTED,
    OPTION_SERVER,
    DhcpMessage,
    MessageType,
    read_request,
    write_reply,
)
from tests.backend.lan.wires import mac

HEAD = BOOTP(op=1, xid=77, chaddr=mac(3), flags=0x8000)


def test_a_clients_message_is_read() -> None:
    data = bytes(HEAD / DHCP(options=[("message-type", "request"), "pad", ("requested_addr", "10.0.0.9"), "end"]))
    message = read_request(data)
    assert message is not None
    assert (message.type, message.xid, message.chaddr, message.flags) == (MessageType.REQUEST, 77, mac(3), 0x8000)
    assert message.address(OPTION_REQUESTED) == IPv4Address("10.0.0.9")
    assert message.address(OPTION_SERVER) is None


def test_a_reply_is_what_others_read() -> None:
    reply = DhcpMessage(
        type=MessageType.ACK,
        xid=5,
        chaddr=mac(2),
        yiaddr=IPv4Address("192.168.98.11"),
        options={OPTION_SERVER: bytes([192, 168, 98, 1]), OPTION_LEASE: (3600).to_bytes(4)},
    )
    data = write_reply(reply)
    read = BOOTP(data)
    assert (read.op, read.xid, read.yiaddr, read.chaddr[:6]) == (2, 5, "192.168.98.11", mac(2))
    options: dict[str, object] = dict(option for option in read[DHCP].options if isinstance(option, tuple))
    assert options == {"message-type": 5, "server_id": "192.168.98.1", "lease_time": 3600}
    assert len(data) >= 300


def test_what_is_not_of_a_client_is_none() -> None:
    options = DHCP(options=[("message-type", "discover"), "end"])
    for head in (BOOTP(op=2), BOOTP(htype=6), BOOTP(hlen=16)):
        assert read_request(bytes(head / options)) is None
    assert read_request(bytes(HEAD / DHCP(options=[("message-type", 99), "end"]))) is None
    assert read_request(bytes(HEAD)) is None


@given(st.binary(max_size=400))
def test_any_options_are_read_or_refused(data: bytes) -> None:
    read_request(bytes(HEAD)[:236] + b"\x63\x82\x53\x63" + data)
    read_request(data)
