import itertools

import pytest

from vr.scene.arrangement import EASE_S, Arrangement, Shown
from vr.scene.layout import wall
from vr.scene.spot import Spot

NINE = [Shown(f"pc-{number}", 4 / 3) for number in range(9)]
HERE = Spot(0.5, 0.1, 1.2, 0.7)


def settled(arrangement: Arrangement, from_s: float = 0.0) -> None:
    for step in range(100):
        arrangement.step(from_s + step * 0.01, still=False)


def test_screens_appear_in_their_places_at_once() -> None:
    arrangement = Arrangement({})
    arrangement.show(NINE, None)
    assert [arrangement.spot(shown.id) for shown in NINE] == list(wall(9))
    assert list(arrangement.placements) == [shown.id for shown in NINE]


def test_a_screen_comes_near_slowly_and_smoothly() -> None:
    arrangement = Arrangement({})
    arrangement.show(NINE, None)
    arrangement.show(NINE, "pc-4")
    angles = []
    for step in range(40):
        arrangement.step(step * 0.0125, still=False)
        angles.append(arrangement.spot("pc-4").angle)
    assert angles == sorted(angles)
    assert angles[-1] == wall(9, 4)[4].angle
    assert max(b - a for a, b in itertools.pairwise(angles)) < 0.06 * 0.3665


def test_nothing_moves_while_somebody_clicks() -> None:
    arrangement = Arrangement({})
    arrangement.show(NINE, None)
    arrangement.show(NINE, "pc-0")
    for step in range(100):
        arrangement.step(step * 0.01, still=True)
    assert arrangement.spot("pc-0") == wall(9)[0]
    arrangement.step(1.0, still=False)
    arrangement.step(1.0 + EASE_S / 2, still=False)
    half = arrangement.spot("pc-0")
    assert half != wall(9)[0]
    arrangement.step(1.1 + EASE_S, still=True)
    assert arrangement.spot("pc-0") == half
    settled(arrangement, 2.0)
    assert arrangement.spot("pc-0") == wall(9, 0)[0]


def test_placements_are_the_same_objects_while_nothing_moves() -> None:
    arrangement = Arrangement({})
    arrangement.show(NINE, None)
    before = arrangement.placements
    arrangement.step(1.0, still=False)
    arrangement.show(NINE, None)
    assert all(arrangement.placements[name] is placement for name, placement in before.items())


def test_a_screen_that_the_wearer_placed_stays_there() -> None:
    arrangement = Arrangement({"pc-3": HERE})
    arrangement.show(NINE, None)
    assert arrangement.spot("pc-3") == HERE
    arrangement.show(NINE, "pc-3")
    settled(arrangement)
    assert arrangement.spot("pc-3") == HERE
    arrangement.put_back()
    settled(arrangement, 5.0)
    assert arrangement.spot("pc-3") == wall(9, 3)[3]
    assert not arrangement.chosen


def test_a_held_screen_follows_at_once() -> None:
    arrangement = Arrangement({})
    arrangement.show(NINE, None)
    arrangement.choose("pc-1", HERE)
    assert arrangement.spot("pc-1") == HERE
    assert arrangement.placements["pc-1"] == HERE.placement(4 / 3)
    assert arrangement.chosen == {"pc-1": HERE}
    arrangement.choose("on another page", HERE)
    assert "on another page" not in arrangement.placements


def test_a_guest_that_changes_its_shape_gets_another_surface_in_the_same_place() -> None:
    arrangement = Arrangement({})
    arrangement.show(NINE, None)
    arrangement.show([Shown("pc-0", 16 / 9), *NINE[1:]], None)
    placement = arrangement.placements["pc-0"]
    assert placement.width_m / placement.height_m == pytest.approx(16 / 9)
    assert arrangement.spot("pc-0") == wall(9)[0]


def test_a_flat_wall_is_flat() -> None:
    arrangement = Arrangement({}, flat=True)
    arrangement.show(NINE, None)
    assert {placement.radius_m for placement in arrangement.placements.values()} == {None}


def test_screens_of_another_page_go_and_come() -> None:
    arrangement = Arrangement({})
    arrangement.show(NINE, "pc-0")
    arrangement.show([Shown("pc-9", 4 / 3)], "pc-0")
    assert list(arrangement.placements) == ["pc-9"]
    assert arrangement.spot("pc-9") == wall(1)[0]
