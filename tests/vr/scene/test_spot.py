import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vr.scene.geometry import (
    Pose,
    Vector,
    about_y,
    dot,
    normalized,
    point,
    rotate,
    subtract,
)
from vr.scene.spot import Spot, spot_at

spots = st.builds(Spot, st.floats(-2, 2), st.floats(-1, 1), st.floats(0.5, 5), st.floats(0.2, 1.2))
anchors = st.builds(
    lambda yaw, x, y, z: Pose(about_y(yaw), Vector(x, y, z)),
    st.floats(-3, 3), st.floats(-2, 2), st.floats(-2, 2), st.floats(-2, 2),
)  # fmt: skip


@given(spots, anchors, st.booleans())
def test_a_screen_faces_the_anchor_and_stands_upright(spot: Spot, anchor: Pose, flat: bool) -> None:
    placement = spot.placement(4 / 3, anchor=anchor, flat=flat)
    to_eye = normalized(subtract(anchor.position, placement.pose.position))
    assert dot(rotate(placement.pose.rotation, Vector(0, 0, 1)), to_eye) == pytest.approx(1)
    assert rotate(placement.pose.rotation, Vector(1, 0, 0)).y == pytest.approx(0, abs=1e-9)


@given(spots, anchors)
def test_a_spot_comes_back_from_its_place_in_space(spot: Spot, anchor: Pose) -> None:
    again = spot_at(spot.placement(4 / 3, anchor=anchor).pose.position, anchor, spot.angle)
    assert again == pytest.approx(spot, abs=1e-6)


@given(spots, st.booleans())
def test_a_screen_looks_as_wide_as_it_says(spot: Spot, flat: bool) -> None:
    placement = spot.placement(4 / 3, flat=flat)
    left, right = normalized(point(placement, 0, 0.5)), normalized(point(placement, 1, 0.5))
    assert math.acos(dot(left, right)) == pytest.approx(spot.angle, abs=1e-6)


@pytest.mark.parametrize(("aspect", "width", "height"), [(16 / 9, 1.0, 9 / 16), (1.0, 0.75, 0.75), (4 / 3, 1.0, 0.75)])
def test_a_picture_of_another_shape_is_fitted_in(aspect: float, width: float, height: float) -> None:
    placement = Spot(0, 0, 2, 0.5).placement(aspect)
    assert (placement.width_m, placement.height_m) == pytest.approx((width, height))


def test_a_curved_screen_bends_around_the_anchor() -> None:
    placement = Spot(0.3, -0.2, 2, 0.5).placement(4 / 3)
    assert placement.axis.position == pytest.approx((0, 0, 0), abs=1e-9)


def test_half_the_way_is_half_the_way() -> None:
    assert Spot(0, 0, 1, 0.5).towards(Spot(1, 2, 3, 0.7), 0.5) == pytest.approx((0.5, 1, 2, 0.6))
