from hypothesis import given
from hypothesis import strategies as st

from loco_kiosk.input.ledger import Ledger


def test_a_second_press_and_a_stray_release_count_for_nothing() -> None:
    ledger: Ledger[str] = Ledger()
    assert ledger.press("KeyA")
    assert not ledger.press("KeyA")
    assert ledger.release("KeyA")
    assert not ledger.release("KeyA")


def test_what_is_held_comes_back_last_pressed_first() -> None:
    ledger: Ledger[str] = Ledger()
    for code in ("ControlLeft", "AltLeft", "Delete"):
        ledger.press(code)
    assert "AltLeft" in ledger
    assert ledger.held == {"ControlLeft", "AltLeft", "Delete"}
    assert ledger.clear() == ("Delete", "AltLeft", "ControlLeft")
    assert len(ledger) == 0


@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans())))
def test_every_key_that_went_down_goes_up_exactly_once(events: list[tuple[str, bool]]) -> None:
    ledger: Ledger[str] = Ledger()
    balance = dict.fromkeys("abc", 0)
    for key, down in events:
        if down:
            balance[key] += ledger.press(key)
        else:
            balance[key] -= ledger.release(key)
        assert balance[key] in (0, 1)
    for key in ledger.clear():
        balance[key] -= 1
    assert not any(balance.values())
