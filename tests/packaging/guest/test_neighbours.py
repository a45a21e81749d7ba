"""Demo guests as neighbours: who is heard, their signs, the whistle, and frames that nobody should send."""

import random
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.packaging.guest.machine import Machine, Picture, wait_until
from tests.packaging.guest.relay import Cable, Relay
from tests.packaging.guest.station import LIFE, Station, count_of
from tests.packaging.guest.yard_protocol import GROUP, Kind, Message, decode

pytestmark = pytest.mark.qemu

NEXT = 11
SIGN = (slice(8, 42), slice(96, 130))
"""Of the neighbour with the lowest number."""
YELLOW, GREY, WHITE = (0xFF, 0xD8, 0x3C), (0xC8, 0xCE, 0xD6), (0xFF, 0xFF, 0xFF)


@pytest.fixture
def guest(image: Path, tmp_path: Path, relay: Relay) -> Iterator[Machine]:
    """A guest with the number 10 whose train stands."""
    with Machine(tmp_path / "m", image, cable=relay.cable(10), number="10", still="1") as machine:
        machine.wait_for_markers("R")
        yield machine


@pytest.fixture
def station(guest: Machine, relay: Relay) -> Iterator[Station]:
    """Its neighbour 11."""
    with Station(relay.cable(NEXT), guest.cable, NEXT) as station:
        yield station


def share_of(picture: Picture, colour: tuple[int, int, int], sign: tuple[slice, slice] = SIGN) -> float:
    """How much of the sign has a colour, but for the few bits that 16-bit pixels lack."""
    return float((np.abs(picture[sign].astype(int) - colour).max(axis=2) < 12).mean())


def until_sign(guest: Machine, colour: tuple[int, int, int], what: str) -> None:
    wait_until(lambda: share_of(guest.picture(), colour) > 0.2, what)


def test_a_guest_greets_once_a_second_and_tells_about_itself(guest: Machine, station: Station) -> None:
    first, second = [message for message in station.hear_hellos(2) if message.kind is Kind.HELLO]
    assert (first.sender, first.to, first.number, first.trains) == (guest.cable.address, GROUP, 10, 1)
    ((_letter, life, _us),) = guest.markers("L")
    assert first.life == second.life == int(life, 16)


def test_a_neighbour_gets_a_sign_that_turns_grey_when_it_falls_silent(guest: Machine, station: Station) -> None:
    assert share_of(guest.picture(), WHITE) == 0
    station.greet()
    assert guest.wait_for_markers("N")[0][1:3] == ["11", "1"]
    until_sign(guest, WHITE, "a bright sign")
    heard, silent = guest.wait_for_markers("N", 2)
    assert silent[1:3] == ["11", "0"]
    assert 3_400_000 < int(silent[3]) - int(heard[3]) < 4_700_000
    until_sign(guest, GREY, "a grey sign")
    station.greet()
    assert guest.wait_for_markers("N", 3)[2][1:3] == ["11", "1"]
    until_sign(guest, WHITE, "a bright sign again")


def test_a_neighbour_that_does_not_return_is_forgotten(guest: Machine, station: Station) -> None:
    station.greet()
    until_sign(guest, WHITE, "its sign")
    wait_until(
        lambda: share_of(guest.picture(), (0x6C, 0x74, 0x80)) == 0 == share_of(guest.picture(), WHITE), "no sign", 45
    )


def test_neighbours_stand_in_the_order_of_their_numbers(guest: Machine, station: Station) -> None:
    for number in (700, 3, 90):
        address = bytes([2, 0, 0, 0, number >> 8, number & 255])
        station.send(Message(kind=Kind.HELLO, sender=address, number=number, life=number).encode())
    station.greet()
    guest.wait_for_markers("N", 4)
    signs = [(slice(8, 42), slice(x, x + 34)) for x in range(96, 96 + 4 * 34, 34)]
    wait_until(lambda: all(share_of(guest.picture(), WHITE, sign) > 0.2 for sign in signs), "four signs")
    picture = guest.picture()
    assert len({picture[sign].tobytes() for sign in signs}) == 4
    guest.tap("w")
    station.hear(Kind.WHISTLE)  # 11 is the next one after 10


def test_key_w_whistles_at_the_next_yard_and_nobody_minds_when_there_is_none(guest: Machine, station: Station) -> None:
    guest.tap("w")
    guest.wait_for_markers("K")
    station.greet()
    guest.wait_for_markers("N")
    guest.tap("w")
    whistle = station.hear(Kind.WHISTLE)
    assert (whistle.to, whistle.number) == (station.address, 10)
    assert [message.kind for message in station.heard].count(Kind.WHISTLE) == 1


def test_the_last_number_whistles_at_the_first(guest: Machine, relay: Relay) -> None:
    with Station(relay.cable(3), guest.cable, 3) as first, Station(relay.cable(7), guest.cable, 7) as later:
        first.greet()
        later.greet()
        guest.wait_for_markers("N", 2)
        guest.tap("w")
        assert first.hear(Kind.WHISTLE).to == first.address


def test_a_neighbours_whistle_is_seen_once_and_told(guest: Machine, station: Station) -> None:
    station.greet()
    until_sign(guest, WHITE, "its sign")
    station.say(Kind.WHISTLE, id=5)
    station.say(Kind.WHISTLE, id=5)
    assert guest.wait_for_markers("W")[0][1] == "11"
    until_sign(guest, YELLOW, "its sign lit")
    wait_until(lambda: count_of(guest, "F") > 0, "steam")
    station.hear_hellos(1)
    assert count_of(guest, "W") == 1


