import math
import random

from hypothesis import given
from hypothesis import strategies as st

from vr.scene.geometry import AHEAD, ZERO, Ray, Vector, about_y, angle_between, rotate
from vr.scene.steady import OneEuro, RayFilter, Threshold

FRAME_S = 1 / 72


def pointing(degrees: float) -> Ray:
    return Ray(ZERO, rotate(about_y(math.radians(degrees)), AHEAD))


def off(one: Ray, other: Ray) -> float:
    return math.degrees(angle_between(one.direction, other.direction))


def test_a_trembling_hand_becomes_three_times_steadier() -> None:
    filtered, raw, steady = RayFilter(), [], []
    for frame in range(288):
        shaking = pointing(0.5 * math.sin(2 * math.pi * 9 * frame * FRAME_S))
        result = filtered.step(shaking, frame * FRAME_S)
        if frame > 72:
            raw.append(off(shaking, pointing(0)))
            steady.append(off(result, pointing(0)))
    assert max(steady) < max(raw) / 3


def test_a_hand_that_turns_fast_is_followed_within_a_degree() -> None:
    filtered = RayFilter()
    for frame in range(24):
        turned = pointing(60 * frame * FRAME_S)
        result = filtered.step(turned, frame * FRAME_S)
    assert off(result, turned) < 1.2


def test_a_jump_arrives_within_a_third_of_a_second() -> None:
    filtered = RayFilter()
    filtered.step(pointing(0), 0.0)
    for frame in range(1, 25):
        result = filtered.step(pointing(20), frame * FRAME_S)
    assert off(result, pointing(20)) < 0.02


def test_a_hand_at_rest_is_where_it_is_exactly() -> None:
    filtered = RayFilter()
    for frame in range(10):
        assert off(filtered.step(pointing(7), frame * FRAME_S), pointing(7)) < 1e-9


def test_after_a_gap_the_filter_starts_anew() -> None:
    filtered = RayFilter()
    filtered.step(pointing(0), 0.0)
    assert off(filtered.step(pointing(20), 1.0), pointing(20)) < 1e-9
    filtered.reset()
    assert off(filtered.step(pointing(40), 1.001), pointing(40)) < 1e-9


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=30), st.integers(0, 100))
def test_a_filtered_value_never_leaves_what_it_was_given(values: list[float], seed: int) -> None:
    filtered, chance, now = OneEuro(15.0), random.Random(seed), 0.0
    for count, value in enumerate(values):
        result = filtered.step(Vector(value, 0, 0), chance.uniform(0, 0.3))
        assert min(values[: count + 1]) - 1e-9 <= result.x <= max(values[: count + 1]) + 1e-9
        now += FRAME_S


def test_a_finger_between_the_thresholds_changes_nothing() -> None:
    trigger = Threshold(0.7, 0.5)
    assert [trigger.step(value) for value in (0.6, 0.7, 0.6, 0.51, 0.5, 0.6, 0.69, 1.0)] == [
        False, True, True, True, False, False, False, True,
    ]  # fmt: skip
    assert trigger.is_on
