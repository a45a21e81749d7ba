import pytest

from loco_kiosk.client.tile import TileState
from loco_kiosk.look import palette


@pytest.mark.parametrize(("ground", "text"), palette.GROUND_AND_TEXT)
def test_every_fixed_pair_reads_at_aa(ground: str, text: str) -> None:
    assert palette.contrast(ground, text) >= palette.AA


@pytest.mark.parametrize("brick", [*palette.BRICKS, *(palette.mix(b, palette.PLATE, 0.72) for b in palette.BRICKS)])
def test_ink_and_soft_ink_read_at_aa_on_every_brick(brick: str) -> None:
    assert palette.contrast(brick, palette.ink(brick)) >= palette.AA
    assert palette.contrast(brick, palette.soft_ink(brick)) >= palette.AA


def test_contrast_is_that_of_wcag() -> None:
    assert palette.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert palette.contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_every_state_has_a_colour_of_its_own() -> None:
    assert len(set(palette.STATES.values())) == len(palette.STATES) == len(TileState)


def test_nine_bricks_differ() -> None:
    assert len(set(palette.BRICKS)) == 9
