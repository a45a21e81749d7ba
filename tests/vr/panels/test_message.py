import pytest

from loco_kiosk.client.tile import TileState
from loco_kiosk.look import palette
from tests.vr.panels.reading import LEAST_CAP_ARCMIN, reading
from vr.panels.message import ANGLE_DEG, HEIGHT, WIDTH, message

SENTENCE = "No headset is connected. Plug it in or switch it on; the wall goes on by itself as soon as it is there."


@pytest.mark.parametrize("state", TileState)
def test_a_message_says_its_whole_sentence_and_reads(state: TileState) -> None:
    message.cache_clear()
    with reading() as written:
        pixels = message(SENTENCE, state=state.value)
    assert " ".join(one.shown for one in written) == f"Loco Kiosk {SENTENCE}"
    assert pixels.shape == (HEIGHT, WIDTH, 4)
    assert pixels[..., 3].min() == 255
    assert min(one.cap_arcmin(WIDTH, ANGLE_DEG) for one in written) >= LEAST_CAP_ARCMIN
    assert min(palette.contrast(one.ink, one.on) for one in written) >= palette.AA


def test_a_very_long_sentence_is_cut_and_stays_inside() -> None:
    pixels = message("word " * 300)
    frame = tuple(int(palette.ACCENT[i : i + 2], 16) for i in (1, 3, 5))
    assert tuple(pixels[HEIGHT - 4, WIDTH // 2, :3]) == frame
    assert tuple(pixels[HEIGHT // 2, WIDTH - 4, :3]) == frame


def test_a_message_is_drawn_once() -> None:
    assert message(SENTENCE) is message(SENTENCE)
