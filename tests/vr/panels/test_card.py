import numpy as np
import pytest

from loco_kiosk.client.tile import TileState
from loco_kiosk.look import palette, wording
from tests.vr.panels.reading import LEAST_CAP_ARCMIN, reading, view
from vr.panels.card import ANGLE_DEG, VEILED_WHITE, _card, state_card

WHY, NEXT = "The emulator does not answer.", "Tries again in 8 s."


@pytest.fixture(autouse=True)
def _new() -> None:
    _card.cache_clear()


@pytest.mark.parametrize("state", TileState)
def test_a_card_says_in_words_what_why_and_what_next(state: TileState) -> None:
    with reading() as written:
        pixels = state_card(view(3, name="Yard", state=state, reason=WHY, next_step=NEXT))
    said = [one.shown for one in written]
    assert said == ["4", "Yard", wording.state_word(state), WHY, NEXT]
    assert pixels.shape == (480, 640, 4)
    assert pixels[..., 3].min() == 255


@pytest.mark.parametrize("state", TileState)
def test_every_word_of_a_card_reads(state: TileState) -> None:
    with reading() as written:
        for slot in range(9):
            state_card(view(slot, state=state, name="A name " * 20, reason="Why " * 60, next_step="Then " * 60))
    assert min(one.cap_arcmin(640, ANGLE_DEG) for one in written) >= LEAST_CAP_ARCMIN
    assert min(palette.contrast(one.ink, one.on) for one in written) >= palette.AA


@pytest.mark.parametrize("state", TileState)
def test_words_read_over_the_lightest_old_picture_too(state: TileState) -> None:
    white = np.full((480, 640, 4), 255, np.uint8)
    with reading() as written:
        pixels = state_card(view(state=state, reason=WHY, next_step=NEXT), under=white)
    assert min(palette.contrast(one.ink, one.on) for one in written) >= palette.AA
    shown = "#" + "".join(f"{part:02x}" for part in pixels[100, 20, :3])
    assert palette.luminance(shown) <= palette.luminance(VEILED_WHITE) + 0.002


def test_a_state_without_a_reason_has_words_all_the_same() -> None:
    with reading() as written:
        state_card(view(state=TileState.LOST))
    assert wording.reason(view(state=TileState.LOST)) in [one.shown for one in written]


def test_states_differ_in_their_pictures_not_only_in_colour() -> None:
    """Whoever sees no colours tells them apart by glyph and word."""
    grey = [state_card(view(state=state))[72:, 8:-8, 1].astype(int) > 100 for state in TileState]
    for number, one in enumerate(grey):
        assert all((one != other).mean() > 0.002 for other in grey[number + 1 :])


@pytest.mark.parametrize(("width", "height"), [(320, 240), (720, 400), (1024, 768), (640, 480)])
def test_a_card_fits_the_screen_of_its_guest(width: int, height: int) -> None:
    pixels = state_card(view(state=TileState.RECONNECTING, reason="Why " * 40, next_step=NEXT), width, height)
    assert pixels.shape == (height, width, 4)
    brick = tuple(int(palette.BRICKS[0][i : i + 2], 16) for i in (1, 3, 5))
    assert tuple(pixels[height - 2, width // 2, :3]) == brick
    assert tuple(pixels[height // 2, 1, :3]) == brick


def test_a_card_is_drawn_once_while_it_looks_the_same() -> None:
    lost = view(state=TileState.LOST, reason=WHY, fps=0.0)
    assert state_card(lost) is state_card(view(state=TileState.LOST, reason=WHY, fps=12.0, level_dbfs=-3))
    assert state_card(lost) is not state_card(view(state=TileState.LOST, reason=NEXT))


def test_an_old_picture_of_another_size_is_stretched() -> None:
    left_red = np.zeros((200, 320, 4), np.uint8)
    left_red[:, :160, 0] = 255
    pixels = state_card(view(1, state=TileState.STALE), under=left_red)
    assert pixels[440, 40, 0] > pixels[440, 600, 0] + 10
