import re

import pytest

from loco_kiosk.client.tile import TileState
from loco_kiosk.look import outlines

NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


@pytest.mark.parametrize("state", TileState)
def test_every_state_has_an_outline(state: TileState) -> None:
    assert state.value in outlines.PATHS


@pytest.mark.parametrize("path", outlines.PATHS.values(), ids=outlines.PATHS)
def test_an_outline_is_closed_and_stays_in_its_box(path: str) -> None:
    assert path.startswith("M")
    assert path.endswith("Z")
    assert all(0 <= float(number) <= 24 for number in NUMBER.findall(path))
