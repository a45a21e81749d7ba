import pytest
from hypothesis import given
from hypothesis import strategies as st

from loco_kiosk.models.selection import PAGE, Selection


def test_an_empty_wall_has_one_page() -> None:
    assert Selection().pages == 1
    assert Selection(slots=10).pages == 2


def test_nothing_picked_zooms_nothing() -> None:
    assert not Selection(slots=9).zoom().zoomed


@pytest.mark.parametrize(("direction", "position"), [("left", 3), ("right", 5), ("up", 1), ("down", 7)])
def test_arrows_move_from_the_middle(direction: str, position: int) -> None:
    assert Selection(slots=9).pick(4).step(direction).picked == position


def test_the_first_arrow_picks_the_first_tile() -> None:
    assert Selection(slots=9).step("down").picked == 0


def test_an_arrow_over_the_edge_turns_the_page_in_the_same_row() -> None:
    turned = Selection(slots=18).pick(5).step("right")
    assert (turned.page, turned.picked) == (1, PAGE + 3)
    assert turned.step("left").picked == 5


def test_an_arrow_stops_at_the_edge_of_the_wall() -> None:
    picked = Selection(slots=9).pick(5)
    assert picked.step("right") == picked


def test_a_zoomed_tile_stays_in_front() -> None:
    zoomed = Selection(slots=18).pick(2).zoom()
    assert zoomed.pick(5) == zoomed.step("left") == zoomed.turn(1) == zoomed
    assert zoomed.grid().picked == 2


def test_turning_keeps_the_position() -> None:
    assert Selection(slots=27).pick(4).turn(2).picked == 2 * PAGE + 4


def test_a_wall_that_shrinks_leaves_what_is_gone() -> None:
    shrunk = Selection(slots=18).turn(1).pick(0).zoom().with_slots(9)
    assert (shrunk.page, shrunk.picked, shrunk.zoomed) == (0, None, False)


@given(st.integers(0, 40), st.lists(st.sampled_from(["left", "right", "up", "down", "page", "back", "pick"])))
def test_whatever_is_pressed_the_page_exists_and_holds_the_picked_tile(slots: int, presses: list[str]) -> None:
    selection = Selection(slots=slots)
    for press in presses:
        match press:
            case "page" | "back":
                selection = selection.turn(1 if press == "page" else -1)
            case "pick":
                selection = selection.pick(8)
            case _:
                selection = selection.step(press)
        assert 0 <= selection.page < selection.pages
        assert selection.picked is None or selection.picked // PAGE == selection.page


def test_following_somebody_elses_pick_turns_the_page_and_keeps_the_zoom() -> None:
    assert Selection(slots=12).follow(10) == Selection(slots=12, page=1, picked=10)
    assert Selection(slots=12).pick(3).zoom().follow(10) == Selection(slots=12, page=1, picked=10, zoomed=True)


def test_following_nobody_picks_nothing_but_leaves_a_zoomed_tile_alone() -> None:
    assert Selection(slots=9).pick(3).follow(None).picked is None
    zoomed = Selection(slots=9).pick(3).zoom()
    assert zoomed.follow(None) == zoomed
