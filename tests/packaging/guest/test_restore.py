"""Demo guests that are reset or taken back to a snapshot while trains are under way; the test plays their neighbour."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.packaging.guest.machine import Machine, wait_until
from tests.packaging.guest.relay import Relay
from tests.packaging.guest.station import Station, count_of, full_speed
from tests.packaging.guest.yard_protocol import Kind

pytestmark = pytest.mark.qemu

NEXT = 11


@pytest.fixture
def guest(image: Path, tmp_path: Path, relay: Relay) -> Iterator[Machine]:
    """A guest with the number 10: its train leaves about a second after the start."""
    with Machine(tmp_path / "m", image, cable=relay.cable(10), number="10") as machine:
        machine.wait_for_markers("R")
        yield machine


A_ROUND_S = 30.0
"""A train that comes to the tunnel before its neighbour is known again goes round once more."""


@pytest.fixture
def station(guest: Machine, relay: Relay) -> Iterator[Station]:
    """Its neighbour 11."""
    with Station(relay.cable(NEXT), guest.cable, NEXT) as station:
        station.greet()
        yield station


def save(guest: Machine) -> None:
    assert guest.monitor("savevm then").strip() == ""


def load(guest: Machine, station: Station) -> None:
    """Back to what was saved, when that is long enough ago for a clock of whole seconds to show it."""
    station.hear_hellos(3)
    assert guest.monitor("loadvm then").strip() == ""


def test_a_restored_guest_begins_another_life_and_doubts_its_neighbours(guest: Machine, station: Station) -> None:
    guest.tap("s")
    guest.wait_for_markers("N")
    save(guest)
    before = station.hear(Kind.HELLO).life
    load(guest, station)
    lives = [marker[1] for marker in guest.wait_for_markers("L", 2)]
    assert len(set(lives)) == 2
    wait_until(lambda: station.hear(Kind.HELLO).life != before, "a HELLO of the new life")

    def is_a_neighbour_again() -> bool:
        station.listen(0.1)  # and greets
        return count_of(guest, "N") >= 3

    wait_until(is_a_neighbour_again, "a neighbour that greets")
    assert [marker[2] for marker in guest.markers("N")][:3] == ["1", "0", "1"]


def test_a_guest_that_was_only_paused_goes_on(guest: Machine, station: Station) -> None:
    guest.tap("s")
    station.hear_hellos(1)
    guest.execute("stop")
    for _second in range(30):
        station.listen(0.1)
    guest.execute("cont")
    guest.wait_for_markers("L", 2)
    assert station.hear(Kind.HELLO).trains == 1


def test_no_id_ever_comes_again(guest: Machine, station: Station) -> None:
    full_speed(guest)
    save(guest)
    ids = {station.hear(Kind.ASK, A_ROUND_S).id}
    for _load in range(3):
        load(guest, station)
        begun = len(station.heard)
        station.hear(Kind.ASK, A_ROUND_S)
        ids |= {message.id for message in station.heard[begun:] if message.kind is Kind.ASK}
    assert len(ids) == 4


def test_a_train_that_a_restore_took_away_comes_once_more(guest: Machine, station: Station) -> None:
    guest.tap("s")
    guest.wait_for_markers("K")
    save(guest)
    first_life = station.hear(Kind.HELLO).life
    station.say(Kind.TRAIN, id=5, your_life=first_life)
    station.hear(Kind.ARRIVED)  # the sender does not hear that
    assert station.hear(Kind.HELLO).trains == 2
    load(guest, station)
    station.say(Kind.TRAIN, id=5, your_life=first_life)
    again = station.hear(Kind.AGAIN)
    assert again.life != first_life
    assert again.trains == 1
    station.say(Kind.TRAIN, id=5, your_life=again.life)
    station.hear(Kind.ARRIVED)
    station.say(Kind.RELEASED, id=5)
    assert station.hear_hellos(2)[-1].trains == 2


def test_a_frame_from_before_a_restore_makes_no_train(guest: Machine, station: Station) -> None:
    guest.tap("s")
    guest.wait_for_markers("K")
    save(guest)
    stale = station.say(Kind.TRAIN, id=5, your_life=station.hear(Kind.HELLO).life)
    station.hear(Kind.ARRIVED)
    station.say(Kind.RELEASED, id=5)
    load(guest, station)
    station.send(stale.encode())
    assert station.hear(Kind.AGAIN).id == 5
    assert station.hear_hellos(2)[-1].trains == 1


def test_a_sender_restored_after_its_train_arrived_sends_none_twice(guest: Machine, station: Station) -> None:
    asked = station.hear(Kind.ASK)
    station.say(Kind.CLEAR, id=asked.id)
    station.hear(Kind.TRAIN)
    save(guest)
    station.say(Kind.ARRIVED, id=asked.id)
    station.hear(Kind.RELEASED)
    load(guest, station)
    assert station.hear(Kind.TRAIN).id == asked.id
    station.say(Kind.ARRIVED, id=asked.id)  # as a receiver does that remembers it
    assert station.hear(Kind.RELEASED).id == asked.id
    assert station.hear_hellos(2)[-1].trains == 0
    assert count_of(guest, "Q") == 2


def test_a_guest_that_was_restored_to_before_it_knew_releases_the_train_all_the_same(
    guest: Machine, station: Station
) -> None:
    save(guest)
    asked = station.hear(Kind.ASK)
    station.say(Kind.CLEAR, id=asked.id)
    station.hear(Kind.TRAIN)
    load(guest, station)
    station.say(Kind.ARRIVED, id=asked.id)
    assert station.hear(Kind.RELEASED).id == asked.id


def test_a_guest_that_was_reset_starts_anew_and_its_neighbours_notice(guest: Machine, station: Station) -> None:
    before = station.hear(Kind.HELLO).life
    guest.execute("system_reset")
    guest.wait_for_markers("R", 2)
    wait_until(lambda: station.hear(Kind.HELLO).life != before, "a HELLO of the new life")
    assert station.heard[-1].trains == 1
