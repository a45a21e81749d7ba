import numpy as np
import pytest

from vr.panels.sheet import Sheet, paragraph_height


def test_pixels_are_rgba_top_row_first_and_kept_from_writers() -> None:
    sheet = Sheet(8, 4, "#102030")
    sheet.box(0, 0, 8, 1, "#ff0000")
    pixels = sheet.pixels()
    assert pixels.shape == (4, 8, 4)
    assert pixels.dtype == np.uint8
    assert pixels.flags.c_contiguous
    assert tuple(pixels[0, 0]) == (255, 0, 0, 255)
    assert tuple(pixels[3, 7]) == (16, 32, 48, 255)
    with pytest.raises(ValueError, match="read-only"):
        pixels[0, 0] = 0


def test_clear_pixels_have_the_colour_of_what_stands_beside_them() -> None:
    """Else the edge would darken where a headset blends between two pixels."""
    assert tuple(Sheet(4, 4, "#102030", opaque=False).pixels()[0, 0]) == (16, 32, 48, 0)


@pytest.mark.parametrize("align", ["left", "centre", "right"])
def test_text_stays_in_its_room(align: str) -> None:
    sheet = Sheet(300, 40, "#000000")
    x = {"left": 50, "centre": 150, "right": 250}[align]
    sheet.text("Wide words in a small room", x, 20, 30, "#ffffff", on="#000000", room=200, align=align)  # type: ignore[arg-type]  # a literal
    drawn = np.flatnonzero(sheet.pixels()[..., 0].max(axis=0) > 64)
    assert drawn.min() >= 48
    assert drawn.max() <= 252
    assert len(drawn) > 100


def test_text_stands_around_its_middle() -> None:
    sheet = Sheet(60, 60, "#000000")
    sheet.text("H", 30, 30, 40, "#ffffff", on="#000000", room=60, align="centre")
    rows = np.flatnonzero(sheet.pixels()[..., 0].max(axis=1) > 128)
    assert (rows.min() + rows.max()) / 2 == pytest.approx(30, abs=1.5)


def test_a_paragraph_is_as_high_as_foretold() -> None:
    sheet = Sheet(200, 200, "#000000")
    words = "some words that need several lines"
    height = sheet.paragraph(words, 100, 0, 24, "#ffffff", on="#000000", room=180, lines=4)
    assert height == paragraph_height(words, 24, 180, 4) > 48
    assert sheet.paragraph("", 100, 0, 24, "#ffffff", on="#000000", room=180, lines=4) == 0
    assert not sheet.pixels()[round(height) + 8 :, :, 0].any()
