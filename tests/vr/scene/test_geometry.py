import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vr.scene.geometry import (
    AHEAD,
    NO_TURN,
    ORIGIN,
    Placement,
    Pose,
    Ray,
    Rotation,
    Vector,
    about_x,
    about_y,
    add,
    along,
    angle_between,
    bearing,
    compose,
    cross,
    dot,
    hit,
    inverse,
    length,
    normalized,
    point,
    ray_of,
    reach,
    rotate,
    scale,
    subtract,
    to_local,
    to_world,
    turn,
)

coordinates = st.floats(-3, 3, allow_subnormal=False)
vectors = st.builds(Vector, coordinates, coordinates, coordinates)
directions = vectors.filter(lambda v: length(v) > 0.1).map(normalized)
angles = st.floats(-math.pi, math.pi)
rotations = st.builds(lambda yaw, pitch: turn(about_y(yaw), about_x(pitch)), angles, angles)
poses = st.builds(Pose, rotations, vectors)


def near(one: tuple[float, ...], other: tuple[float, ...], tolerance: float = 1e-9) -> bool:
    return all(math.isclose(a, b, abs_tol=tolerance) for a, b in zip(one, other, strict=True))


@given(rotations, vectors)
def test_a_turn_keeps_lengths_and_comes_back(rotation: Rotation, vector: Vector) -> None:
    turned = rotate(rotation, vector)
    assert math.isclose(length(turned), length(vector), abs_tol=1e-9)
    assert near(rotate(inverse(rotation), turned), vector)


@given(rotations, rotations, vectors)
def test_turns_compose(one: Rotation, other: Rotation, vector: Vector) -> None:
    assert near(rotate(turn(one, other), vector), rotate(one, rotate(other, vector)))


@given(poses, vectors)
def test_a_point_goes_into_a_space_and_back(pose: Pose, vector: Vector) -> None:
    assert near(to_world(pose, to_local(pose, vector)), vector)


@given(poses, poses, vectors)
def test_poses_compose(outer: Pose, inner: Pose, vector: Vector) -> None:
    assert near(to_world(compose(outer, inner), vector), to_world(outer, to_world(inner, vector)))


def test_the_axes_are_those_of_openxr() -> None:
    assert near(rotate(about_x(math.pi / 2), AHEAD), (0, 1, 0))
    assert near(rotate(about_y(math.pi / 2), AHEAD), (-1, 0, 0))
    assert near(cross(Vector(1, 0, 0), Vector(0, 1, 0)), (0, 0, 1))


@given(st.floats(-3, 3), st.floats(-1.5, 1.5))
def test_a_bearing_is_how_far_right_and_up(right: float, up: float) -> None:
    direction = rotate(turn(about_y(-right), about_x(up)), AHEAD)
    assert near(bearing(direction), (right, up), 1e-6)


def test_small_angles_between_directions_are_exact() -> None:
    assert math.isclose(angle_between(AHEAD, rotate(about_y(1e-7), AHEAD)), 1e-7, rel_tol=1e-6)
    assert dot(normalized(Vector(0, 0, 0)), AHEAD) == 1.0


def test_an_aim_points_along_its_minus_z() -> None:
    ray = ray_of(Pose(about_y(math.pi / 2), Vector(1, 2, 3)))
    assert near(along(ray, 2.0), (-1, 2, 3))
    assert subtract(add(ray.origin, AHEAD), ray.origin) == scale(AHEAD, 1.0)


# A viewer stands inside its screens and looks at the hollow side.
surfaces = st.builds(
    lambda pose, width, height, curve: Placement(pose, width, height, width / curve if curve else None),
    poses, st.floats(0.2, 3), st.floats(0.2, 2), st.one_of(st.none(), st.floats(0.1, 2.5)),
)  # fmt: skip
fractions = st.floats(0.0, 1.0)


@given(surfaces, st.integers(0, 1023), st.integers(0, 767), st.floats(-0.9, 0.9), st.floats(-0.4, 0.4))
def test_a_ray_to_a_guest_pixel_hits_that_pixel(
    surface: Placement, column: int, row: int, sideways: float, upwards: float
) -> None:
    u, v = (column + 0.5) / 1024, (row + 0.5) / 768
    target = point(surface, u, v)
    reach_m = surface.radius_m or 1.0
    eye = to_world(surface.pose, Vector(sideways * reach_m * 0.5, upwards, reach_m))
    found = hit(surface, Ray(eye, normalized(subtract(target, eye))))
    assert found is not None
    assert abs(found.u - u) * 1024 < 0.01
    assert abs(found.v - v) * 768 < 0.01
    assert near(along(Ray(eye, normalized(subtract(target, eye))), found.distance_m), target, 1e-6)


@given(surfaces, fractions, fractions)
def test_the_back_of_a_surface_is_not_hit(surface: Placement, u: float, v: float) -> None:
    target = point(surface, u, v)
    behind = to_world(surface.pose, Vector(0.0, 0.0, -5.0))
    found = hit(surface, Ray(behind, normalized(subtract(target, behind))))
    assert found is None or surface.angle > 1.0


def test_what_is_behind_the_hand_is_not_hit() -> None:
    surface = Placement(Pose(NO_TURN, Vector(0, 0, -2)), 1.0, 1.0, None)
    assert hit(surface, Ray(Vector(0, 0, 0), Vector(0, 0, 1))) is None
    assert hit(surface, Ray(Vector(0, 0, 0), Vector(1, 0, 0))) is None


def test_a_ray_along_the_axis_of_a_cylinder_hits_nothing() -> None:
    surface = Placement(Pose(NO_TURN, Vector(0, 0, -2)), 1.0, 1.0, 2.0)
    assert hit(surface, Ray(Vector(0, 0, 0), Vector(0, 1, 0))) is None
    assert hit(surface, Ray(Vector(0, 0, 9), Vector(1, 0, 0))) is None


def test_beside_a_surface_a_ray_still_tells_where() -> None:
    surface = Placement(Pose(NO_TURN, Vector(0, 0, -2)), 1.0, 1.0, None)
    ray = Ray(Vector(1, 0, 0), AHEAD)
    assert hit(surface, ray) is None
    beside = reach(surface, ray)
    assert beside is not None
    assert math.isclose(beside.u, 1.5)
    assert not beside.inside


def test_the_axis_of_a_curved_screen_around_the_eye_is_the_eye() -> None:
    assert near(Placement(Pose(NO_TURN, Vector(0, 0, -2)), 1.0, 1.0, 2.0).axis.position, ORIGIN.position)
    assert Placement(ORIGIN, 1.0, 1.0, 2.0).angle == pytest.approx(0.5)
    flat = Placement(ORIGIN, 1.0, 1.0, None)
    assert flat.axis == ORIGIN
    assert flat.angle == 0.0
