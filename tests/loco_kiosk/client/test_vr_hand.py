"""What the headset does to the guests, and what is left of it."""

from backend.contract.input import Button, InputMessage, Key, MoveTo, ReleaseAll
from loco_kiosk.client.vr_hand import HAND, Hand


class RecordingGuests:
    def __init__(self) -> None:
        self.told: list[tuple[str, object, str]] = []

    def send(self, id: str, message: InputMessage, hand: str = "") -> None:  # noqa: A002
        self.told.append((id, message, hand))

    def request_control(self, id: str, hand: str = "") -> None:  # noqa: A002
        self.told.append((id, "request", hand))

    def release_control(self, id: str, hand: str = "") -> None:  # noqa: A002
        self.told.append((id, "release", hand))


def test_everything_goes_to_its_guest_under_the_name_of_the_headset() -> None:
    guests = RecordingGuests()
    hand = Hand(lambda: guests)
    hand.send("instance-1", MoveTo(1, 2, 3))
    hand.control("instance-1", wanted=True)
    hand.control("instance-1", wanted=False)
    assert guests.told == [
        ("instance-1", MoveTo(1, 2, 3), HAND),
        ("instance-1", "request", HAND),
        ("instance-1", "release", HAND),
    ]


def test_what_is_held_goes_up_when_the_headset_goes() -> None:
    guests = RecordingGuests()
    hand = Hand(lambda: guests)
    hand.control("instance-2", wanted=True)
    hand.send("instance-1", Key(1, "ShiftLeft", True))
    hand.send("instance-1", Key(2, "KeyA", True))
    hand.send("instance-1", Key(3, "KeyA", False))
    hand.send("instance-2", Button(4, 0, True, (1, 1)))
    guests.told.clear()
    hand.let_go()
    assert guests.told == [
        ("instance-2", Button(5, 0, False), HAND),
        ("instance-1", Key(6, "ShiftLeft", False), HAND),
        ("instance-2", "release", HAND),
    ]
    guests.told.clear()
    hand.let_go()
    assert not guests.told


def test_what_was_released_already_is_not_released_again() -> None:
    guests = RecordingGuests()
    hand = Hand(lambda: guests)
    hand.send("instance-1", Key(1, "ShiftLeft", True))
    hand.send("instance-1", ReleaseAll(2))
    hand.control("instance-2", wanted=True)
    hand.send("instance-2", Key(3, "KeyA", True))
    hand.control("instance-2", wanted=False)
    guests.told.clear()
    hand.let_go()
    assert not guests.told


def test_a_hand_survives_that_there_is_no_wall() -> None:
    hand = Hand(lambda: None)
    hand.send("instance-1", Key(1, "KeyA", True))
    hand.control("instance-1", wanted=True)
    hand.let_go()
