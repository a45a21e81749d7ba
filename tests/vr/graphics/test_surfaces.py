"""The numbers for the shader put each point of a surface where the scene says that it is."""

import math

import numpy as np
import pytest
import xr
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from vr.graphics.surfaces import COLUMNS, MOST, VERTICES, Surfaces
from vr.scene.geometry import NO_TURN, Placement, Pose, Rotation, Vector, point

FOV = xr.Fovf(-0.7, 0.5, 0.6, -0.8)


def view(position: tuple[float, float, float] = (0.0, 0.0, 0.0), yaw: float = 0.0) -> xr.View:
    turn = xr.Quaternionf(0.0, math.sin(yaw / 2), 0.0, math.cos(yaw / 2))
    return xr.View(pose=xr.Posef(turn, xr.Vector3f(*position)), fov=FOV)


def shaded(numbers: NDArray[np.float32], u: float, v: float) -> NDArray[np.float64]:
    """What shaders/screen.vert makes of the numbers: x and y of clip space, -1 to 1 within the picture."""
    matrix = numbers[:16].astype(float).reshape(4, 4).T
    width, height, angle, _ = numbers[16:].astype(float)
    x, z = (u - 0.5) * width, 0.0
    if angle > 0:
        turn = (u - 0.5) * angle
        x, z = math.sin(turn) * width / angle, 2 * math.sin(turn / 2) ** 2 * width / angle
    clip = matrix @ [x, (0.5 - v) * height, z, 1.0]
    on_screen: NDArray[np.float64] = clip[:2] / clip[3]
    return on_screen


def seen(at: Vector) -> tuple[float, float]:
    """The same point by the definition of a field of view, seen from the origin."""
    across, up = math.tan(FOV.angle_left), math.tan(FOV.angle_up)
    width, height = math.tan(FOV.angle_right) - across, up - math.tan(FOV.angle_down)
    return (at.x / -at.z - across) / width * 2 - 1, 1 - (up - at.y / -at.z) / height * 2


shares = st.floats(0.0, 1.0)
placements = st.builds(
    Placement,
    pose=st.builds(
        lambda yaw, x, y, z: Pose(Rotation(0.0, math.sin(yaw), 0.0, math.cos(yaw)), Vector(x, y, z)),
        st.floats(-0.3, 0.3),
        st.floats(-1.0, 1.0),
        st.floats(-1.0, 1.0),
        st.floats(-5.0, -2.0),
    ),
    width_m=st.floats(0.1, 1.5),
    height_m=st.floats(0.1, 1.5),
    radius_m=st.one_of(st.none(), st.floats(1.0, 3.0)),
)


@given(placements, shares, shares)
def test_every_point_is_drawn_where_a_ray_would_hit_it(placement: Placement, u: float, v: float) -> None:
    surfaces = Surfaces(1, y_up=True)
    surfaces.fill([view()], [(placement, True)])
    assert shaded(surfaces.values[0, 0], u, v) == pytest.approx(seen(point(placement, u, v)), abs=1e-4)


def test_vulkan_counts_rows_from_the_top() -> None:
    placement = Placement(Pose(NO_TURN, Vector(0.2, 0.3, -2.0)), 1.0, 1.0, None)
    both = [Surfaces(1, y_up=up) for up in (True, False)]
    for surfaces in both:
        surfaces.fill([view()], [(placement, True)])
    up, down = (shaded(surfaces.values[0, 0], 0.1, 0.9) for surfaces in both)
    assert (up[0], up[1]) == pytest.approx((down[0], -down[1]))


def test_each_eye_sees_from_its_own_place() -> None:
    placement = Placement(Pose(NO_TURN, Vector(0.0, 0.0, -2.0)), 1.0, 1.0, None)
    surfaces = Surfaces(2, y_up=True)
    surfaces.fill([view((-0.03, 0, 0)), view((0.03, 0, 0))], [(placement, True)])
    left, right = (shaded(surfaces.values[eye, 0], 0.5, 0.5)[0] for eye in (0, 1))
    assert left > right


def test_a_turned_head_sees_the_middle_aside() -> None:
    placement = Placement(Pose(NO_TURN, Vector(0.0, 0.0, -2.0)), 1.0, 1.0, None)
    surfaces = Surfaces(1, y_up=True)
    surfaces.fill([view(yaw=0.3)], [(placement, True)])
    straight = seen(Vector(2 * math.sin(0.3), 0.0, -2 * math.cos(0.3)))
    assert shaded(surfaces.values[0, 0], 0.5, 0.5) == pytest.approx(straight, abs=1e-5)


def test_an_opaque_surface_has_full_alpha_at_the_least() -> None:
    placement = Placement(Pose(NO_TURN, Vector(0.0, 0.0, -2.0)), 1.0, 1.0, 2.0)
    surfaces = Surfaces(1, y_up=True)
    surfaces.fill([view()], [(placement, True), (placement, False)])
    assert surfaces.values[0, :2, 19].tolist() == [1.0, 0.0]


def test_no_surface_is_no_work() -> None:
    surfaces = Surfaces(2, y_up=True)
    surfaces.fill([view(), view()], [])
    assert not surfaces.values.any()


def test_the_columns_follow_the_arc_closely() -> None:
    sagitta = 2.0 * (1 - math.cos(math.radians(56) / COLUMNS / 2))
    assert sagitta < 0.0003
    assert VERTICES == 2 * COLUMNS + 2
    assert MOST >= 32
