from hypothesis import given
from hypothesis import strategies as st

from backend.contract.input import Button, Key
from backend.streamer.held_keys import HeldKeys


def test_a_release_without_a_press_does_not_pass() -> None:
    held = HeldKeys()
    assert not held.key("KeyA", False)
    assert not held.button(0, False)


def test_a_repeated_press_passes_and_is_released_once() -> None:
    held = HeldKeys()
    assert held.key("KeyA", True)
    assert held.key("KeyA", True)
    assert held.release_all() == [Key(0, "KeyA", False)]
    assert held.release_all() == []


def test_the_last_pressed_goes_up_first() -> None:
    held = HeldKeys()
    held.key("ControlLeft", True)
    held.key("KeyC", True)
    held.button(1, True)
    assert held.release_all() == [Button(0, 1, False), Key(0, "KeyC", False), Key(0, "ControlLeft", False)]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans())))
def test_after_release_all_every_press_has_a_release(events: list[tuple[str, bool]]) -> None:
    held = HeldKeys()
    down: set[str] = set()
    for code, pressed in events:
        if held.key(code, pressed):
            (down.add if pressed else down.discard)(code)
    for item in held.release_all():
        assert isinstance(item, Key)
        down.remove(item.code)
    assert not down
