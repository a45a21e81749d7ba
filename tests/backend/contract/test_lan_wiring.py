from pathlib import Path

import pytest

from backend.contract.errors import WireError
from backend.contract.lan_wiring import guest_mac, netdev_arguments


def test_an_instance_always_has_the_same_address() -> None:
    assert guest_mac("instance-3") == "02:4c:4f:43:00:03"
    assert guest_mac("loco-emulator-300") == "02:4c:4f:43:01:2c"


def test_addresses_are_unicast_and_locally_administered() -> None:
    for site in ("", "attic", "cellar"):
        assert int(guest_mac("instance-1", site)[:2], 16) & 0b11 == 0b10


def test_sites_have_addresses_of_their_own() -> None:
    addresses = {guest_mac(f"instance-{number}", site) for number in range(9) for site in ("", "attic", "cellar")}
    assert len(addresses) == 27


def test_an_id_without_a_number_is_refused() -> None:
    with pytest.raises(WireError, match="instance-3"):
        guest_mac("switch")


def test_a_comma_in_a_path_does_not_end_qemus_option() -> None:
    arguments = netdev_arguments(Path("/run/a,b"), nic="ne2k_pci", mac="02:4c:4f:43:00:03")
    assert "remote.path=/run/a,,b/lan.switch" in arguments[1]
    assert arguments[3] == "ne2k_pci,netdev=lan,mac=02:4c:4f:43:00:03"
