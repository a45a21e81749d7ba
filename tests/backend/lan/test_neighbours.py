from ipaddress import IPv4Address

from backend.lan.neighbours import KEPT_S, PER_PORT, Neighbours
from tests.backend.lan.wires import Ear, mac

ADDRESS = IPv4Address("192.168.98.10")


def test_the_newest_claim_wins() -> None:
    neighbours, old, new = Neighbours(), Ear(1), Ear(2)
    neighbours.hear(old, ADDRESS, mac(1), 1.0)
    neighbours.hear(new, ADDRESS, mac(2), 2.0)
    assert not neighbours.of(old)
    assert [(port.number, each.mac) for port, each in neighbours] == [(2, mac(2))]


def test_an_answer_is_remembered_when_the_guest_speaks_on() -> None:
    neighbours, port = Neighbours(), Ear(1)
    neighbours.hear(port, ADDRESS, mac(1), 1.0, answered=True)
    neighbours.hear(port, ADDRESS, mac(1), 9.0)
    assert [(each.answered_s, each.heard_s) for each in neighbours.of(port)] == [(1.0, 9.0)]


def test_who_is_silent_for_long_is_forgotten() -> None:
    neighbours, port = Neighbours(), Ear(1)
    neighbours.hear(port, ADDRESS, mac(1), 1.0)
    neighbours.age(2.0 + KEPT_S)
    assert not list(neighbours)


def test_a_guest_cannot_claim_ever_more_addresses() -> None:
    neighbours, port = Neighbours(), Ear(1)
    for number in range(3 * PER_PORT):
        neighbours.hear(port, ADDRESS + number, mac(1), float(number))
    assert len(neighbours.of(port)) == PER_PORT
    assert neighbours.of(port)[-1].address == ADDRESS + 3 * PER_PORT - 1
