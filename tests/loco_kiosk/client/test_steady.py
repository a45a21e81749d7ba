import pytest
from hypothesis import given
from hypothesis import strategies as st

from loco_kiosk.client.steady import Steady, hold_s
from loco_kiosk.client.tile import Condition, TileState

LIVE = Condition(TileState.LIVE)


def run(*words: tuple[float, TileState]) -> list[TileState]:
    steady = Steady()
    return [steady.settle(Condition(state), at_s).state for at_s, state in words]


def test_the_first_condition_shows_at_once() -> None:
    assert run((5.0, TileState.LOST)) == [TileState.LOST]


@pytest.mark.parametrize("state", [TileState.STALE, TileState.RECONNECTING, TileState.LOST, TileState.GONE])
def test_a_picture_that_is_not_the_guests_any_more_is_marked_at_once(state: TileState) -> None:
    assert run((0.0, TileState.LIVE), (0.01, state)) == [TileState.LIVE, state]


def test_a_reset_within_a_blink_does_not_show() -> None:
    shown = run((0.0, TileState.LIVE), (1.0, TileState.BOOTING), (1.2, TileState.BOOTING), (1.25, TileState.LIVE))
    assert shown == [TileState.LIVE] * 4


def test_the_doubts_of_the_backend_must_last() -> None:
    doubts = [(1.0 + part / 10, TileState.DEGRADED) for part in range(16)]
    shown = run((0.0, TileState.LIVE), *doubts)
    assert shown[:-1] == [TileState.LIVE] * 16
    assert shown[-1] is TileState.DEGRADED


def test_a_doubt_that_comes_and_goes_begins_anew() -> None:
    steps = [(at / 2, TileState.DEGRADED if at % 3 else TileState.LIVE) for at in range(12)]
    assert set(run(*steps)) == {TileState.LIVE}


def test_words_turn_slowly_on_the_way_back() -> None:
    shown = run((0.0, TileState.LIVE), (1.0, TileState.RECONNECTING), (1.1, TileState.BOOTING), (1.3, TileState.LIVE))
    assert shown == [TileState.LIVE, TileState.RECONNECTING, TileState.RECONNECTING, TileState.LIVE]


def test_other_words_for_the_same_state_show_at_once() -> None:
    steady = Steady()
    steady.settle(Condition(TileState.LOST, "It is off."), 0.0)
    assert steady.settle(Condition(TileState.LOST, "The node is down."), 0.01).reason == "The node is down."


@given(st.lists(st.sampled_from(TileState), min_size=1, max_size=20))
def test_what_lasts_is_shown_in_the_end(states: list[TileState]) -> None:
    steady = Steady()
    for number, state in enumerate(states):
        steady.settle(Condition(state), number / 10)
    last = states[-1]
    late = max(hold_s(shown, last) for shown in TileState) + len(states) / 10
    assert steady.settle(Condition(last), late).state is last
