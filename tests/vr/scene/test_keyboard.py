from hypothesis import given
from hypothesis import strategies as st

from backend.contract.keys import BY_CODE
from vr.scene.button import Button, at
from vr.scene.keyboard import BUTTONS, CHORDS, HIDE, MODIFIERS, KeyboardModel

NAMES = [button.name for button in BUTTONS]


def overlap(one: Button, other: Button) -> bool:
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


def test_every_button_is_a_key_that_the_guest_has() -> None:
    assert all(name in BY_CODE or name in CHORDS or name == HIDE for name in NAMES)
    assert all(code in BY_CODE for codes in CHORDS.values() for code in codes)


def test_no_name_comes_twice_and_no_two_buttons_overlap() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert not [(a.name, b.name) for i, a in enumerate(BUTTONS) for b in BUTTONS[i + 1 :] if overlap(a, b)]
    assert all(b.x >= 0 and b.y >= 0 and b.x + b.width <= 1 and b.y + b.height <= 1 for b in BUTTONS)


def test_the_middle_of_each_button_is_that_button() -> None:
    assert [at(BUTTONS, b.x + b.width / 2, b.y + b.height / 2) for b in BUTTONS] == NAMES


def test_a_key_goes_down_and_up_with_the_trigger() -> None:
    keyboard = KeyboardModel()
    assert keyboard.press("KeyA") == [("KeyA", True)]
    assert keyboard.down == {"KeyA"}
    assert keyboard.press("KeyA") == []
    assert keyboard.release("KeyA") == [("KeyA", False)]
    assert keyboard.release("KeyA") == []


def test_a_modifier_pressed_once_lasts_for_one_key() -> None:
    keyboard = KeyboardModel()
    assert keyboard.press("ShiftLeft") == [("ShiftLeft", True)]
    assert keyboard.release("ShiftLeft") == []
    assert keyboard.sticky == {"ShiftLeft"}
    assert keyboard.press("KeyA") == [("KeyA", True)]
    assert keyboard.release("KeyA") == [("KeyA", False), ("ShiftLeft", False)]
    assert not keyboard.down


def test_a_modifier_pressed_twice_lasts_until_it_is_pressed_again() -> None:
    keyboard = KeyboardModel()
    keyboard.press("ControlLeft")
    assert keyboard.press("ControlLeft") == []
    keyboard.press("KeyC")
    assert keyboard.release("KeyC") == [("KeyC", False)]
    assert keyboard.locked == {"ControlLeft"}
    assert keyboard.press("ControlLeft") == [("ControlLeft", False)]


def test_modifiers_add_up() -> None:
    keyboard = KeyboardModel()
    for name in ("ControlLeft", "AltLeft"):
        keyboard.press(name)
        keyboard.release(name)
    keyboard.press("Delete")
    assert keyboard.release("Delete") == [("Delete", False), ("ControlLeft", False), ("AltLeft", False)]


def test_a_chord_is_typed_in_order_and_let_go_in_reverse() -> None:
    changes = KeyboardModel().press("CtrlAltDel")
    assert [code for code, down in changes if down] == ["ControlLeft", "AltLeft", "Delete"]
    assert [code for code, down in changes if not down] == ["Delete", "AltLeft", "ControlLeft"]


def test_hiding_types_nothing() -> None:
    assert KeyboardModel().press(HIDE) == []


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.booleans())))
def test_whatever_is_pressed_nothing_stays_down_in_the_guest(actions: list[tuple[str, bool]]) -> None:
    keyboard = KeyboardModel()
    held: list[str] = []
    changes = [c for name, down in actions for c in (keyboard.press(name) if down else keyboard.release(name))]
    for code, down in [*changes, *keyboard.release_all()]:
        if down:
            assert code not in held
            held.append(code)
        else:
            held.remove(code)
    assert not held
    assert not keyboard.down


def test_modifiers_are_all_on_the_keyboard_but_the_right_windows_key() -> None:
    assert MODIFIERS - set(NAMES) == {"MetaRight"}
