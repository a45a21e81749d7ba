from hypothesis import given
from hypothesis import strategies as st

from loco_kiosk.input.touch import LEFT, LONG_PRESS_US, RIGHT, SLOP, Touch, TouchAction, TouchButton, TouchMove


def buttons(actions: list[TouchAction]) -> list[tuple[int, bool]]:
    return [(action.button, action.down) for action in actions if isinstance(action, TouchButton)]


def test_a_tap_clicks_where_it_began() -> None:
    touch = Touch()
    assert touch.down(10, 10, 0, relative=False) == [TouchMove(10, 10)]
    actions = touch.up(12, 11, 100_000)
    assert actions == [TouchButton(10, 10, LEFT, down=True), TouchButton(10, 10, LEFT, down=False)]


def test_a_long_press_is_the_right_button_until_the_finger_leaves() -> None:
    touch = Touch()
    touch.down(10, 10, 0, relative=False)
    assert touch.due_us == LONG_PRESS_US
    assert touch.tick(LONG_PRESS_US - 1) == []
    assert buttons(touch.tick(LONG_PRESS_US)) == [(RIGHT, True)]
    assert touch.due_us is None
    assert buttons(touch.up(10, 10, LONG_PRESS_US + 1)) == [(RIGHT, False)]


def test_a_long_press_is_known_even_without_a_tick() -> None:
    touch = Touch()
    touch.down(10, 10, 0, relative=False)
    assert buttons(touch.up(10, 10, 2 * LONG_PRESS_US)) == [(RIGHT, True), (RIGHT, False)]


def test_a_drag_presses_where_it_began() -> None:
    touch = Touch()
    touch.down(10, 10, 0, relative=False)
    assert touch.move(10 + SLOP / 2, 10, 1000) == []
    actions = touch.move(50, 10, 2000)
    assert actions[0] == TouchButton(10, 10, LEFT, down=True)
    assert isinstance(actions[1], TouchMove)
    assert buttons(touch.up(60, 10, 3000)) == [(LEFT, False)]


def test_on_a_guest_without_positions_the_finger_is_a_touch_pad() -> None:
    touch = Touch()
    touch.down(10, 10, 0, relative=True)
    assert touch.move(50, 20, 1000) == [TouchMove(50, 20, 40, 10)]
    assert touch.move(51, 20, 2000) == [TouchMove(51, 20, 1, 0)]
    assert buttons(touch.up(51, 20, 3000)) == []


def test_a_finger_that_the_system_takes_away_clicks_nothing() -> None:
    touch = Touch()
    touch.down(10, 10, 0, relative=False)
    assert touch.cancel() == []
    touch.down(10, 10, 0, relative=False)
    touch.move(90, 10, 1000)
    assert buttons(touch.cancel()) == [(LEFT, False)]
    assert touch.move(91, 10, 2000) == []


steps = st.lists(
    st.tuples(st.sampled_from(["down", "move", "up", "tick", "cancel"]), st.floats(0, 100), st.integers(0, 10**6))
)


@given(steps, st.booleans())
def test_whatever_fingers_do_every_button_goes_up_again(events: list[tuple[str, float, int]], relative: bool) -> None:
    touch, now = Touch(), 0
    held: set[int] = set()
    for kind, x, later in [*events, ("cancel", 0.0, 0)]:
        now += later
        match kind:
            case "down":
                actions = touch.down(x, 0, now, relative=relative)
            case "tick":
                actions = touch.tick(now)
            case "cancel":
                actions = touch.cancel()
            case _:
                actions = touch.move(x, 0, now) if kind == "move" else touch.up(x, 0, now)
        for button, down in buttons(actions):
            assert (button in held) is not down
            held ^= {button}
    assert not held
