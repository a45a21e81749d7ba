"""What the streamer makes of two hands on one guest."""

from hypothesis import given
from hypothesis import strategies as st

from backend.contract.input import InputMessage, Key, MoveBy, MoveTo
from backend.streamer.pointer_order import PointerOrder
from loco_kiosk.input.merge import InputMerge


def moved(merge: InputMerge, order: PointerOrder, message: MoveBy, hand: str) -> tuple[int, int]:
    merged = merge.merged(message, hand)
    assert isinstance(merged, MoveBy)
    assert order.is_newer(merged.sequence)
    return order.movement(merged.x, merged.y)


def test_one_hand_alone_keeps_its_numbers() -> None:
    merge = InputMerge()
    messages: list[InputMessage] = [Key(1, "KeyA", True), MoveTo(2, 10, 20), MoveBy(3, 5, -5), MoveBy(4, 9, 0)]
    assert [merge.merged(message, "") for message in messages] == messages


def test_a_hand_that_counts_from_zero_is_not_overtaken_by_the_other() -> None:
    merge, order = InputMerge(), PointerOrder()
    for number in range(1, 50):
        assert order.is_newer(merge.merged(MoveTo(number, number, 0), "").sequence)
    assert order.is_newer(merge.merged(MoveTo(1, 7, 7), "headset").sequence)
    assert order.is_newer(merge.merged(MoveTo(50, 8, 8), "").sequence)


def test_each_hand_moves_the_mouse_by_what_it_moved() -> None:
    merge, order = InputMerge(), PointerOrder()
    assert moved(merge, order, MoveBy(1, 100, 0), "") == (100, 0)
    assert moved(merge, order, MoveBy(1, 3, 4), "headset") == (3, 4)
    assert moved(merge, order, MoveBy(2, 101, 0), "") == (1, 0)
    assert moved(merge, order, MoveBy(2, 3, 9), "headset") == (0, 5)


def test_a_new_session_of_the_streamer_does_not_make_the_mouse_jump() -> None:
    merge, order = InputMerge(), PointerOrder()
    moved(merge, order, MoveBy(1, 5000, 300), "headset")
    merge.restart()
    assert moved(merge, PointerOrder(), MoveBy(2, 5001, 300), "headset") == (1, 0)


def test_a_hand_that_begins_anew_does_not_make_the_mouse_jump() -> None:
    merge, order = InputMerge(), PointerOrder()
    moved(merge, order, MoveBy(9, 5000, 300), "headset")
    assert moved(merge, order, MoveBy(1, 2, 1), "headset") == (2, 1)


steps = st.lists(st.tuples(st.sampled_from(["", "headset"]), st.integers(-900, 900), st.integers(-900, 900)))


@given(steps)
def test_nothing_of_any_hand_is_lost(walk: list[tuple[str, int, int]]) -> None:
    merge, order = InputMerge(), PointerOrder()
    sums = {"": (0, 0), "headset": (0, 0)}
    counts = {"": 0, "headset": 0}
    for hand, dx, dy in walk:
        counts[hand] += 1
        sums[hand] = (sums[hand][0] + dx, sums[hand][1] + dy)
        assert moved(merge, order, MoveBy(counts[hand], *sums[hand]), hand) == (dx, dy)
