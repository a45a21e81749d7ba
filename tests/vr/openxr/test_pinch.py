"""Bare hands."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vr.openxr import pinch
from vr.openxr.pinch import COUNT, INDEX_TIP, LITTLE_TIP, MIDDLE_TIP, PALM, RING_TIP, THUMB_TIP
from vr.scene.geometry import (
    AHEAD,
    ORIGIN,
    Pose,
    Rotation,
    Vector,
    about_x,
    about_y,
    angle_between,
    rotate,
    subtract,
    turn,
)

TIPS = {INDEX_TIP: 0.05, MIDDLE_TIP: 0.07, RING_TIP: 0.09, LITTLE_TIP: 0.11}


def hand(**moved: Vector) -> list[Vector]:
    """An open hand; keywords are names of joints, such as ``INDEX_TIP``."""
    joints = [Vector(0.0, 0.0, -0.4)] * COUNT
    joints[THUMB_TIP] = Vector(-0.06, 0.0, -0.42)
    for tip, across in TIPS.items():
        joints[tip] = Vector(across, 0.02, -0.52)
    for name, place in moved.items():
        joints[getattr(pinch, name)] = place
    return joints


THUMB = hand()[THUMB_TIP]


def test_an_open_hand_presses_nothing() -> None:
    assert pinch.gesture(hand()) == (0.0, 0.0, 0.0, 0.0)


@pytest.mark.parametrize(("tip", "meant"), [("INDEX_TIP", "select"), ("MIDDLE_TIP", "secondary"), ("RING_TIP", "menu")])
def test_the_finger_at_the_thumb_tells_the_button(tip: str, meant: str) -> None:
    gesture = pinch.gesture(hand(**{tip: THUMB}))
    assert gesture._asdict() == {"select": 0.0, "secondary": 0.0, "menu": 0.0, "grab": 0.0} | {meant: 1.0}


def test_a_neighbouring_finger_that_comes_along_is_not_meant() -> None:
    near = Vector(THUMB.x + 0.025, THUMB.y, THUMB.z)
    gesture = pinch.gesture(hand(INDEX_TIP=THUMB, MIDDLE_TIP=near))
    assert (gesture.select, gesture.secondary) == (1.0, 0.0)


def test_a_fist_grabs_and_does_not_click() -> None:
    palm = hand()[PALM]
    fist = hand(INDEX_TIP=THUMB, MIDDLE_TIP=palm, RING_TIP=palm, LITTLE_TIP=palm)
    assert pinch.gesture(fist) == (0.0, 0.0, 0.0, 1.0)


@given(st.floats(0.0, 0.1))
def test_a_pinch_grows_steadily_as_it_closes(gap: float) -> None:
    def select(distance: float) -> float:
        return pinch.gesture(hand(INDEX_TIP=Vector(THUMB.x, THUMB.y + distance, THUMB.z))).select

    assert 0.0 <= select(gap) <= 1.0
    assert select(gap + 0.001) <= select(gap)


@pytest.mark.parametrize("side", [-1, 1])
def test_the_ray_goes_from_the_shoulder_through_the_knuckle(side: int) -> None:
    head = Pose(turn(about_y(0.4), about_x(-0.3)), Vector(0.1, 1.6, 0.2))
    knuckle = Vector(0.2, 1.3, -0.3)
    ray = pinch.aim(hand(INDEX_KNUCKLE=knuckle), head, side)
    shoulder = Vector(
        head.position.x + side * 0.18 * math.cos(0.4),
        head.position.y - 0.25,
        head.position.z - side * 0.18 * math.sin(0.4),
    )
    assert ray.position == knuckle
    assert angle_between(rotate(ray.rotation, AHEAD), subtract(knuckle, shoulder)) < 1e-6


@given(st.floats(-3.1, 3.1), st.floats(-1.4, 1.4), st.floats(-0.7, 0.7))
def test_upright_keeps_where_the_wearer_faces_and_nothing_of_the_tilt(yaw: float, pitch: float, roll: float) -> None:
    about_z = Rotation(0.0, 0.0, math.sin(roll / 2), math.cos(roll / 2))
    tilted = turn(turn(about_y(yaw), about_x(pitch)), about_z)
    level = pinch.upright(Pose(tilted, ORIGIN.position))
    assert angle_between(rotate(level.rotation, AHEAD), rotate(about_y(yaw), AHEAD)) < 1e-6
