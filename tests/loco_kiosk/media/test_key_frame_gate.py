import itertools

from loco_kiosk.media.key_frame_gate import FIRST_US, KeyFrameGate


def test_it_is_closed_until_the_first_key_frame_and_asks_after_a_while() -> None:
    gate = KeyFrameGate(0)
    assert gate.closed
    assert not gate.due(FIRST_US - 1)
    assert gate.due(FIRST_US)
    gate.open()
    assert not gate.closed
    assert not gate.due(10 * FIRST_US)


def test_a_loss_asks_at_once_and_then_ever_more_slowly() -> None:
    gate = KeyFrameGate(0)
    gate.open()
    gate.lose(1_000)
    asked = [time_us for time_us in range(1_000, 10_000_000, 10_000) if gate.due(time_us)]
    waits = [later - earlier for earlier, later in itertools.pairwise(asked)]
    assert asked[0] == 1_000
    assert waits[0] == FIRST_US
    assert waits == sorted(waits)
    assert max(waits) < 3_000_000


def test_more_losses_while_it_is_closed_do_not_ask_faster() -> None:
    gate = KeyFrameGate(0)
    gate.open()
    gate.lose(0)
    assert gate.due(0)
    gate.lose(1)
    assert not gate.due(1)


def test_a_key_frame_that_is_just_arriving_is_not_asked_for() -> None:
    gate = KeyFrameGate(0)
    gate.hear(2 * FIRST_US)
    assert not gate.due(2 * FIRST_US)
    gate.lose(2 * FIRST_US)
    assert gate.due(2 * FIRST_US)
