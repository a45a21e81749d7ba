import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.vr.recording import Moment, read, write
from tests.vr.remote_state import FLAGS, SIZE, ControllerState, RemoteState

numbers = st.integers(-256, 256).map(lambda number: number / 64)
"""Of few digits, so that neither the wire's float32 nor the file's rounding changes them."""
amounts = st.integers(0, 64).map(lambda number: number / 64)
triples = st.tuples(numbers, numbers, numbers)
quaternions = st.tuples(numbers, numbers, numbers, numbers)
hands = st.builds(
    ControllerState,
    position=triples,
    rotation=quaternions,
    trigger=st.integers(0, 32).map(lambda number: number / 64),  # beyond a half it sets flags of its own
    squeeze=amounts,
    stick=st.tuples(amounts, amounts),
    trackpad=st.tuples(amounts, amounts),
    curl=st.tuples(amounts, amounts, amounts, amounts, amounts),
    flags=st.frozensets(st.sampled_from(FLAGS)),
)
states = st.builds(RemoteState, head_position=triples, head_rotation=quaternions, left=hands, right=hands)


@given(states)
def test_a_state_survives_the_wire(state: RemoteState) -> None:
    assert len(state.pack()) == SIZE == 376
    assert RemoteState.unpack(state.pack()) == state


@given(st.lists(states, min_size=1, max_size=3))
def test_a_session_survives_the_file(states: list[RemoteState]) -> None:
    moments = [Moment(0.25 * number, state) for number, state in enumerate(states)]
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "session.jsonl"
        write(path, moments)
        assert read(path) == moments
