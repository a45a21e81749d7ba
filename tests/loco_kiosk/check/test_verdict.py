from dataclasses import replace

import pytest

from loco_kiosk.check.report import Figure, Report, TileResult
from loco_kiosk.check.verdict import problems
from loco_kiosk.client.tile import TileState

GOOD = TileResult(
    id="instance-0",
    state=TileState.LIVE,
    fps_presented=30.0,
    pressed=38,
    key_to_picture=Figure(37, 9.0, 12.0),
    live_share=1.0,
)


def judged(*tiles: TileResult, expected: int = 1) -> list[str]:
    return problems(Report(tiles=tiles, expected=expected, seconds=20))


def test_a_live_wall_that_answers_passes() -> None:
    assert judged(GOOD) == []


@pytest.mark.parametrize(
    ("tile", "told"),
    [
        (replace(GOOD, state=TileState.LOST, problem="Nobody answers."), "instance-0 is lost: Nobody answers."),
        (replace(GOOD, live_share=0.5), "live for 50% of the time only."),
        (replace(GOOD, key_to_picture=Figure()), "answered 0 of 38 keys"),
        (replace(GOOD, key_to_picture=Figure(10, 9.0, 12.0)), "answered 10 of 38 keys"),
        (replace(GOOD, key_to_picture=Figure(), problem="Anna has keyboard and mouse."), "picture: Anna has keyboard"),
        (replace(GOOD, key_to_picture=Figure(), pressed=0), "answered 0 of 0 keys"),
        (replace(GOOD, fps_presented=0.0), "none of them reached the screen"),
    ],
)
def test_every_failure_is_told_with_its_reason(tile: TileResult, told: str) -> None:
    (sentence,) = judged(tile)
    assert told in sentence


def test_a_tile_on_another_page_need_not_reach_the_screen() -> None:
    assert judged(replace(GOOD, fps_presented=0.0, on_page=False)) == []


def test_missing_machines_are_told() -> None:
    assert judged(GOOD, expected=9)[0].startswith("Only 1 of 9 expected machines are known")
    assert judged(expected=1)
