import math

import pytest

from tests.vr.scene.hands import HELD_AT, aimed
from vr.scene.controllers import ABSENT
from vr.scene.geometry import NO_TURN, Pose, Ray, Vector, about_y, normalized, ray_of, rotate, subtract
from vr.scene.grab import Grab, Grip
from vr.scene.layout import wall
from vr.scene.spot import Spot

SPOT = wall(9)[4]
PLACEMENT = SPOT.placement(4 / 3)
FRAME_S = 1 / 72
REST = (0.0, 0.0)


def towards(target: Vector) -> Ray:
    return Ray(HELD_AT, normalized(subtract(target, HELD_AT)))


def grabbed() -> Grab:
    return Grab("pc", SPOT, PLACEMENT, towards(PLACEMENT.pose.position))


def test_a_hand_that_does_not_move_moves_nothing() -> None:
    spot = grabbed().step(towards(PLACEMENT.pose.position), REST, FRAME_S)
    assert spot == pytest.approx(SPOT, abs=1e-9)


def test_a_screen_follows_the_hand_around_the_wearer() -> None:
    turned = rotate(about_y(-0.3), PLACEMENT.pose.position)
    spot = grabbed().step(towards(turned), REST, FRAME_S)
    assert spot.right == pytest.approx(0.3, abs=0.03)
    assert spot.distance_m == pytest.approx(2.0, abs=0.1)


def test_the_stick_pushes_away_and_the_screen_looks_smaller_by_as_much() -> None:
    grab = grabbed()
    for _ in range(72):
        spot = grab.step(towards(PLACEMENT.pose.position), (0.0, 1.0), FRAME_S)
    assert spot.distance_m > 3.0
    width = [2 * it.distance_m * math.tan(it.angle / 2) for it in (SPOT, spot)]
    assert width[0] == pytest.approx(width[1])


def test_the_stick_to_the_right_makes_it_wider() -> None:
    grab = grabbed()
    for _ in range(36):
        spot = grab.step(towards(PLACEMENT.pose.position), (1.0, 0.0), FRAME_S)
    assert spot.angle > SPOT.angle * 1.5
    assert spot.distance_m == pytest.approx(SPOT.distance_m, abs=1e-6)


@pytest.mark.parametrize("stick", [(1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0), (1.0, -1.0)])
def test_nothing_is_pushed_out_of_sight_or_into_the_face(stick: tuple[float, float]) -> None:
    grab = grabbed()
    for _ in range(1000):
        spot = grab.step(towards(PLACEMENT.pose.position), stick, FRAME_S)
    assert 0.3 < spot.distance_m < 6.5
    assert math.radians(7) < spot.angle < math.radians(111)


def test_a_panel_is_seen_from_where_it_was_opened() -> None:
    anchor = Pose(NO_TURN, Vector(0.0, 0.5, 0.0))
    spot = Spot(0.0, 0.0, 0.6, 0.5)
    placement = spot.placement(1.0, anchor=anchor, flat=True)
    grab = Grab("menu:", spot, placement, towards(placement.pose.position), anchor)
    assert grab.step(towards(placement.pose.position), REST, FRAME_S) == pytest.approx(spot, abs=1e-9)


def test_a_grip_closes_once_and_opens_when_the_hand_is_lost() -> None:
    grip = Grip()
    hand = aimed(PLACEMENT.pose.position)
    closing = [aimed(PLACEMENT.pose.position, grab=value) for value in (0.5, 0.7, 0.5, 0.9)]
    assert [grip.step(state) for state in closing] == [False, True, False, False]
    assert grip.closed
    assert not grip.step(ABSENT)
    assert not grip.closed
    assert not grip.step(hand)
    assert hand.aim is not None
    assert ray_of(hand.aim).origin == HELD_AT
