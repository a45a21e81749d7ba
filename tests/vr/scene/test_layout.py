import itertools
import math

import pytest

from vr.scene.geometry import ORIGIN, Ray, bearing, hit, normalized, point
from vr.scene.layout import PAGE, Sizes, wall
from vr.scene.spot import Spot

NEAR = [None, *range(PAGE)]


def covered(one: Spot, other: Spot, flat: bool) -> bool:
    """Whether ``other`` hides a part of ``one`` from the eye."""
    placement, in_front = one.placement(4 / 3, flat=flat), other.placement(4 / 3, flat=flat)
    steps = [i / 8 for i in range(9)]
    edge = [(u, v) for u, v in itertools.product(steps, steps) if u in (0, 1) or v in (0, 1)]
    targets = (point(placement, u, v) for u, v in edge)
    return any(hit(in_front, Ray(ORIGIN.position, normalized(target))) is not None for target in targets)


@pytest.mark.parametrize("flat", [False, True])
@pytest.mark.parametrize(
    ("count", "near"), [(n, k) for n in range(1, PAGE + 1) for k in NEAR if k is None or k < n]
)  # fmt: skip
def test_no_screen_hides_another_even_when_one_is_near(count: int, near: int | None, flat: bool) -> None:
    spots = wall(count, near)
    assert len(spots) == count
    assert not [(a, b) for a in range(count) for b in range(count) if a != b and covered(spots[a], spots[b], flat)]


def test_nine_screens_stand_in_three_rows_within_what_a_headset_sees() -> None:
    spots = wall(9)
    assert [spot.right < 0 for spot in spots] == [True, False, False] * 3
    assert spots[0].up > spots[3].up > spots[6].up
    corners = [
        bearing(point(spot.placement(4 / 3), u, v)) for spot in spots for u, v in itertools.product((0, 1), (0, 1))
    ]
    middle = [bearing(point(spot.placement(4 / 3), u, 0.5)) for spot in spots[3:6] for u in (0, 1)]
    assert math.degrees(max(right for right, _ in middle)) < 45
    assert math.degrees(max(right for right, _ in corners)) < 57
    assert -40 < math.degrees(min(up for _, up in corners)) < math.degrees(max(up for _, up in corners)) < 28


def test_the_wall_is_the_same_to_both_sides() -> None:
    for row in (wall(9)[start : start + 3] for start in (0, 3, 6)):
        assert row[0].right == pytest.approx(-row[2].right)
        assert row[1].right == pytest.approx(0)


def test_the_middle_of_the_wall_is_five_to_ten_degrees_below_the_eye() -> None:
    assert -10 <= math.degrees(wall(9)[4].up) <= -5
    assert -10 <= math.degrees(wall(1)[0].up) <= -5


def test_screens_of_the_wall_are_legible_and_few_are_larger() -> None:
    angles = {count: math.degrees(wall(count)[0].angle) for count in (1, 2, 3, 4, 5, 6, 9)}
    assert angles == pytest.approx({1: 48, 2: 40, 3: 27, 4: 40, 5: 27, 6: 27, 9: 27})


@pytest.mark.parametrize("near", range(PAGE))
def test_the_near_screen_is_nearer_larger_and_where_one_can_read(near: int) -> None:
    spots = wall(9, near)
    assert math.degrees(spots[near].angle) == pytest.approx(48)
    assert spots[near].distance_m < spots[near - 1].distance_m
    assert -20.001 < math.degrees(spots[near].up) < 8.001
    assert {round(math.degrees(spot.angle)) for i, spot in enumerate(spots) if i != near} == {27}


def test_no_screens_no_spots() -> None:
    assert wall(0) == ()


def test_sizes_can_be_chosen() -> None:
    sizes = Sizes(distance_m=1.5, wide={1: 0.5, 2: 0.5, 3: 0.4})
    assert wall(9, sizes=sizes)[0].angle == 0.4
    assert wall(9, sizes=sizes)[0].distance_m == 1.5
