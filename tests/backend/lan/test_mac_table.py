from backend.lan.mac_table import AGEING_S, MacTable
from tests.backend.lan.wires import Ear, mac


def test_an_address_that_is_silent_for_long_is_forgotten() -> None:
    table, port = MacTable(), Ear(1)
    table.learn(mac(1), port, 10.0)
    table.learn(mac(2), port, 10.0 + AGEING_S)
    assert table.age(11.0 + AGEING_S) == 1
    assert table.of(port) == [mac(2)]
    assert table.count(port) == 1


def test_an_address_is_behind_one_port_only() -> None:
    table, old, new = MacTable(), Ear(1), Ear(2)
    table.learn(mac(3), old, 1.0)
    table.learn(mac(3), new, 2.0)
    assert (table.count(old), table.count(new)) == (0, 1)
    assert table.entries[mac(3)].port is new


def test_a_port_that_is_unplugged_takes_its_addresses_along() -> None:
    table, gone, other = MacTable(), Ear(1), Ear(2)
    table.learn(mac(1), gone, 1.0)
    table.learn(mac(2), other, 1.0)
    table.forget(gone)
    assert list(table.entries) == [mac(2)]
    assert table.count(gone) == 0
