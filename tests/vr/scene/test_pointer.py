import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vr.scene.hands import FRAME_S, at, shaken
from vr.scene.controllers import ABSENT, HandState
from vr.scene.layout import wall
from vr.scene.pointer import HOLD_S, LEFT, RIGHT, HandPointer, Pointing, Press, Surface

SURFACES = [Surface(f"pc-{index}", spot.placement(4 / 3)) for index, spot in enumerate(wall(9))]
FLAT = [Surface(f"pc-{index}", spot.placement(4 / 3, flat=True)) for index, spot in enumerate(wall(9))]
CENTRE = SURFACES[4].placement


class Wearer:
    """Steps one hand through frames."""

    def __init__(self, surfaces: list[Surface] | None = None) -> None:
        self.pointer = HandPointer()
        self.surfaces = surfaces or SURFACES
        self.now_s = 0.0

    def step(self, state: HandState, frames: int = 1) -> Pointing:
        for _ in range(frames):
            self.now_s += FRAME_S
            result = self.pointer.step(state, self.surfaces, self.now_s)
        return result


@given(st.integers(0, 8), st.integers(0, 639), st.integers(0, 479), st.booleans())
def test_a_resting_hand_points_at_the_guest_pixel_it_aims_at(screen: int, column: int, row: int, flat: bool) -> None:
    surfaces = FLAT if flat else SURFACES
    wearer = Wearer(surfaces)
    result = wearer.step(at(surfaces[screen].placement, (column + 0.5) / 640, (row + 0.5) / 480), frames=3)
    assert result.on == f"pc-{screen}"
    assert abs(result.u * 640 - column - 0.5) < 0.01
    assert abs(result.v * 480 - row - 0.5) < 0.01


tremor = st.tuples(st.floats(0, 0.5), st.floats(0, 2 * math.pi))


@settings(max_examples=200)
@given(
    st.integers(0, 8), st.floats(0.01, 0.99), st.floats(0.01, 0.99), st.integers(0, 2**32),
    st.integers(1, 9), st.integers(1, 15), st.integers(1, 9), st.integers(0, 6), st.booleans(),
)  # fmt: skip
def test_a_double_click_with_half_a_degree_of_tremor_always_lands(
    screen: int, u: float, v: float, seed: int, down: int, between: int, again: int, pull: int, flat: bool
) -> None:
    """Two clicks within half a second, whatever the hand does inside the half degree: four times the same point."""
    surfaces = FLAT if flat else SURFACES
    chance = random.Random(seed)
    wearer = Wearer(surfaces)
    ramp = [0.3 + 0.6 * step / max(pull, 1) for step in range(pull)]
    levels = [0.0] * 20 + ramp + [1.0] * down + [0.0] * between + ramp + [1.0] * again + [0.0]
    clicks: list[tuple[tuple[Press, ...], str, float, float]] = []
    for level in levels:
        size, turned = 0.5 * math.sqrt(chance.random()), chance.uniform(0, 2 * math.pi)
        aim = at(surfaces[screen].placement, u, v, select=level)
        result = wearer.step(shaken(aim, size * math.cos(turned), size * math.sin(turned)))
        if result.presses:
            clicks.append((result.presses, result.on, result.u, result.v))
        elif clicks:
            assert (result.u, result.v) == clicks[0][2:]
    assert [presses for presses, *_ in clicks] == [(Press(LEFT, True),), (Press(LEFT, False),)] * 2
    assert len({(on, x, y) for _, on, x, y in clicks}) == 1


def test_the_pointer_stops_as_soon_as_the_finger_pulls() -> None:
    wearer = Wearer()
    before = wearer.step(at(CENTRE, 0.5, 0.5), frames=5)
    pulled = wearer.step(shaken(at(CENTRE, 0.5, 0.5, select=0.4), 0, -1))
    assert (pulled.u, pulled.v) == (before.u, before.v)
    assert pulled.held


