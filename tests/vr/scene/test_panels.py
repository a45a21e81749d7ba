import math

import pytest

from tests.vr.scene.hands import aimed
from vr.scene.controllers import ABSENT
from vr.scene.geometry import NO_TURN, ORIGIN, Pose, Ray, Vector, dot, hit, length, normalized, rotate, subtract
from vr.scene.keyboard import BUTTONS
from vr.scene.layout import wall
from vr.scene.menu import MenuModel
from vr.scene.panels import KEYBOARD, MENU, Panels, hovered
from vr.scene.pointer import Pointing

HEAD = Pose(NO_TURN, Vector(0.0, 0.1, 0.2))


def test_the_menu_opens_above_the_wrist_and_looks_at_the_face() -> None:
    panels = Panels()
    hand = aimed(Vector(0.0, 0.0, -2.0), origin=Vector(-0.3, -0.3, -0.4))
    panels.open_menu(hand, HEAD)
    placement = panels.placements[MENU]
    assert length(subtract(placement.pose.position, Vector(-0.3, -0.14, -0.4))) < 0.001
    to_face = normalized(subtract(HEAD.position, placement.pose.position))
    assert dot(rotate(placement.pose.rotation, Vector(0.0, 0.0, 1.0)), to_face) == pytest.approx(1.0)
    assert placement.width_m == pytest.approx(0.26)
    assert placement.radius_m is None


def test_a_wrist_at_the_nose_opens_it_at_arms_length() -> None:
    panels = Panels()
    panels.open_menu(aimed(Vector(0.0, 0.0, -2.0), origin=Vector(0.0, 0.0, 0.1)), HEAD)
    assert length(subtract(panels.placements[MENU].pose.position, HEAD.position)) == pytest.approx(0.4)


def test_a_hand_at_the_hip_opens_it_in_sight() -> None:
    panels = Panels()
    panels.open_menu(aimed(Vector(0.0, 0.0, -2.0), origin=Vector(0.2, -0.8, 0.0)), ORIGIN)
    assert panels.spot(MENU)[0].up == pytest.approx(math.radians(-38))


def test_without_head_and_hand_the_menu_opens_ahead() -> None:
    panels = Panels()
    panels.open_menu(ABSENT, None)
    assert panels.placements[MENU].pose.position.z < -0.4


@pytest.mark.parametrize("near", [None, *range(9)])
def test_the_keyboard_lies_under_the_screen_that_it_writes_on_and_hides_nothing_of_it(near: int | None) -> None:
    panels = Panels()
    screen = wall(9, near)[4 if near is None else near]
    panels.open_keyboard(screen)
    keyboard = panels.placements[KEYBOARD]
    placement = screen.placement(4 / 3)
    seen = [placement.pose.position, *(Vector(*placement.pose.position) for _ in range(1))]
    assert all(hit(keyboard, Ray(ORIGIN.position, normalized(target))) is None for target in seen)
    spot, _ = panels.spot(KEYBOARD)
    assert spot.up <= math.radians(-36)
    assert spot.right == screen.right


def test_a_panel_that_is_closed_is_not_there() -> None:
    panels = Panels()
    panels.open_keyboard(None)
    panels.open_menu(ABSENT, HEAD)
    assert [surface.name for surface in panels.surfaces] == [MENU, KEYBOARD]
    panels.close(MENU)
    panels.close(MENU)
    assert [surface.name for surface in panels.surfaces] == [KEYBOARD]


def test_a_moved_panel_stays_where_it_was_put() -> None:
    panels = Panels()
    panels.open_menu(ABSENT, HEAD)
    spot, anchor = panels.spot(MENU)
    panels.put(MENU, spot._replace(right=0.5), anchor)
    assert panels.spot(MENU)[0].right == 0.5


def test_buttons_under_rays_are_hovered() -> None:
    escape, menu = BUTTONS[0], MenuModel().buttons
    pointings = [
        Pointing(on=KEYBOARD, u=escape.x + 0.001, v=escape.y + 0.001),
        Pointing(on=MENU, u=0.5, v=0.01),
        Pointing(on="pc-1", u=0.5, v=0.5),
    ]
    assert hovered(KEYBOARD, BUTTONS, pointings) == {"Escape"}
    assert hovered(MENU, menu, pointings) == frozenset()
