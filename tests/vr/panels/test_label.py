import numpy as np
import pytest

from loco_kiosk.client.tile import TileState
from loco_kiosk.look import palette
from tests.vr.panels.reading import LEAST_CAP_ARCMIN, reading, view
from vr.panels import label
from vr.panels.label import ANGLE_DEG, HEIGHT, WIDTH, screen_label


@pytest.fixture(autouse=True)
def _new() -> None:
    for cached in (label._label, label._head, label._facts):
        cached.cache_clear()


def test_a_label_says_number_name_state_player_and_figures() -> None:
    with reading() as written:
        pixels = screen_label(view(4, name="Yard", holder="Anna", fps=29.6, delay_ms=12.2), focused=True)
    assert {one.shown for one in written} == {"5", "Yard", "Live", "Anna", "30 fps", "12 ms"}
    assert pixels.shape == (HEIGHT, WIDTH, 4)


@pytest.mark.parametrize("state", TileState)
def test_every_word_of_a_label_reads_on_every_brick(state: TileState) -> None:
    with reading() as written:
        for slot in range(9):
            screen_label(view(slot, state=state, name="A name " * 9, holder="A person " * 9), focused=False)
    assert min(one.cap_arcmin(WIDTH, ANGLE_DEG) for one in written) >= LEAST_CAP_ARCMIN
    assert min(palette.contrast(one.ink, one.on) for one in written) >= palette.AA


@pytest.mark.parametrize("state", TileState)
def test_the_word_of_a_state_is_never_cut(state: TileState) -> None:
    with reading() as written:
        screen_label(view(state=state, fps=29.6, delay_ms=1234.0), focused=False)
    assert all(one.shown == one.asked for one in written)


def test_the_air_between_the_studs_is_clear() -> None:
    pixels = screen_label(view(), focused=False)
    assert set(np.unique(pixels[0, :, 3])) == {0, 255}
    assert pixels[14:, :, 3].min() == 255


def test_focus_shows() -> None:
    for slot in range(9):
        plain, focused = (screen_label(view(slot), focused=focus) for focus in (False, True))
        assert (plain != focused).any(axis=2).sum() > 2_000


def test_a_louder_guest_lights_more_of_the_meter() -> None:
    lit = [
        int((screen_label(view(level_dbfs=level), focused=False)[80:100, 424:, 1] > 150).sum())
        for level in (-120.0, -40.0, -20.0, -6.0)
    ]
    assert lit == sorted(lit)
    assert len(set(lit)) == 4


def test_what_did_not_change_is_not_drawn_again() -> None:
    first = screen_label(view(fps=29.6), focused=True)
    assert screen_label(view(fps=30.4), focused=True) is first
    with reading() as written:
        screen_label(view(fps=12.0), focused=True)
    assert [one.shown for one in written] == ["Free to play", "12 fps", "-"]
    with reading() as written:
        screen_label(view(fps=12.0, level_dbfs=-3.0), focused=True)
    assert written == []
