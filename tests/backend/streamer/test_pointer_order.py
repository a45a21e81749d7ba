from hypothesis import given
from hypothesis import strategies as st

from backend.streamer.pointer_order import PointerOrder


def test_a_late_or_repeated_message_is_not_newer() -> None:
    order = PointerOrder()
    assert [order.is_newer(n) for n in (5, 6, 6, 4, 9)] == [True, True, False, False, True]


def test_sequence_numbers_wrap() -> None:
    order = PointerOrder()
    assert order.is_newer(0xFFFF_FFFF)
    assert order.is_newer(0)
    assert not order.is_newer(0xFFFF_FFFE)


@given(st.lists(st.tuples(st.integers(-1000, 1000), st.booleans()), max_size=50))
def test_lost_movements_are_made_good_by_the_next(moves: list[tuple[int, bool]]) -> None:
    order = PointerOrder()
    total = arrived = 0
    for step, lost in [*moves, (1, False)]:
        total += step
        if not lost:
            arrived += order.movement(total, 0)[0]
    assert arrived == total


def test_sums_wrap() -> None:
    order = PointerOrder()
    order.movement(0x7FFF_FFFF, 0)
    assert order.movement(-0x8000_0000, -3) == (1, -3)
