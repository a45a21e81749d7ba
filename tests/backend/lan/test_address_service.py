from ipaddress import IPv4Address, IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.contract.errors import SettingsError
from backend.lan.address_service import DECLINED_S, AddressService
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
from tests.backend.lan.wires import mac

NETWORK = IPv4Network("192.168.98.0/24")


def service(count: int = 200, instances: int = 9) -> AddressService:
    addresses = AddressService(NETWORK, first=10, count=count, lease_s=3600)
    for number in range(instances):
        addresses.reserve(mac(number + 1), number)
    return addresses


def message(kind: MessageType, who: Mac, *, ciaddr: str = "0.0.0.0", **options: str) -> DhcpMessage:
    codes = {"requested": OPTION_REQUESTED, "server": OPTION_SERVER}
    packed = {codes[name]: IPv4Address(value).packed for name, value in options.items()}
    return DhcpMessage(type=kind, xid=1, chaddr=who, ciaddr=IPv4Address(ciaddr), options=packed)


def obtain(addresses: AddressService, who: Mac, now_s: float = 1.0) -> str:
    """Discover, offer, request, acknowledgement: what the client has then."""
    offer = addresses.answer(message(MessageType.DISCOVER, who), now_s)
    assert offer is not None
    assert offer.type is MessageType.OFFER
    ask = message(MessageType.REQUEST, who, requested=str(offer.yiaddr), server=str(addresses.server))
    reply = addresses.answer(ask, now_s)
    assert reply is not None
    assert (reply.type, reply.yiaddr) == (MessageType.ACK, offer.yiaddr)
    return str(reply.yiaddr)


def kind_of(reply: DhcpMessage | None) -> MessageType | None:
    return None if reply is None else reply.type


def test_an_instance_has_its_own_address_whoever_comes_first() -> None:
    addresses = service()
    assert obtain(addresses, mac(9)) == "192.168.98.18"
    assert obtain(addresses, mac(1)) == "192.168.98.10"
    assert obtain(service(), mac(1)) == "192.168.98.10"


def test_a_lease_says_its_time_and_mask_and_no_router() -> None:
    offer = service().answer(message(MessageType.DISCOVER, mac(1)), 1.0)
    assert offer is not None
    assert set(offer.options) == {OPTION_SERVER, OPTION_MASK, OPTION_LEASE}
    assert offer.options[OPTION_LEASE] == (3600).to_bytes(4)


@given(st.sets(st.binary(min_size=6, max_size=6), min_size=1, max_size=12))
def test_guests_that_are_no_instances_have_different_addresses_too(who: set[bytes]) -> None:
    addresses = service(count=12, instances=0)
    given_out = {each: obtain(addresses, each) for each in sorted(who)}
    assert len(set(given_out.values())) == len(who)
    assert all(obtain(addresses, each) == address for each, address in given_out.items())


def test_when_all_are_given_nobody_else_is_offered_one() -> None:
    addresses = service(count=2, instances=0)
    obtain(addresses, mac(1))
    obtain(addresses, mac(2))
    assert addresses.answer(message(MessageType.DISCOVER, mac(3)), 1.0) is None
    assert obtain(addresses, mac(3), now_s=4000.0)


def test_after_a_restart_a_guest_keeps_what_it_has() -> None:
    stranger = b"\x52\x54\0\x12\x34\x56"
    ask = message(MessageType.REQUEST, stranger, requested="192.168.98.77")
    assert kind_of(service().answer(ask, 1.0)) is MessageType.ACK
    renew = message(MessageType.REQUEST, stranger, ciaddr="192.168.98.77")
    reply = service().answer(renew, 1.0)
    assert reply is not None
    assert (reply.type, str(reply.ciaddr)) == (MessageType.ACK, "192.168.98.77")


@pytest.mark.parametrize("wanted", ["192.168.98.9", "192.168.99.10", "10.0.0.1", "192.168.98.10", "0.0.0.0"])
def test_an_address_that_is_not_to_be_had_is_refused_by_broadcast(wanted: str) -> None:
    reply = service().answer(message(MessageType.REQUEST, mac(5), requested=wanted), 1.0)
    assert reply is not None
    assert (reply.type, reply.flags) == (MessageType.NAK, BROADCAST_FLAG)


def test_anothers_lease_is_refused() -> None:
    addresses = service()
    address = obtain(addresses, mac(20))
    assert kind_of(addresses.answer(message(MessageType.REQUEST, mac(21), requested=address), 2.0)) is MessageType.NAK


def test_a_request_to_another_server_is_not_ours() -> None:
    ask = message(MessageType.REQUEST, mac(1), requested="192.168.98.10", server="192.168.98.200")
    assert service().answer(ask, 1.0) is None


def test_a_released_address_is_free_and_only_its_owner_releases_it() -> None:
    addresses = service()
    address = obtain(addresses, mac(20))
    addresses.answer(message(MessageType.RELEASE, mac(21), ciaddr=address), 2.0)
    assert IPv4Address(address) in addresses.leases
    addresses.answer(message(MessageType.RELEASE, mac(20), ciaddr=address), 2.0)
    assert not addresses.leases


def test_a_declined_address_rests() -> None:
    addresses = service()
    addresses.answer(message(MessageType.DECLINE, mac(1), requested="192.168.98.10"), 1.0)
    assert obtain(addresses, mac(1), 2.0) != "192.168.98.10"
    assert obtain(service(), mac(1), 2.0 + DECLINED_S) == "192.168.98.10"


def test_who_has_an_address_already_is_only_told_the_rest() -> None:
    reply = service().answer(message(MessageType.INFORM, mac(1), ciaddr="192.168.98.200"), 1.0)
    assert reply is not None
    assert (reply.type, int(reply.yiaddr), OPTION_LEASE in reply.options) == (MessageType.ACK, 0, False)


def test_a_range_beyond_the_network_is_refused_with_what_fits() -> None:
    with pytest.raises(SettingsError, match="lower 'address_count' to 245"):
        AddressService(NETWORK, first=10, count=246, lease_s=60)
