"""What a screen shows while it has no picture of its own: what is wrong, why, and what happens next."""

import functools
from dataclasses import dataclass

import numpy as np
from PIL import Image

from loco_kiosk.client.tile import TileState
from loco_kiosk.client.vr_messages import ScreenView
from loco_kiosk.look import palette, wording
from vr.panels.sheet import Pixels, Sheet, paragraph_height

ANGLE_DEG = 27.0
"""At 640 pixels."""
_VEIL = 0.86
"""Of the stage's colour over an old picture: it can be seen, and every word on it still reads."""
VEILED_WHITE = palette.mix("#ffffff", palette.STAGE, _VEIL)
"""The lightest ground that words can meet."""


@dataclass(frozen=True, slots=True)
class _Words:
    slot: int
    name: str
    state: TileState
    reason: str
    next_step: str


def state_card(view: ScreenView, width: int = 640, height: int = 480, under: Pixels | None = None) -> Pixels:
    """The card of ``view``, opaque; over a dimmed ``under``, the last picture, where there is one.

    Without a picture the same array comes back as long as it would look the same.
    """
    words = _Words(view.slot, view.name, view.state, wording.reason(view), view.next_step)
    if under is None:
        return _card(words, width, height)
    sheet = Sheet(width, height, palette.STAGE)
    sheet.image.paste(_veiled(under, width, height))
    _write(sheet, words, VEILED_WHITE)
    return sheet.pixels()


@functools.lru_cache(maxsize=9)
def _card(words: _Words, width: int, height: int) -> Pixels:
    sheet = Sheet(width, height, palette.STAGE)
    _write(sheet, words, palette.STAGE)
    return sheet.pixels()


def _write(sheet: Sheet, words: _Words, ground: str) -> None:
    width, height = sheet.size
    unit = min(width / 640, height / 480)
    colour = palette.STATES[words.state.value]
    _number_and_name(sheet, words.slot, words.name, unit)
    room = width - 72 * unit
    title, body = 32 * unit, 26 * unit
    tall = paragraph_height(words.reason, title, room, 3) + paragraph_height(words.next_step, body, room, 3)
    y = 64 * unit + (height - 64 * unit - tall - 178 * unit) / 2
    middle = width / 2
    sheet.glyph(words.state.value, middle - 44 * unit, y, 88 * unit, colour)
    y += 124 * unit
    word = wording.state_word(words.state)
    sheet.text(word, middle, y, 40 * unit, colour, on=ground, room=room, bold=True, align="centre")
    y += 42 * unit
    y += sheet.paragraph(words.reason, middle, y, title, palette.BAR_INK, on=ground, room=room, lines=3) + 12 * unit
    sheet.paragraph(words.next_step, middle, y, body, palette.BAR_SOFT, on=ground, room=room, lines=3)


def _number_and_name(sheet: Sheet, slot: int, name: str, unit: float) -> None:
    """A frame in the colour of the slot's brick, with number and name on its upper side."""
    width, height = sheet.size
    brick = palette.BRICKS[slot % len(palette.BRICKS)]
    ink = palette.ink(brick)
    sheet.frame((0, 0, width, height), brick, round(8 * unit))
    sheet.brick(0, 0, width, 64 * unit, brick)
    sheet.box(8 * unit, 8 * unit, 48 * unit, 48 * unit, ink)
    middle, size = 32 * unit, 34 * unit
    sheet.text(str(slot + 1), middle, middle, size, brick, on=ink, room=44 * unit, bold=True, align="centre")
    sheet.text(name, 70 * unit, middle, size, ink, on=brick, room=width - 86 * unit, least=24 * unit, bold=True)


def _veiled(under: Pixels, width: int, height: int) -> Image.Image:
    picture = Image.fromarray(np.ascontiguousarray(under[..., :3])).convert("RGB")
    if picture.size != (width, height):
        picture = picture.resize((width, height), Image.Resampling.BILINEAR)
    return Image.blend(picture, Image.new("RGB", (width, height), palette.STAGE), _VEIL)
