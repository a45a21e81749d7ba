"""A demo guest hands trains to a yard that is played by the test, and takes some: each step, each way it can fail."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.packaging.guest.machine import Machine
from tests.packaging.guest.relay import Relay
from tests.packaging.guest.station import LIFE, Station, count_of, full_speed
from tests.packaging.guest.yard_protocol import Kind, Message

pytestmark = pytest.mark.qemu

NEXT: Final = 11
CROSSING_S: Final = 7
"""Longer than a train at full speed takes from one side to the other."""
SLOW_CROSSING_S: Final = 20
"""The same at the speed that trains start with."""
ROOM: Final = 8


@pytest.fixture
def guest(image: Path, tmp_path: Path, relay: Relay) -> Iterator[Machine]:
    """A guest with the number 10: its train leaves about a second after the start."""
    with Machine(tmp_path / "m", image, cable=relay.cable(10), number="10") as machine:
        machine.wait_for_markers("R")
        yield machine


@pytest.fixture
def station(guest: Machine, relay: Relay) -> Iterator[Station]:
    """Its neighbour 11."""
    with Station(relay.cable(NEXT), guest.cable, NEXT) as station:
        station.greet()
        yield station


def life_of(guest: Machine) -> int:
    return int(guest.markers("L")[-1][1], 16)


def marked_ids(guest: Machine, letter: str) -> list[int]:
    return [int(marker[1], 16) for marker in guest.markers(letter)]


def send_train(guest: Machine, station: Station, **fields: int) -> int:
    """Asks for a place and sends a train there; returns the hand-over's id. The guest holds it until RELEASED."""
    identity = station.new_id()
    station.say(Kind.ASK, id=identity)
    assert station.hear(Kind.CLEAR).id == identity
    station.say(Kind.TRAIN, id=identity, your_life=life_of(guest), **fields)
    assert station.hear(Kind.ARRIVED).id == identity
    return identity


def take_train(station: Station) -> Message:
    """Lets a train of the guest come; the guest still repeats it."""
    asked = station.hear(Kind.ASK)
    station.say(Kind.CLEAR, id=asked.id)
    train = station.hear(Kind.TRAIN)
    assert train.id == asked.id
    return train


def trains_of(station: Station) -> int:
    """How many trains the guest says it has."""
    return station.hear(Kind.HELLO).trains


def test_a_train_leaves_for_a_neighbour_with_room_and_is_forgotten_when_it_arrived(
    guest: Machine, station: Station
) -> None:
    train = take_train(station)
    assert (train.train, train.colour, train.cars, train.speed) == (10, 0, 3, 3)
    assert (train.your_life, train.trains) == (LIFE, 0)
    assert marked_ids(guest, "D") == [train.id]
    assert station.hear(Kind.TRAIN) == train
    assert count_of(guest, "Q") == 0
    station.say(Kind.ARRIVED, id=train.id)
    assert station.hear(Kind.RELEASED).id == train.id
    assert marked_ids(guest, "Q") == [train.id]
    later = station.hear_hellos(3)
    assert {message.kind for message in later} == {Kind.HELLO}
    assert later[-1].trains == 0


def test_a_train_is_sent_again_until_it_arrived_however_long_that_takes(guest: Machine, station: Station) -> None:
    train = take_train(station)
    for _again in range(6):
        assert station.hear(Kind.TRAIN) == train
    station.say(Kind.ARRIVED, id=train.id)
    assert station.hear(Kind.RELEASED).id == train.id
    station.say(Kind.ARRIVED, id=train.id)
    assert station.hear(Kind.RELEASED).id == train.id
    assert count_of(guest, "D") == count_of(guest, "Q") == 1


def test_a_train_stays_when_the_neighbour_has_no_room(guest: Machine, station: Station) -> None:
    full_speed(guest)
    first = station.hear(Kind.ASK)
    station.say(Kind.BLOCKED, id=first.id)
    second = station.hear(Kind.ASK, SLOW_CROSSING_S)
    assert second.id != first.id
    assert marked_ids(guest, "B") == [first.id]
    assert (second.trains, second.train) == (1, 10)


def test_a_train_stays_when_the_neighbour_does_not_answer(guest: Machine, station: Station) -> None:
    asked = [station.hear(Kind.ASK) for _time in range(4)]
    assert len(set(asked)) == 1
    guest.wait_for_markers("B")
    station.say(Kind.CLEAR, id=asked[0].id)
    assert {message.kind for message in station.hear_hellos(2)} == {Kind.HELLO}
    assert trains_of(station) == 1
    assert count_of(guest, "D") == 0


@pytest.mark.parametrize("kind", [Kind.CLEAR, Kind.BLOCKED, Kind.ARRIVED, Kind.AGAIN])
def test_answers_about_another_train_change_nothing(guest: Machine, station: Station, kind: Kind) -> None:
    asked = station.hear(Kind.ASK)
    station.say(kind, id=asked.id + 1)
    assert station.hear(Kind.ASK) == asked
    assert [count_of(guest, letter) for letter in "DQB"] == [0, 0, 0]


def test_answers_of_another_yard_change_nothing(guest: Machine, station: Station, relay: Relay) -> None:
    asked = station.hear(Kind.ASK)
    with Station(relay.cable(5), guest.cable, 5) as other:
        for kind in (Kind.CLEAR, Kind.BLOCKED, Kind.ARRIVED):
            other.say(kind, id=asked.id)
        assert station.hear(Kind.ASK) == asked
    assert [count_of(guest, letter) for letter in "DQB"] == [0, 0, 0]


