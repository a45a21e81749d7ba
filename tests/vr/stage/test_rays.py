import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vr.scene.hands import HELD_AT
from vr.panels.pointer import CURSOR_ANGLE_DEG
from vr.scene.geometry import (
    NO_TURN,
    ORIGIN,
    Placement,
    Pose,
    Ray,
    Rotation,
    Vector,
    about_x,
    about_y,
    along,
    cross,
    dot,
    length,
    normalized,
    point,
    rotate,
    subtract,
    turn,
)
from vr.scene.layout import wall
from vr.stage.rays import cursor_placement, label_placement, ray_placement, rotation_of

EYE = ORIGIN.position
SCREEN = wall(9)[0].placement(4 / 3)
AXES = (Vector(1, 0, 0), Vector(0, 1, 0), Vector(0, 0, 1))
angles = st.floats(-math.pi, math.pi)


@given(angles, angles, angles)
def test_a_turn_comes_back_from_its_axes(yaw: float, pitch: float, roll: float) -> None:
    about_z = Rotation(0.0, 0.0, math.sin(roll / 2), math.cos(roll / 2))
    rotation = turn(turn(about_y(yaw), about_x(pitch)), about_z)
    again = rotation_of(*(rotate(rotation, axis) for axis in AXES))
    for axis in AXES:
        assert rotate(again, axis) == pytest.approx(rotate(rotation, axis), abs=1e-6)


@given(st.floats(-1, 1), st.floats(-1, 1), st.floats(0.3, 4))
def test_a_ray_goes_from_the_hand_to_what_it_hits_and_shows_its_broad_side(
    right: float, up: float, distance_m: float
) -> None:
    ray = Ray(HELD_AT, normalized(Vector(right, up, -1.0)))
    placement = ray_placement(ray, distance_m, EYE)
    assert placement is not None
    far, near = point(placement, 0.5, 0.0), point(placement, 0.5, 1.0)
    assert far == pytest.approx(along(ray, distance_m), abs=1e-6)
    assert length(subtract(near, HELD_AT)) == pytest.approx(0.05, abs=1e-6)
    normal = rotate(placement.pose.rotation, Vector(0, 0, 1))
    to_eye = subtract(EYE, placement.pose.position)
    assert dot(normal, to_eye) > 0
    assert abs(dot(cross(normal, ray.direction), to_eye)) < 1e-6


def test_a_ray_that_hits_nothing_is_short_and_one_into_the_eye_is_not_drawn() -> None:
    free = ray_placement(Ray(HELD_AT, Vector(0, 0, -1)), 0.0, EYE)
    assert free is not None
    assert free.height_m == pytest.approx(0.95)
    assert ray_placement(Ray(HELD_AT, Vector(0, 0, -1)), 0.08, EYE) is None
    assert ray_placement(Ray(Vector(0, 0, -2), Vector(0, 0, 1)), 1.0, EYE) is None


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_cursor_lies_on_its_point_and_looks_equally_large_everywhere(u: float, v: float) -> None:
    cursor = cursor_placement(SCREEN, u, v, EYE)
    there = point(SCREEN, u, v)
    assert dot(normalized(cursor.pose.position), normalized(there)) == pytest.approx(1.0)
    assert length(cursor.pose.position) < length(there)
    angle = 2 * math.atan(cursor.width_m / 2 / length(there))
    assert math.degrees(angle) == pytest.approx(CURSOR_ANGLE_DEG, rel=1e-3)


def test_an_eye_on_the_screen_is_no_reason_to_fail() -> None:
    surface = Placement(Pose(NO_TURN, EYE), 1.0, 1.0, None)
    assert cursor_placement(surface, 0.5, 0.5, EYE).width_m > 0


def test_a_label_hangs_under_its_screen_and_is_no_wider() -> None:
    label = label_placement(SCREEN, 5.7, EYE)
    assert point(label, 0.5, 0.0) == pytest.approx(point(SCREEN, 0.5, 1.0), abs=1e-9)
    assert label.width_m <= SCREEN.width_m
    assert label.radius_m == SCREEN.radius_m
    narrow = Placement(SCREEN.pose, 0.1, 0.1, None)
    assert label_placement(narrow, 5.7, EYE).width_m == pytest.approx(0.1)
