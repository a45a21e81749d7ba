"""A card with a sentence: nobody sends pictures, everything connects, the sound is gone."""

import functools

from loco_kiosk.look import palette
from vr.panels.sheet import Pixels, Sheet, paragraph_height

WIDTH, HEIGHT = 900, 380
ASPECT = WIDTH / HEIGHT
ANGLE_DEG = WIDTH / 25


@functools.lru_cache(maxsize=8)
def message(sentence: str, *, title: str = "Loco Kiosk", state: str = "pending") -> Pixels:
    """``sentence`` under ``title``, opaque; ``state`` gives glyph and colour, as of a screen."""
    colour = palette.STATES[state]
    sheet = Sheet(WIDTH, HEIGHT, palette.BAR)
    sheet.frame((0, 0, WIDTH, HEIGHT), palette.ACCENT, 8)
    sheet.brick(0, 0, WIDTH, 76, palette.ACCENT)
    ink = palette.PAPER_INK
    sheet.text(title, WIDTH / 2, 38, 38, ink, on=palette.ACCENT, room=WIDTH - 60, bold=True, align="centre")
    room, size = WIDTH - 280, 36
    tall = paragraph_height(sentence, size, room, 6)
    sheet.glyph(state, 56, 76 + (HEIGHT - 84) / 2 - 60, 120, colour)
    top = 76 + (HEIGHT - 84 - tall) / 2
    sheet.paragraph(sentence, 216 + room / 2, top, size, palette.BAR_INK, on=palette.BAR, room=room, lines=6)
    return sheet.pixels()
