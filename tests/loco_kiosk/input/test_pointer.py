import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.contract.input import FULL_SCALE
from loco_kiosk.input.pointer import INTERVAL_US, Coalescer, Rect, Steps, fit, to_picture, wrapped

WIDE = Rect(0, 0, 1920, 1080)


def test_a_picture_is_centred_between_pillars() -> None:
    assert fit(WIDE, 640, 480) == Rect(240, 0, 1440, 1080)


def test_a_tall_area_gets_bars_above_and_below() -> None:
    assert fit(Rect(10, 20, 640, 960), 640, 480) == Rect(10, 260, 640, 480)


@pytest.mark.parametrize(
    ("ratio", "expected"),
    [(1.0, Rect(320, 60, 1280, 960)), (2.0, Rect(320, 60, 1280, 960)), (1.5, Rect(960 - 640, 540 - 480, 1280, 960))],
)
def test_integer_scaling_keeps_whole_pixels_of_the_screen(ratio: float, expected: Rect) -> None:
    assert fit(WIDE, 640, 480, integer=True, device_pixel_ratio=ratio) == expected


def test_integer_scaling_shrinks_smoothly_where_not_even_one_fits() -> None:
    assert fit(Rect(0, 0, 320, 240), 640, 480, integer=True) == Rect(0, 0, 320, 240)


def test_corners_are_the_ends_of_the_scale() -> None:
    picture = fit(WIDE, 640, 480)
    assert to_picture(picture, 240, 0) == (0, 0)
    assert to_picture(picture, 1680, 1080) == (FULL_SCALE, FULL_SCALE)


@given(
    st.floats(-1e4, 1e4), st.floats(-1e4, 1e4), st.integers(1, 4000), st.integers(1, 4000), st.booleans(),
    st.floats(0, 1e4), st.floats(0, 1e4),
)  # fmt: skip
def test_every_position_maps_into_the_scale(
    x: float, y: float, width_px: int, height_px: int, integer: bool, width: float, height: float
) -> None:
    picture = fit(Rect(0, 0, width, height), width_px, height_px, integer=integer)
    assert all(0 <= value <= FULL_SCALE for value in to_picture(picture, x, y))
    assert picture.width <= width * (1 + 1e-9)
    assert picture.height <= height * (1 + 1e-9)


@given(st.integers(0, 639))
def test_a_guest_pixel_comes_back_to_itself(column: int) -> None:
    picture = fit(WIDE, 640, 480)
    x, _ = to_picture(picture, picture.x + (column + 0.5) / 640 * picture.width, 0)
    assert x * 640 // (FULL_SCALE + 1) == column


def test_a_rectangle_owns_its_left_and_upper_edges() -> None:
    box = Rect(1, 2, 3, 4)
    assert box.contains(1, 2)
    assert not box.contains(4, 2)


def test_the_newest_position_wins_and_waits_its_turn() -> None:
    moves = Coalescer()
    moves.put((1, 1))
    assert moves.take(0) == (1, 1)
    moves.put((2, 2))
    moves.put((3, 3))
    assert moves.take(INTERVAL_US - 1) is None
    assert moves.waiting
    assert moves.take(INTERVAL_US) == (3, 3)
    assert moves.take(10 * INTERVAL_US) is None


def test_a_flush_does_not_wait() -> None:
    moves = Coalescer()
    moves.put((1, 1))
    moves.take(0)
    moves.put((2, 2))
    assert moves.flush(1) == (2, 2)
    moves.put((3, 3))
    moves.clear()
    assert moves.flush(2) is None


@given(st.lists(st.tuples(st.integers(-1000, 1000), st.integers(-1000, 1000))))
def test_no_part_of_a_wheel_turn_is_lost(turns: list[tuple[int, int]]) -> None:
    steps = Steps()
    told = [steps.add(*turn) for turn in turns]
    for axis in (0, 1):
        turned = sum(turn[axis] for turn in turns)
        assert abs(turned - Steps.UNITS * sum(step[axis] for step in told)) < Steps.UNITS


def test_a_wild_wheel_stays_within_the_wire() -> None:
    assert Steps().add(10**6, -(10**6)) == (127, -127)


def test_sums_wrap_as_the_wire_does() -> None:
    assert [wrapped(total) for total in (5, -5, 2**31, -(2**31) - 1)] == [5, -5, -(2**31), 2**31 - 1]