def test_with_a_neighbour_that_fell_silent_trains_go_round_as_without_one(guest: Machine, station: Station) -> None:
    full_speed(guest)
    guest.wait_for_markers("N", 2)
    begun = len(station.heard)
    guest.wait_for_markers("F", 8)  # seconds: it went round at least once
    while station.listen(0.05) is not None:
        pass
    assert {message.kind for message in station.heard[begun:]} <= {Kind.HELLO, Kind.ASK}
    assert count_of(guest, "D") == 0
    assert station.heard[-1].trains == 1


def test_a_train_arrives_once_however_often_it_is_sent(guest: Machine, station: Station) -> None:
    guest.tap("s")
    guest.wait_for_markers("K")
    life = life_of(guest)
    identity = station.new_id()
    for _copy in range(3):
        station.say(Kind.TRAIN, id=identity, your_life=life)
    for _copy in range(3):
        assert station.hear(Kind.ARRIVED).id == identity
    assert station.hear(Kind.ARRIVED).id == identity  # once a second, until it is released
    station.say(Kind.RELEASED, id=identity)
    station.hear_hellos(1)
    assert {message.kind for message in station.hear_hellos(2)} == {Kind.HELLO}
    station.say(Kind.TRAIN, id=identity, your_life=life)
    station.say(Kind.ASK, id=identity)
    assert [station.hear(Kind.ARRIVED).id for _answer in range(2)] == [identity] * 2
    assert marked_ids(guest, "A") == [identity]
    assert trains_of(station) == 2


def test_the_same_id_of_another_sender_is_another_train(guest: Machine, station: Station, relay: Relay) -> None:
    guest.tap("s")
    guest.wait_for_markers("K")
    with Station(relay.cable(5), guest.cable, 5) as other:
        for sender in (station, other):
            sender.say(Kind.TRAIN, id=7, your_life=life_of(guest))
            sender.hear(Kind.ARRIVED)
    assert marked_ids(guest, "A") == [7, 7]


def test_a_train_meant_for_an_earlier_life_is_asked_for_again(guest: Machine, station: Station) -> None:
    identity = station.new_id()
    station.say(Kind.TRAIN, id=identity, your_life=life_of(guest) ^ 1)
    again = station.hear(Kind.AGAIN)
    assert (again.id, again.life) == (identity, life_of(guest))
    assert count_of(guest, "A") == 0
    station.say(Kind.TRAIN, id=identity, your_life=again.life)
    assert station.hear(Kind.ARRIVED).id == identity


def test_a_train_follows_its_receiver_into_the_next_life(guest: Machine, station: Station) -> None:
    train = take_train(station)
    station.say(Kind.AGAIN, id=train.id, life=LIFE + 1)
    while (repeated := station.hear(Kind.TRAIN)).your_life == LIFE:
        pass
    assert (repeated.id, repeated.your_life) == (train.id, LIFE + 1)


def test_a_train_travels_on_only_when_its_last_yard_has_let_it_go(guest: Machine, station: Station) -> None:
    own = take_train(station)
    station.say(Kind.ARRIVED, id=own.id)
    visitor = send_train(guest, station)
    guest.wait_for_markers("F", count_of(guest, "F") + CROSSING_S)
    while station.listen(0.05) is not None:
        pass
    assert own.train in [message.train for message in station.heard if message.kind is Kind.ASK]
    assert 42 not in [message.train for message in station.heard if message.kind is Kind.ASK]
    station.say(Kind.RELEASED, id=visitor)
    asked = station.hear(Kind.ASK, CROSSING_S)
    assert (asked.train, asked.colour, asked.cars, asked.speed) == (42, 4, 2, 9)


def test_a_train_that_runs_backwards_goes_to_the_yard_before(guest: Machine, station: Station, relay: Relay) -> None:
    with Station(relay.cable(9), guest.cable, 9) as before:
        before.greet()
        own = take_train(station)
        station.say(Kind.ARRIVED, id=own.id)
        station.say(Kind.RELEASED, id=send_train(guest, station, speed=-9))
        before.greet()
        assert before.hear(Kind.ASK, CROSSING_S).speed == -9


def test_a_yard_whose_signal_is_at_stop_takes_no_trains(guest: Machine, station: Station) -> None:
    guest.tap("s")
    guest.wait_for_markers("K")
    station.say(Kind.ASK, id=1)
    assert station.hear(Kind.BLOCKED).id == 1
    guest.tap("s")
    guest.wait_for_markers("K", 2)
    station.say(Kind.ASK, id=2)
    assert station.hear(Kind.CLEAR).id == 2


def test_a_crowded_yard_takes_no_more_and_a_full_one_answers_no_train(guest: Machine, station: Station) -> None:
    for waiting in range(3):
        send_train(guest, station)
        assert count_of(guest, "A") == waiting + 1
    station.say(Kind.ASK, id=1)
    assert station.hear(Kind.BLOCKED).id == 1
    guest.tap("s")
    guest.wait_for_markers("K")
    for identity in range(100, 100 + ROOM):
        station.say(Kind.TRAIN, id=identity, your_life=life_of(guest))
    wait_for_all = guest.wait_for_markers("A", ROOM - 1)
    station.hear_hellos(1)
    assert len(wait_for_all) == count_of(guest, "A") == ROOM - 1
    assert trains_of(station) == ROOM
