"""The life of a session, told by the runtime."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from vr.openxr.phase import SENTENCES, Phase, Step, follow, listens, runs, shows

IDLE, READY, SYNCHRONIZED, VISIBLE, FOCUSED, STOPPING, LOSS_PENDING, EXITING = range(1, 9)


def run(states: list[int]) -> tuple[Phase, list[Step]]:
    phase, running, steps = Phase.IDLE, False, []
    for state in states:
        phase, step = follow(phase, state, running)
        running = step is Step.BEGIN or (running and step is not Step.END)
        steps.append(step)
    return phase, steps


def test_a_headset_put_on_and_taken_off_begins_and_ends_the_session_once() -> None:
    worn = [IDLE, READY, SYNCHRONIZED, VISIBLE, FOCUSED, VISIBLE, SYNCHRONIZED, STOPPING, IDLE]
    phase, steps = run(worn)
    assert phase is Phase.IDLE
    assert [step for step in steps if step is not Step.NONE] == [Step.BEGIN, Step.END]


def test_put_on_again_it_begins_again() -> None:
    _, steps = run([READY, FOCUSED, STOPPING, IDLE, READY])
    assert steps.count(Step.BEGIN) == 2


def test_what_is_said_twice_is_done_once() -> None:
    _, steps = run([READY, READY, STOPPING, STOPPING])
    assert [step for step in steps if step is not Step.NONE] == [Step.BEGIN, Step.END]


def test_nothing_counts_after_the_end() -> None:
    assert follow(Phase.EXITING, READY, False) == (Phase.EXITING, Step.NONE)
    assert follow(Phase.LOST, FOCUSED, True) == (Phase.LOST, Step.NONE)


def test_an_unknown_state_changes_nothing() -> None:
    assert follow(Phase.FOCUSED, 99, True) == (Phase.FOCUSED, Step.NONE)


def test_loss_is_left_without_ending_the_session() -> None:
    assert follow(Phase.FOCUSED, LOSS_PENDING, True) == (Phase.LOST, Step.LEAVE)


@given(st.lists(st.integers(0, 9), max_size=40))
def test_begin_and_end_alternate_whatever_a_runtime_says(states: list[int]) -> None:
    _, steps = run(states)
    owed = [step for step in steps if step in (Step.BEGIN, Step.END)]
    assert all(a is not b for a, b in itertools.pairwise(owed))
    assert owed[:1] != [Step.END]


def test_each_phase_has_a_sentence_of_its_own() -> None:
    assert set(SENTENCES) == set(Phase)
    assert len(set(SENTENCES.values())) == len(Phase)


def test_only_the_focused_session_listens_and_only_seen_ones_show() -> None:
    assert [phase for phase in Phase if listens(phase)] == [Phase.FOCUSED]
    assert [phase for phase in Phase if shows(phase)] == [Phase.VISIBLE, Phase.FOCUSED]
    assert all(runs(phase) for phase in Phase if shows(phase))
