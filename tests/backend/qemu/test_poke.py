import itertools

from hypothesis import given
from hypothesis import strategies as st

from backend.qemu.poke import BEAT_S, DELAYS_S, SPACING_S, PokeTimes


def times_of(inputs: list[float], until: float) -> list[float]:
    """When a perfect clock would poke."""
    times, poked, waiting = PokeTimes(), [], sorted(inputs)
    while True:
        due = times.next_due()
        if waiting and (due is None or waiting[0] <= due):
            times.after_input(waiting.pop(0))
        elif due is not None and due <= until:
            times.poked(due)
            poked.append(due)
        else:
            return poked


def test_one_input_is_followed_by_a_few_pokes() -> None:
    assert times_of([1.0], 2.0) == [1.0 + delay for delay in DELAYS_S]


def test_inputs_in_a_stream_get_every_other_poke() -> None:
    poked = times_of([number / 125 for number in range(126)], 1.0)
    assert 200 <= len(poked) <= 260


def test_without_input_there_is_no_poke() -> None:
    assert PokeTimes().next_due() is None


@given(st.lists(st.floats(0.0, 0.2), max_size=100))
def test_pokes_keep_their_distance_however_quick_the_inputs(inputs: list[float]) -> None:
    poked = times_of(inputs, 1.0)
    assert all(later - earlier >= SPACING_S * 0.999 for earlier, later in itertools.pairwise(poked))


@given(st.lists(st.floats(0.0, 0.2), min_size=1, max_size=100))
def test_every_input_is_followed_by_a_poke_soon(inputs: list[float]) -> None:
    poked = times_of(inputs, 1.0)
    for moment in inputs:
        assert any(DELAYS_S[0] * 0.999 <= poke - moment <= DELAYS_S[2] + 2 * SPACING_S for poke in poked)


def test_pokes_that_came_due_while_one_took_long_are_dropped() -> None:
    times = PokeTimes()
    times.after_input(1.0)
    times.poked(1.5)
    assert times.next_due() is None


def test_steady_pokes_keep_their_beat_with_inputs_between_them() -> None:
    times, poked = PokeTimes(), list[float]()
    times.steadily(True, 0.0)
    times.after_input(0.02)
    while (due := times.next_due()) is not None and due < 1.0:
        poked.append(due)
        times.poked(due)
    beats = [time for time in poked if abs(time / BEAT_S - round(time / BEAT_S)) < 1e-6]
    assert len(beats) >= 58
    assert all(later - earlier >= SPACING_S * 0.999 for earlier, later in itertools.pairwise(poked))
    times.steadily(False, 1.0)
    assert times.next_due() is None


def test_a_beat_that_was_missed_is_not_made_up_for() -> None:
    times = PokeTimes()
    times.steadily(True, 0.0)
    times.poked(0.0)
    times.poked(0.5)
    due = times.next_due()
    assert due is not None
    assert due >= 0.5 + SPACING_S
    times.poked(due)
    following = times.next_due()
    assert following is not None
    assert following - due > BEAT_S * 0.9
