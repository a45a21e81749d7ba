import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from backend.qemu.cursor import Cursor
from backend.qemu.screen import Pixels, Screen, changed_area


def plain(width: int, height: int, value: int) -> Pixels:
    return np.full((height, width, 4), value, np.uint8)


def screen_of(width: int = 64, height: int = 48, value: int = 1) -> Screen:
    screen = Screen()
    screen.resize(width, height)
    screen.put(0, 0, plain(width, height, value))
    return screen


def test_nothing_is_taken_before_the_first_picture() -> None:
    screen = Screen()
    screen.resize(64, 48)
    assert screen.take() is None


def test_the_first_picture_comes_whole() -> None:
    damage = screen_of().take()
    assert damage is not None
    assert (damage.top, damage.bottom, damage.resized) == (0, 48, True)
    assert damage.pixels.shape == (48, 64, 4)
    assert damage.pixels.min() == 1


def test_an_equal_picture_is_not_handed_on_again() -> None:
    screen = screen_of()
    screen.take()
    screen.put(0, 0, plain(64, 48, 1))
    assert screen.take() is None


def test_only_rows_that_differ_are_told() -> None:
    screen = screen_of()
    screen.take()
    picture = plain(64, 48, 1)
    picture[20:23, 5] = 9
    screen.put(0, 0, picture)
    damage = screen.take()
    assert damage is not None
    assert (damage.top, damage.bottom, damage.resized) == (20, 23, False)
    assert damage.pixels[21, 5, 0] == 9


def test_the_whole_picture_is_there_for_the_asking_and_is_no_news() -> None:
    assert Screen().take(whole=True) is None
    screen = screen_of()
    changed = screen.take()
    again = screen.take(whole=True)
    assert changed is not None
    assert again is not None
    assert (again.top, again.bottom, again.left, again.right) == (0, 48, 0, 64)
    assert again.captured_us == changed.captured_us
    screen.put(0, 10, plain(64, 2, 5))
    pending = screen.take(whole=True)
    assert pending is not None
    assert pending.captured_us > changed.captured_us
    assert pending.bottom == 48
    assert screen.take() is None


def test_changes_add_up_until_they_are_taken() -> None:
    screen = screen_of()
    screen.take()
    screen.put(0, 10, plain(64, 2, 5))
    screen.put(0, 30, plain(64, 4, 6))
    damage = screen.take()
    assert damage is not None
    assert (damage.top, damage.bottom) == (10, 34)
    assert damage.first_us <= damage.captured_us
    assert damage.pixels[20, 0, 0] == 1


def test_what_is_drawn_while_a_picture_is_read_comes_again() -> None:
    screen = screen_of()
    screen.take()
    screen.put(0, 4, plain(64, 8, 2))
    reading = screen.take()
    assert reading is not None
    screen.put(0, 6, plain(64, 2, 200))
    again = screen.take()
    assert again is not None
    assert (again.top, again.bottom) == (6, 8)
    assert again.pixels[6, 0, 0] == 200


def test_a_part_of_the_rows_is_compared_without_its_surroundings() -> None:
    screen = screen_of()
    screen.take()
    screen.put(3, 5, plain(7, 9, 1))
    assert screen.take() is None
    screen.put(3, 5, plain(7, 9, 2))
    damage = screen.take()
    assert damage is not None
    assert (damage.top, damage.bottom) == (5, 14)


def test_a_new_size_is_told_once_and_comes_whole() -> None:
    screen = screen_of()
    screen.take()
    screen.resize(80, 60)
    screen.put(0, 0, plain(80, 60, 3))
    damage = screen.take()
    assert damage is not None
    assert (damage.top, damage.bottom, damage.resized) == (0, 60, True)
    screen.put(0, 0, plain(80, 60, 4))
    damage = screen.take()
    assert damage is not None
    assert not damage.resized


def test_a_rectangle_beyond_the_edge_makes_the_picture_larger() -> None:
    screen = screen_of(64, 48)
    screen.put(0, 40, plain(72, 30, 7))
    assert screen.size == (72, 70)
    damage = screen.take()
    assert damage is not None
    assert damage.pixels[0, 0, 0] == 1
    assert damage.pixels[69, 71, 0] == 7


def test_a_smaller_size_keeps_what_fits() -> None:
    screen = screen_of(64, 48, 5)
    screen.resize(32, 24)
    damage = screen.take()
    assert damage is not None
    assert damage.pixels.shape == (24, 32, 4)
    assert damage.pixels.min() == 5


def test_the_cursor_is_drawn_on_what_is_handed_on_and_not_on_what_arrived() -> None:
    screen = screen_of()
    screen.take()
    white = np.full((4, 4, 4), 255, np.uint8)
    screen.set_cursor(Cursor(white, 10, 20))
    damage = screen.take()
    assert damage is not None
    assert (damage.top, damage.bottom) == (20, 24)
    assert damage.pixels[20, 10, 0] == 255
    screen.set_cursor(None)
    damage = screen.take()
    assert damage is not None
    assert (damage.top, damage.bottom) == (20, 24)
    assert damage.pixels.max() == 1


@given(
    st.integers(1, 9),
    st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8), st.integers(0, 255)), max_size=5),
)
def test_the_changed_area_is_tight_to_a_word(width: int, changes: list[tuple[int, int, int]]) -> None:
    before = np.zeros((9, width, 4), np.uint8)
    after = before.copy()
    for row, column, value in changes:
        after[row, column % width, 0] = value
    rows, columns, _ = np.nonzero(before != after)
    area = changed_area(before, after)
    if not len(rows):
        assert area is None
        return
    assert area is not None
    assert (area.top, area.bottom) == (rows.min(), rows.max() + 1)
    assert area.left <= columns.min() <= area.left + 1
    assert area.right - 1 <= columns.max() + 1 <= area.right


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(1, 20), st.integers(1, 20), st.booleans()))
)
def test_what_was_taken_always_equals_what_arrived(puts: list[tuple[int, int, int, int, bool]]) -> None:
    screen = screen_of(16, 16, 0)
    expected = plain(16, 16, 0)
    seen = plain(16, 16, 0)

    def take() -> None:
        nonlocal seen
        damage = screen.take()
        if damage is None:
            return
        if damage.resized:
            seen = np.zeros_like(damage.pixels)
        part = (slice(damage.top, damage.bottom), slice(damage.left, damage.right))
        seen[part] = damage.pixels[part]

    for value, (x, y, width, height, now) in enumerate(puts, start=1):
        rectangle = plain(width, height, value % 256)
        grown = plain(max(expected.shape[1], x + width), max(expected.shape[0], y + height), 0)
        grown[: expected.shape[0], : expected.shape[1]] = expected
        grown[y : y + height, x : x + width] = rectangle
        expected = grown
        screen.put(x, y, rectangle)
        if now:
            take()
    take()
    assert np.array_equal(seen, expected)