def test_a_hand_that_turns_away_frees_the_pointer_without_a_jump() -> None:
    wearer = Wearer()
    wearer.step(at(CENTRE, 0.5, 0.5), frames=5)
    last = wearer.step(at(CENTRE, 0.5, 0.5, select=1.0))
    jumps = []
    for step in range(60):
        result = wearer.step(at(CENTRE, 0.5 + min(step * 0.01, 0.3), 0.5, select=1.0))
        jumps.append(abs(result.u - last.u))
        last = result
    assert last.u == pytest.approx(0.8, abs=0.001)
    assert max(jumps) < 0.03


def test_the_pointer_moves_again_when_the_time_for_a_second_click_is_over() -> None:
    wearer = Wearer()
    wearer.step(at(CENTRE, 0.5, 0.5), frames=5)
    wearer.step(at(CENTRE, 0.5, 0.5, select=1.0), frames=5)
    assert wearer.step(at(CENTRE, 0.52, 0.5), frames=20).u == pytest.approx(0.5, abs=1e-6)
    result = wearer.step(at(CENTRE, 0.52, 0.5), frames=round((HOLD_S + 0.6) / FRAME_S))
    assert result.u == pytest.approx(0.52, abs=0.001)
    assert not result.held


def test_a_button_that_stays_down_without_a_turn_drags_nothing() -> None:
    wearer = Wearer()
    wearer.step(at(CENTRE, 0.5, 0.5), frames=5)
    down = wearer.step(at(CENTRE, 0.5, 0.5, select=1.0))
    later = wearer.step(at(CENTRE, 0.51, 0.5, select=1.0), frames=200)
    assert (later.u, later.v) == (down.u, down.v)


def test_a_drag_stays_on_the_screen_where_it_began_and_stops_at_its_edge() -> None:
    wearer = Wearer()
    wearer.step(at(CENTRE, 0.5, 0.5), frames=5)
    wearer.step(at(CENTRE, 0.5, 0.5, select=1.0))
    dragged = wearer.step(at(SURFACES[5].placement, 0.5, 0.5, select=1.0), frames=60)
    assert dragged.on == "pc-4"
    assert dragged.u == pytest.approx(1.0, abs=0.001)
    released = wearer.step(at(SURFACES[5].placement, 0.5, 0.5))
    assert (released.on, released.presses) == ("pc-4", (Press(LEFT, False),))
    assert wearer.step(at(SURFACES[5].placement, 0.5, 0.5), frames=60).on == "pc-5"


def test_the_second_button_is_the_right_one() -> None:
    wearer = Wearer()
    wearer.step(at(CENTRE, 0.5, 0.5))
    assert wearer.step(at(CENTRE, 0.5, 0.5, secondary=True)).presses == (Press(RIGHT, True),)
    assert wearer.step(at(CENTRE, 0.5, 0.5)).presses == (Press(RIGHT, False),)


def test_a_hand_that_is_lost_lets_its_buttons_go() -> None:
    wearer = Wearer()
    wearer.step(at(CENTRE, 0.5, 0.5))
    wearer.step(at(CENTRE, 0.5, 0.5, select=1.0))
    lost = wearer.step(ABSENT)
    assert lost.presses == (Press(LEFT, False),)
    assert lost.ray is None
    assert wearer.step(ABSENT).presses == ()


def test_a_click_beside_every_screen_is_a_click_on_nothing() -> None:
    wearer = Wearer()
    result = wearer.step(at(CENTRE, 0.5, 20.0, select=1.0))
    assert (result.on, result.presses) == ("", (Press(LEFT, True),))
    assert wearer.step(at(CENTRE, 0.5, 0.5, select=1.0), frames=30).on == ""


def test_of_surfaces_that_overlap_the_first_is_on_top() -> None:
    wearer = Wearer([Surface("menu", CENTRE), *SURFACES])
    assert wearer.step(at(CENTRE, 0.5, 0.5)).on == "menu"


def test_a_screen_that_goes_away_under_the_pointer_frees_it() -> None:
    wearer = Wearer()
    wearer.step(at(CENTRE, 0.5, 0.5))
    wearer.step(at(CENTRE, 0.5, 0.5, select=1.0))
    wearer.surfaces = []
    assert wearer.step(at(CENTRE, 0.5, 0.5, select=1.0)).on == ""
    assert wearer.step(at(CENTRE, 0.5, 0.5)).presses == (Press(LEFT, False),)
