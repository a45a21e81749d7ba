import numpy as np
from numpy.typing import NDArray

from tests.vr.stage.canvases import Workshop
from vr.stage.drawings import BUDGET_S, PATIENCE_S, UNSEEN_S, Drawings


class Easel:
    """Counts drawings, each of which takes a time."""

    def __init__(self, takes_s: float = 0.0) -> None:
        self.now_s = 0.0
        self.takes_s = takes_s
        self.drawn = 0
        self.workshop = Workshop()
        self.drawings = Drawings(self.workshop.make, lambda: self.now_s)

    def draw(self) -> NDArray[np.uint8]:
        self.drawn += 1
        self.now_s += self.takes_s
        return np.full((3, 4, 4), self.drawn, np.uint8)


def test_a_drawing_is_made_once_and_again_when_it_says_something_else() -> None:
    easel = Easel()
    for says in ("a", "a", "b", "b"):
        easel.drawings.begin(0.0)
        canvas = easel.drawings.show("card", says, easel.draw)
        assert canvas is easel.workshop.made[0]
    assert easel.drawn == easel.workshop.uploads == 2


def test_what_takes_long_waits_for_the_next_frame_and_shows_what_it_said_before() -> None:
    easel = Easel(BUDGET_S)
    easel.drawings.begin(0.0)
    assert easel.drawings.show("one", 1, easel.draw) is not None
    assert easel.drawings.show("two", 1, easel.draw) is None
    easel.drawings.begin(0.1)
    assert easel.drawings.show("one", 1, easel.draw) is not None
    assert easel.drawings.show("two", 1, easel.draw) is not None
    assert easel.drawings.show("one", 2, easel.draw) is not None
    assert easel.drawn == 2


def test_what_changes_in_each_frame_does_not_starve_the_rest() -> None:
    easel = Easel(BUDGET_S)
    easel.drawings.begin(0.0)
    easel.drawings.show("two", "old", easel.draw)
    said: list[object] = []

    def message() -> NDArray[np.uint8]:
        said.append("new")
        return easel.draw()

    for frame in range(60):
        easel.drawings.begin(frame / 60)
        easel.drawings.show("one", frame, easel.draw)
        easel.drawings.show("two", "new", message)
        if said:
            break
    assert PATIENCE_S <= frame / 60 < PATIENCE_S + 0.1


def test_what_the_runtime_could_not_take_is_offered_again() -> None:
    easel = Easel()
    easel.drawings.begin(0.0)
    canvas = easel.drawings.show("card", 1, easel.draw)
    assert canvas is not None
    easel.workshop.made[0].busy = True
    easel.drawings.show("card", 2, easel.draw)
    easel.workshop.made[0].busy = False
    easel.drawings.show("card", 2, easel.draw)
    easel.drawings.show("card", 2, easel.draw)
    assert easel.workshop.uploads == 2


def test_a_canvas_that_was_never_filled_is_not_shown() -> None:
    easel = Easel()
    make = easel.workshop.make

    def busy(width_px: int, height_px: int) -> object:
        canvas = make(width_px, height_px)
        canvas.busy = True
        return canvas

    drawings = Drawings(busy)  # type: ignore[arg-type]
    assert drawings.show("card", 1, easel.draw) is None


def test_a_drawing_of_another_size_gets_another_canvas() -> None:
    easel = Easel()
    easel.drawings.show("card", 1, easel.draw)
    easel.drawings.show("card", 2, lambda: np.zeros((5, 6, 4), np.uint8))
    assert [canvas.closed for canvas in easel.workshop.made] == [True, False]


def test_what_is_not_shown_for_a_while_is_given_back() -> None:
    easel = Easel()
    easel.drawings.begin(0.0)
    easel.drawings.show("card", 1, easel.draw)
    easel.drawings.begin(UNSEEN_S)
    assert len(easel.workshop.open) == 1
    easel.drawings.begin(UNSEEN_S + 0.1)
    assert easel.workshop.open == []
    easel.drawings.show("card", 1, easel.draw)
    easel.drawings.close()
    assert easel.workshop.open == []