def test_a_neighbours_whistle_is_heard(image: Path, tmp_path: Path, relay: Relay) -> None:
    sound = tmp_path / "sound.wav"
    cable = relay.cable(10)
    settings = {"number": "10", "still": "1"}
    with Machine(tmp_path / "m", image, audio=f"wav,path={sound}", cable=cable, **settings) as guest:
        guest.wait_for_markers("R")
        with Station(relay.cable(NEXT), cable, NEXT) as station:
            station.say(Kind.WHISTLE, id=5)
            guest.wait_for_markers("W")
            wait_until(lambda: sound.stat().st_size > 44_100, "a quarter of a second of sound")


def hostile(station: Station, guest: Cable) -> list[bytes]:
    """Frames that look like a train, a whistle or a greeting, each with one thing wrong."""
    good = Message(
        kind=Kind.TRAIN,
        sender=station.address,
        to=guest.address,
        life=LIFE,
        number=NEXT,
        id=9,
        train=1,
        cars=1,
        speed=1,
    )
    whistle = Message(kind=Kind.WHISTLE, sender=station.address, to=guest.address, number=NEXT, id=9)
    frame = whistle.encode()
    return [
        b"",
        frame[:14],
        frame[:53],
        frame[:12] + b"\x08\x00" + frame[14:],
        frame[:14] + b"Logo" + frame[18:],
        whistle.encode(version=0),
        whistle.encode(version=2),
        whistle.encode(length=0),
        whistle.encode(length=39),
        whistle.encode(length=47),
        whistle.encode(length=0xFFFF),
        frame[:19] + b"\x00" + frame[20:],
        frame[:19] + b"\x0a" + frame[20:],
        frame[:19] + b"\xff" + frame[20:],
        GROUP + frame[6:],
        GROUP + good.encode()[6:],
        frame[:6] + GROUP + frame[12:],
        frame[:6] + guest.address + frame[12:],
        frame[:24] + b"\x03\xe8" + frame[26:],
    ]


def test_frames_with_something_wrong_are_ignored(guest: Machine, station: Station) -> None:
    station.hear(Kind.HELLO)
    for frame in hostile(station, guest.cable):
        station.send(frame)
    last = station.say(Kind.ASK, id=77)
    assert station.hear(Kind.BLOCKED).id == last.id  # its train stands, so that it takes no other
    assert [count_of(guest, letter) for letter in "WANE"] == [0, 0, 0, 0]


@pytest.mark.parametrize(
    "wrong", [{"train": 1000}, {"colour": 9}, {"cars": 0}, {"cars": 4}, {"speed": 0}, {"speed": 10}, {"speed": -10}]
)
def test_a_train_that_cannot_be_is_ignored(guest: Machine, station: Station, wrong: dict[str, int]) -> None:
    life = int(guest.markers("L")[0][1], 16)
    station.say(Kind.TRAIN, id=8, your_life=life, **wrong)
    station.say(Kind.TRAIN, id=9, your_life=life)
    assert station.hear(Kind.ARRIVED).id == 9
    assert len(guest.wait_for_markers("A")) == 1


def test_thousands_of_broken_frames_change_nothing(guest: Machine, station: Station) -> None:
    dice = random.Random(6)
    good = [
        Message(kind=kind, sender=station.address, to=guest.cable.address, number=NEXT).encode()
        for kind in (Kind.CLEAR, Kind.BLOCKED, Kind.ARRIVED, Kind.RELEASED, Kind.AGAIN, Kind.TRAIN)
    ]
    for count in range(2000):
        frame = bytearray(dice.choice(good) + dice.randbytes(dice.choice((0, 0, 500, 1400))))
        for _flip in range(dice.randrange(4)):
            frame[dice.randrange(14, 60)] = dice.randrange(256)
        if not is_whistle_or_hello(bytes(frame)):
            station.send(bytes(frame))
        if count % 50 == 0:
            station.listen(0.01)
    station.say(Kind.ASK, id=78)
    while station.hear(Kind.BLOCKED).id != 78:
        pass
    assert [count_of(guest, letter) for letter in "ADQBEW"] == [0] * 6


def is_whistle_or_hello(frame: bytes) -> bool:
    try:
        return decode(frame).kind in (Kind.WHISTLE, Kind.HELLO)
    except ValueError:
        return False


def test_what_others_broadcast_does_not_wake_it_and_neighbours_hardly_do(guest: Machine, station: Station) -> None:
    noise = b"\xff" * 6 + bytes([2, 9, 9, 9, 9, 9]) + b"\x81\x37" + bytes(200)
    cpu_s, start_s = guest.cpu_seconds(), time.monotonic()
    while time.monotonic() < start_s + 2:  # the share of a processor is measured over a time
        station.send(noise)
        for number in range(20, 28):
            address = bytes([2, 0, 0, 0, 0, number])
            station.send(Message(kind=Kind.HELLO, sender=address, number=number, life=1).encode())
        time.sleep(0.1)
    share = (guest.cpu_seconds() - cpu_s) / (time.monotonic() - start_s)
    assert share < 0.05
    assert count_of(guest, "N") == 8


def test_a_guest_without_a_card_says_nothing_of_neighbours(image: Path, tmp_path: Path) -> None:
    with Machine(tmp_path / "m", image, number="3") as machine:
        machine.wait_for_markers("F", 2)
        machine.tap("w")
        machine.wait_for_markers("K")
        assert [count_of(machine, letter) for letter in "LNADQBWE"] == [0] * 8
