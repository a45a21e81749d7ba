"""Where things are and what a ray hits. Metres and radians; axes as in OpenXR: +X right, +Y up, -Z ahead.

Plain floats in named tuples: the hit tests of a frame are a hundred small products, which arrays would only slow down.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple


class Vector(NamedTuple):
    """A point or a direction."""

    x: float
    y: float
    z: float


class Rotation(NamedTuple):
    """A unit quaternion."""

    x: float
    y: float
    z: float
    w: float


class Pose(NamedTuple):
    """First turned, then moved."""

    rotation: Rotation
    position: Vector


class Ray(NamedTuple):
    """From ``origin`` along ``direction``, a unit vector."""

    origin: Vector
    direction: Vector


class Hit(NamedTuple):
    """A point of a surface: ``u`` to the right and ``v`` down, 0 to 1 within the surface."""

    u: float
    v: float
    distance_m: float

    @property
    def inside(self) -> bool:
        """Whether the point lies on the surface, not beside it."""
        return 0.0 <= self.u <= 1.0 and 0.0 <= self.v <= 1.0


@dataclass(frozen=True, slots=True)
class Placement:
    """A rectangle in space, flat or bent around the viewer."""

    pose: Pose
    """Of the surface's centre; its +Z looks at the viewer."""
    width_m: float
    """Along the surface, so along the arc of a bent one."""
    height_m: float
    radius_m: float | None
    """Of the cylinder that it is a piece of, whose axis lies at the centre plus the radius along +Z; None: flat."""

    @property
    def angle(self) -> float:
        """How much of its cylinder it covers; 0 where it is flat."""
        return self.width_m / self.radius_m if self.radius_m else 0.0

    @property
    def axis(self) -> Pose:
        """Pose of the cylinder's axis at the height of the centre; a flat one has its centre there."""
        out = rotate(self.pose.rotation, Vector(0.0, 0.0, self.radius_m or 0.0))
        return Pose(self.pose.rotation, add(self.pose.position, out))


ZERO = Vector(0.0, 0.0, 0.0)
AHEAD = Vector(0.0, 0.0, -1.0)
NO_TURN = Rotation(0.0, 0.0, 0.0, 1.0)
ORIGIN = Pose(NO_TURN, ZERO)
_PARALLEL = 1e-9
"""Share of a unit ray across the cylinder's axis (squared), or towards a plane, below which it hits nothing."""


def add(a: Vector, b: Vector) -> Vector:
    """``a + b``."""
    return Vector(a.x + b.x, a.y + b.y, a.z + b.z)


def subtract(a: Vector, b: Vector) -> Vector:
    """``a - b``."""
    return Vector(a.x - b.x, a.y - b.y, a.z - b.z)


def scale(a: Vector, factor: float) -> Vector:
    """``a`` times ``factor``."""
    return Vector(a.x * factor, a.y * factor, a.z * factor)


def dot(a: Vector, b: Vector) -> float:
    """Scalar product."""
    return a.x * b.x + a.y * b.y + a.z * b.z


def cross(a: Vector, b: Vector) -> Vector:
    """Vector product."""
    return Vector(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)


def length(a: Vector) -> float:
    """Length of ``a``."""
    return math.sqrt(dot(a, a))


def normalized(a: Vector) -> Vector:
    """``a`` with length 1; straight ahead where it has none."""
    size = length(a)
    return scale(a, 1.0 / size) if size > 0.0 else AHEAD


def angle_between(a: Vector, b: Vector) -> float:
    """Angle between two directions, exact for small ones too."""
    return math.atan2(length(cross(a, b)), dot(a, b))


def rotate(rotation: Rotation, a: Vector) -> Vector:
    """``a`` turned by ``rotation``."""
    axis = Vector(rotation.x, rotation.y, rotation.z)
    twice = scale(cross(axis, a), 2.0)
    return add(add(a, scale(twice, rotation.w)), cross(axis, twice))


def inverse(rotation: Rotation) -> Rotation:
    """The turn back."""
    return Rotation(-rotation.x, -rotation.y, -rotation.z, rotation.w)


