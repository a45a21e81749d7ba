from hypothesis import given
from hypothesis import strategies as st

from vr.scene.layout import PAGE
from vr.scene.pages import Pages


def names(count: int) -> list[str]:
    return [f"pc-{number}" for number in range(count)]


def test_nine_screens_are_one_page_and_ten_are_two() -> None:
    pages = Pages()
    assert (pages.count, pages.shown) == (1, ())
    pages.set(names(9))
    assert (pages.count, len(pages.shown)) == (1, 9)
    pages.set(names(10))
    assert pages.count == 2
    assert pages.turn(1)
    assert pages.shown == ("pc-9",)


def test_there_is_nothing_before_the_first_page_and_after_the_last() -> None:
    pages = Pages()
    pages.set(names(10))
    assert not pages.turn(-1)
    assert pages.turn(1)
    assert not pages.turn(1)


def test_a_page_that_no_longer_exists_gives_way_to_the_last() -> None:
    pages = Pages()
    pages.set(names(20))
    pages.turn(2)
    pages.set(names(10))
    assert pages.page == 1


def test_the_page_of_a_screen_can_be_opened() -> None:
    pages = Pages()
    pages.set(names(20))
    pages.open("pc-12")
    assert "pc-12" in pages.shown
    pages.open("nobody")
    assert "pc-12" in pages.shown


@given(st.integers(0, 99), st.lists(st.integers(-3, 3)))
def test_whatever_is_turned_every_screen_is_on_exactly_one_page(count: int, turns: list[int]) -> None:
    pages = Pages()
    pages.set(names(count))
    for turn in turns:
        pages.turn(turn)
        assert 0 <= pages.page < pages.count
        assert len(pages.shown) <= PAGE
    pages.turn(-99)
    seen = list(pages.shown)
    while pages.turn(1):
        seen += pages.shown
    assert seen == names(count)
