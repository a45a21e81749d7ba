"""Where rays, cursors and labels hang: thin surfaces that turn to the eye."""

import math

from vr.panels.pointer import CURSOR_ANGLE_DEG
from vr.scene.geometry import (
    NO_TURN,
    Placement,
    Pose,
    Ray,
    Rotation,
    Vector,
    about_x,
    about_y,
    add,
    along,
    bearing,
    cross,
    length,
    normalized,
    point,
    rotate,
    scale,
    subtract,
    turn,
)

_RAY_WIDTH_M = 0.004
_RAY_START_M = 0.05
_RAY_FREE_M = 1.0
"""How long a ray is that hits nothing."""
_CURSOR = math.radians(CURSOR_ANGLE_DEG)
_IN_FRONT_M = 0.004
_LABEL_HEIGHT = math.radians(2.6)


def ray_placement(ray: Ray, distance_m: float, eye: Vector) -> Placement | None:
    """A thin strip along the ray, from the hand to what it hits (0: nothing), its broad side to the eye."""
    end_m = distance_m or _RAY_FREE_M
    if end_m <= 2 * _RAY_START_M:
        return None
    middle = along(ray, (end_m + _RAY_START_M) / 2)
    aside = cross(ray.direction, subtract(eye, middle))
    if length(aside) < 1e-6:
        return None
    right = normalized(aside)
    rotation = rotation_of(right, ray.direction, cross(right, ray.direction))
    return Placement(Pose(rotation, middle), _RAY_WIDTH_M, end_m - _RAY_START_M, None)


def cursor_placement(surface: Placement, u: float, v: float, eye: Vector) -> Placement:
    """A small square at a point of a surface, always equally large to the eye, and facing it."""
    there = point(surface, u, v)
    to_eye = subtract(eye, there)
    away = length(to_eye)
    if away < 1e-3:
        return Placement(Pose(NO_TURN, there), _RAY_WIDTH_M, _RAY_WIDTH_M, None)
    right, up = bearing(scale(to_eye, -1.0))
    facing = turn(about_y(-right), about_x(up))
    size = away * 2 * math.tan(_CURSOR / 2)
    return Placement(Pose(facing, add(there, scale(to_eye, _IN_FRONT_M / away))), size, size, None)


def label_placement(screen: Placement, aspect: float, eye: Vector) -> Placement:
    """A bar under a screen, on the same cylinder; ``aspect`` is its width by its height."""
    away = length(subtract(screen.pose.position, eye))
    height = min(away * _LABEL_HEIGHT, screen.width_m / aspect)
    down = rotate(screen.pose.rotation, Vector(0.0, -(screen.height_m + height) / 2, 0.0))
    return Placement(
        Pose(screen.pose.rotation, add(screen.pose.position, down)), height * aspect, height, screen.radius_m
    )


def rotation_of(x: Vector, y: Vector, z: Vector) -> Rotation:
    """The turn that brings the axes onto these three, which are of length 1 and at right angles.

    Of the four ways to compute it the one with the largest divisor is taken (Shepperd, 1978).
    """
    trace = x.x + y.y + z.z
    if trace > 0.0:
        s = 2 * math.sqrt(1.0 + trace)
        return Rotation((y.z - z.y) / s, (z.x - x.z) / s, (x.y - y.x) / s, s / 4)
    if x.x >= y.y and x.x >= z.z:
        s = 2 * math.sqrt(1.0 + x.x - y.y - z.z)
        return Rotation(s / 4, (x.y + y.x) / s, (z.x + x.z) / s, (y.z - z.y) / s)
    if y.y >= z.z:
        s = 2 * math.sqrt(1.0 + y.y - x.x - z.z)
        return Rotation((x.y + y.x) / s, s / 4, (y.z + z.y) / s, (z.x - x.z) / s)
    s = 2 * math.sqrt(1.0 + z.z - x.x - y.y)
    return Rotation((z.x + x.z) / s, (y.z + z.y) / s, s / 4, (x.y - y.x) / s)
