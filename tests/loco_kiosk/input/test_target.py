from backend.contract.input import Button, InputMessage, Key, MoveBy, MoveTo, ReleaseAll, Wheel
from loco_kiosk.input.pointer import INTERVAL_US
from loco_kiosk.input.target import Target


def target() -> tuple[Target, list[InputMessage]]:
    sent: list[InputMessage] = []
    return Target("pc", lambda _, message: sent.append(message)), sent


def test_messages_are_numbered_in_order() -> None:
    guest, sent = target()
    assert guest.key("KeyA", True) == 1
    guest.wheel(1, 0, 0)
    assert sent == [Key(1, "KeyA", True), Wheel(2, 1, 0)]


def test_a_key_that_is_down_already_says_nothing() -> None:
    guest, sent = target()
    guest.key("KeyA", True)
    assert guest.key("KeyA", True) is None
    assert guest.key("KeyB", False) is None
    assert len(sent) == 1


def test_a_position_that_waits_is_told_before_a_button_goes_down() -> None:
    guest, sent = target()
    guest.move_to(1, 1, 0)
    guest.move_to(5, 6, 1)
    assert guest.move_waits
    assert guest.button(0, True, (5, 6), 2)
    assert sent[1:] == [MoveTo(2, 5, 6), Button(3, 0, True, (5, 6))]
    assert guest.dragging


def test_movements_are_told_as_sums_once_an_interval() -> None:
    guest, sent = target()
    for step in range(3):
        guest.move_by(1.5, 0, step)
    guest.send_due_move(INTERVAL_US)
    assert sent == [MoveBy(1, 2, 0), MoveBy(2, 4, 0)]


def test_a_position_that_waits_means_nothing_to_a_guest_that_takes_movements() -> None:
    guest, sent = target()
    guest.move_to(1, 1, 0)
    guest.move_to(9, 9, 1)
    guest.move_by(3, 0, INTERVAL_US)
    assert sent == [MoveTo(1, 1, 1), MoveBy(2, 3, 0)]


def test_everything_goes_up_in_one_message_and_only_if_something_is_held() -> None:
    guest, sent = target()
    guest.release_all()
    guest.key("KeyA", True)
    guest.button(0, True, None, 0)
    guest.release_all()
    guest.release_all()
    assert sent[2:] == [ReleaseAll(3)]
    assert not guest.button(0, False, None, 0)


def test_buttons_go_up_alone_when_the_mouse_changes_hands() -> None:
    guest, sent = target()
    guest.key("ShiftLeft", True)
    guest.button(0, True, (1, 2), 0)
    guest.release_buttons()
    guest.release_buttons()
    assert sent[2:] == [Button(3, 0, False)]
    assert not guest.dragging
