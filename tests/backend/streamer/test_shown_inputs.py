from backend.streamer.shown_inputs import ShownInputs


def test_a_picture_shows_the_inputs_before_it_and_each_is_told_once() -> None:
    inputs = ShownInputs()
    inputs.note(1, 100)
    inputs.note(2, 200)
    inputs.note(3, 300)
    assert inputs.shown_by(99) == []
    assert inputs.shown_by(200) == [1, 2]
    assert inputs.shown_by(200) == []
    assert inputs.shown_by(1000) == [3]


def test_inputs_of_a_guest_that_draws_nothing_do_not_pile_up() -> None:
    inputs = ShownInputs()
    for sequence in range(10_000):
        inputs.note(sequence, 1)
    assert len(inputs.shown_by(1)) <= 100
