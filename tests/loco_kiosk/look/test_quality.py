from typing import Any

import pytest

from loco_kiosk.client.tile import TileState, TileView
from loco_kiosk.look import quality


def tile(state: TileState = TileState.LIVE, **changes: object) -> TileView:
    return TileView(slot=0, id="instance-0", name="Yard", state=state, **changes)  # type: ignore[arg-type]  # a dict


@pytest.mark.parametrize(
    ("changes", "frozen", "words"),
    [
        ({"loss": 0.08}, 0.0, "8 %"),
        ({"path_delay_ms": 183.0}, 0.0, "180 ms"),
        ({"fps": 30.0, "delay_ms": 244.0}, 0.0, "240 ms late"),
        ({}, 0.12, "freezing"),
    ],
)
def test_what_is_poor_is_said_with_its_measure(changes: dict[str, Any], frozen: float, words: str) -> None:
    assert words in quality.complaint(tile(**changes), frozen)


@pytest.mark.parametrize(
    "changes", [{}, {"loss": 0.02}, {"fps": 30.0, "delay_ms": 40.0}, {"fps": 0.0, "delay_ms": 900.0}]
)
def test_what_is_good_or_still_is_no_complaint(changes: dict[str, Any]) -> None:
    assert quality.complaint(tile(**changes), 0.02) == ""


def test_a_stream_that_is_not_there_has_its_own_words() -> None:
    assert quality.complaint(tile(TileState.LOST, loss=1.0), 1.0) == ""
