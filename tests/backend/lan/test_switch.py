from pathlib import Path

import pytest

from backend.contract.errors import SettingsError
from backend.contract.lan import PortState
from backend.contract.lan_wiring import guest_mac
from backend.lan import switch as switch_module
from backend.lan.frame import mac_bytes
from backend.lan.settings import LanSettings
from backend.lan.switch import LINKS_FROM, NAMED_FROM, Switch
from tests.backend.lan.wires import Guest, mac


def test_ports_have_the_numbers_that_people_see() -> None:
    switch = Switch(LanSettings(directory=Path("/run")))
    names = ["instance-0", "loco-emulator-8", "visitor", "another"]
    numbers = [switch.stream_port(name).number for name in names]
    assert numbers == [1, 9, NAMED_FROM, NAMED_FROM + 1]
    assert switch.dgram_port("instance-2").number == 3
    assert switch.link_port("lan", "attic").number == LINKS_FROM


def test_a_port_is_made_once() -> None:
    switch = Switch(LanSettings())
    assert switch.stream_port("instance-0") is switch.stream_port("instance-0")
    assert switch.link_port("lan", "attic") is switch.link_port("lan", "attic")


def test_two_names_with_one_number_are_refused() -> None:
    switch = Switch(LanSettings(directory=Path("/run")))
    switch.dgram_port("instance-1")
    with pytest.raises(SettingsError, match="same port 2"):
        switch.stream_port("other-1")
    with pytest.raises(SettingsError, match="own machine"):
        switch.stream_port("instance-1")


@pytest.mark.parametrize(
    ("check", "own", "max_macs"),
    [
        ("own", {mac(4), mac_bytes("52:54:00:12:34:56")}, 2),
        ("first", set(), 1),
        ("any", set(), 64),
    ],
)
def test_the_check_of_sources_decides_what_a_guest_may_use(check: str, own: set[bytes], max_macs: int) -> None:
    switch = Switch(LanSettings(source_check=check, macs=("instance-3=52:54:00:12:34:56",)))
    port = switch.stream_port("instance-3")
    assert (set(port.own), port.max_macs) == (own, max_macs)


def test_a_guest_without_a_number_keeps_the_first_address_that_it_uses() -> None:
    port = Switch(LanSettings()).stream_port("visitor")
    assert (port.own, port.max_macs) == (frozenset(), 1)


def test_sites_have_addresses_of_their_own() -> None:
    attic = Switch(LanSettings(site="attic"))
    assert attic.stream_port("instance-0").own == {mac_bytes(guest_mac("instance-0", "attic"))}
    assert attic.rooms["lan"].station.mac != Switch(LanSettings()).rooms["lan"].station.mac


def test_guests_go_to_their_rooms() -> None:
    switch = Switch(LanSettings(rooms=("yard=0-1", "attic=*")))
    for number in range(4):
        switch.stream_port(f"instance-{number}")
    assert [[port.number for port in room.room.ports] for room in switch.rooms.values()] == [[1, 2], [3, 4]]


def test_a_room_that_is_not_there_cannot_be_linked() -> None:
    with pytest.raises(SettingsError, match="there are lan"):
        Switch(LanSettings()).link_port("cellar", "attic")


def test_connections_cannot_make_ports_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(switch_module, "MAX_PORTS", 3)
    switch = Switch(LanSettings())
    for number in range(3):
        switch.stream_port(f"instance-{number}")
    with pytest.raises(SettingsError, match="3 ports already"):
        switch.stream_port("instance-3")


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (LanSettings(addresses="here"), "192.168.98.0/24"),
        (LanSettings(addresses="10.0.0.0/29"), "address_count"),
        (LanSettings(macs=("instance-3",)), "macs"),
    ],
)
def test_settings_that_cannot_be_are_refused(settings: LanSettings, words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        Switch(settings)


def test_guests_of_this_machine_need_a_directory() -> None:
    with pytest.raises(SettingsError, match="'directory'"):
        Switch(LanSettings()).dgram_port("instance-0")


async def test_a_tick_looks_for_qemu(runs: Path) -> None:
    switch = Switch(LanSettings(directory=runs))
    (runs / "instance-0").mkdir()
    port = switch.dgram_port("instance-0")
    port.open(switch.rooms["lan"].room.forward)
    guest = Guest(runs / "instance-0")
    switch.tick(1.0)
    assert port.state is PortState.UP
    switch.close()
    assert not port.connected
    guest.die()