def turn(first: Rotation, then: Rotation) -> Rotation:
    """Both turns, ``then`` about the axes that ``first`` has left: the quaternion product ``first * then``."""
    a, b = first, then
    return Rotation(
        a.w * b.x + a.x * b.w + a.y * b.z - a.z * b.y,
        a.w * b.y - a.x * b.z + a.y * b.w + a.z * b.x,
        a.w * b.z + a.x * b.y - a.y * b.x + a.z * b.w,
        a.w * b.w - a.x * b.x - a.y * b.y - a.z * b.z,
    )


def about_x(angle: float) -> Rotation:
    """A turn that lifts what is ahead."""
    return Rotation(math.sin(angle / 2), 0.0, 0.0, math.cos(angle / 2))


def about_y(angle: float) -> Rotation:
    """A turn to the left."""
    return Rotation(0.0, math.sin(angle / 2), 0.0, math.cos(angle / 2))


def to_world(pose: Pose, a: Vector) -> Vector:
    """A point of the pose's own space as one of the space that the pose is in."""
    return add(rotate(pose.rotation, a), pose.position)


def to_local(pose: Pose, a: Vector) -> Vector:
    """A point as one of the pose's own space."""
    return rotate(inverse(pose.rotation), subtract(a, pose.position))


def compose(outer: Pose, inner: Pose) -> Pose:
    """``inner``, which is given in the space of ``outer``, in the space that ``outer`` is in."""
    return Pose(turn(outer.rotation, inner.rotation), to_world(outer, inner.position))


def bearing(direction: Vector) -> tuple[float, float]:
    """How far right and how far up of straight ahead a direction points."""
    return math.atan2(direction.x, -direction.z), math.atan2(direction.y, math.hypot(direction.x, direction.z))


def ray_of(aim: Pose) -> Ray:
    """The ray of an aim pose: along its -Z (OpenXR, section 6.2 "Standard pose identifiers")."""
    return Ray(aim.position, rotate(aim.rotation, AHEAD))


def along(ray: Ray, distance_m: float) -> Vector:
    """The point of the ray at a distance."""
    return add(ray.origin, scale(ray.direction, distance_m))


def reach(placement: Placement, ray: Ray) -> Hit | None:
    """Where the ray meets the endless surface that the placement is a piece of: ``u`` and ``v`` may leave 0 to 1."""
    origin = to_local(placement.pose, ray.origin)
    direction = rotate(inverse(placement.pose.rotation), ray.direction)
    if placement.radius_m is None:
        return _reach_plane(placement, origin, direction)
    return _reach_cylinder(placement, placement.radius_m, origin, direction)


def hit(placement: Placement, ray: Ray) -> Hit | None:
    """Where the ray hits the placement, from the side that its +Z looks to; None: it misses."""
    found = reach(placement, ray)
    return found if found is not None and found.inside else None


def point(placement: Placement, u: float, v: float) -> Vector:
    """The point in space of a point of the surface."""
    y = (0.5 - v) * placement.height_m
    if placement.radius_m is None:
        return to_world(placement.pose, Vector((u - 0.5) * placement.width_m, y, 0.0))
    angle = (u - 0.5) * placement.angle
    radius = placement.radius_m
    return to_world(placement.pose, Vector(radius * math.sin(angle), y, radius * (1.0 - math.cos(angle))))


def _reach_plane(placement: Placement, origin: Vector, direction: Vector) -> Hit | None:
    if direction.z > -_PARALLEL:
        return None
    distance = -origin.z / direction.z
    if distance <= 0.0:
        return None
    u = 0.5 + (origin.x + distance * direction.x) / placement.width_m
    v = 0.5 - (origin.y + distance * direction.y) / placement.height_m
    return Hit(u, v, distance)


def _reach_cylinder(placement: Placement, radius: float, origin: Vector, direction: Vector) -> Hit | None:
    z = origin.z - radius
    a = direction.x**2 + direction.z**2
    b = origin.x * direction.x + z * direction.z
    c = origin.x**2 + z**2 - radius**2
    discriminant = b * b - a * c
    if a < _PARALLEL or discriminant < 0.0:
        return None
    # The far one of the two points: the hollow side, which is the one that shows the picture.
    distance = (math.sqrt(discriminant) - b) / a
    if distance <= 0.0:
        return None
    angle = math.atan2(origin.x + distance * direction.x, -(z + distance * direction.z))
    u = 0.5 + angle / placement.angle
    v = 0.5 - (origin.y + distance * direction.y) / placement.height_m
    return Hit(u, v, distance)
