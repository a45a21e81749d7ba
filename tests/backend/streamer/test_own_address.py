import pytest
from aioice.ice import get_host_addresses

from backend.streamer.own_address import is_own_address


def test_every_address_of_this_machine_is_its_own() -> None:
    addresses = get_host_addresses(use_ipv4=True, use_ipv6=False)
    assert all(map(is_own_address, [*addresses, "127.0.0.1", "127.8.8.8", "::1"]))


@pytest.mark.parametrize("host", ["198.51.100.7", "2001:db8::7", "fe80::7%lo"])
def test_that_of_another_is_not(host: str) -> None:
    assert not is_own_address(host)
