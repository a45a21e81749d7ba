import math

import numpy as np
import pytest

from loco_kiosk.look import outlines
from vr.panels import glyph


@pytest.mark.parametrize("name", outlines.PATHS)
def test_every_outline_fills_a_fair_part_of_its_box(name: str) -> None:
    mask = np.asarray(glyph.mask(name, 48))
    assert mask.shape == (48, 48)
    assert 0.08 < mask.mean() / 255 < 0.7


def test_an_outline_within_an_outline_is_a_hole() -> None:
    mask = np.asarray(glyph.mask("empty", 48))
    assert mask[24, 24] == 0
    assert mask[24, 8] == 255


def test_a_circle_is_round() -> None:
    [ring] = glyph.rings("M12 2 A10 10 0 1 0 12.01 2 Z")
    assert all(math.dist(point, (12, 12)) == pytest.approx(10, abs=0.02) for point in ring)
    area = sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True)) / 2
    assert abs(area) == pytest.approx(math.pi * 100, rel=0.02)


def test_sweep_chooses_the_side_of_an_arc() -> None:
    [over] = glyph.rings("M2 12 A10 10 0 0 1 22 12 Z")
    [under] = glyph.rings("M2 12 A10 10 0 0 0 22 12 Z")
    assert min(y for _, y in over) == pytest.approx(2)
    assert max(y for _, y in under) == pytest.approx(22)


def test_commands_may_repeat_their_letter_once() -> None:
    assert glyph.rings("M0 0 H4 V4 L0 4 Z M1 1 H2 V2 Z") == [
        [(0, 0), (4, 0), (4, 4), (0, 4)],
        [(1, 1), (2, 1), (2, 2)],
    ]


def test_a_smooth_curve_goes_on_as_the_one_before_came() -> None:
    [ring] = glyph.rings("M0 12 C0 6 6 6 12 6 S24 6 24 12 Z")
    assert min(y for _, y in ring) == pytest.approx(6)
    assert ring[-1] == (24, 12)
