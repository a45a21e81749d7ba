"""The bar that tells about one screen: the one in focus, or the one that is pointed at."""

import functools
from typing import NamedTuple

from loco_kiosk.client.tile import TileState
from loco_kiosk.client.vr_messages import ScreenView
from loco_kiosk.look import palette, wording
from vr.panels.sheet import Pixels, Sheet

WIDTH, HEIGHT = 640, 112
ASPECT = WIDTH / HEIGHT
ANGLE_DEG = 14.8
"""A slim bar: half as wide as its screen, drawn finer than a headset shows, with letters that still read."""
_LEAST_PX = 22
"""Capitals of 21 arcminutes at that angle."""
_STUDS = 12
"""Height of the studs on top, clear between them."""
_FACTS, _METER = (10, 74), (424, 78)
"""Left upper corner of who plays and the figures, and of the level meter."""


def screen_label(view: ScreenView, *, focused: bool) -> Pixels:
    """The label of ``view``; the same array comes back as long as it would look the same."""
    facts = (wording.holder(view), wording.fps(view), wording.delay(view))
    head = _Head(view.slot, view.name, view.state, focused)
    return _label(head, facts, wording.segments(view.level_dbfs))


class _Head(NamedTuple):
    slot: int
    name: str
    state: TileState
    focused: bool


@functools.lru_cache(maxsize=4)
def _label(head: _Head, facts: tuple[str, str, str], level: int) -> Pixels:
    """Figures change each second: only they are drawn anew."""
    pixels = _head(head).copy()
    for piece, (x, y) in ((_facts(head.slot % len(palette.BRICKS), facts), _FACTS), (_meter(level), _METER)):
        height, width = piece.shape[:2]
        pixels[y : y + height, x : x + width] = piece
    pixels.flags.writeable = False
    return pixels


@functools.lru_cache(maxsize=18)
def _head(head: _Head) -> Pixels:
    brick = palette.BRICKS[head.slot % len(palette.BRICKS)]
    ink = palette.ink(brick)
    sheet = Sheet(WIDTH, HEIGHT, brick, opaque=False)
    sheet.brick(0, _STUDS, WIDTH, HEIGHT - _STUDS, brick, studs=10)
    if head.focused:
        sheet.frame((0, _STUDS, WIDTH, HEIGHT - _STUDS), palette.ACCENT if brick != palette.ACCENT else ink, 4)
    sheet.box(10, 20, 46, 46, ink)
    sheet.text(str(head.slot + 1), 33, 43, 32, brick, on=ink, room=42, bold=True, align="centre")
    sheet.text(head.name, 68, 43, 32, ink, on=brick, room=340, least=_LEAST_PX, bold=True)
    colour = palette.STATES[head.state.value]
    sheet.box(424, 20, 206, 46, palette.CHIP)
    sheet.glyph(head.state.value, 434, 31, 24, colour)
    sheet.text(
        wording.state_word(head.state), 468, 43, 26, colour, on=palette.CHIP, room=158, least=_LEAST_PX, bold=True
    )
    return sheet.pixels()


@functools.lru_cache(maxsize=18)
def _facts(number: int, facts: tuple[str, str, str]) -> Pixels:
    brick = palette.BRICKS[number]
    ink = palette.ink(brick)
    sheet = Sheet(WIDTH - 240, 30, brick)
    for glyph, x, text, room in zip(("player", "picture", "delay"), (4, 170, 272), facts, (130, 70, 98), strict=True):
        sheet.glyph(glyph, x, 4, 22, ink)
        sheet.text(text, x + 30, 15, 22, ink, on=brick, room=room, least=_LEAST_PX)
    return sheet.pixels()


@functools.cache
def _meter(lit: int) -> Pixels:
    sheet = Sheet(206, 24, palette.CHIP)
    for number in range(wording.SEGMENTS):
        loud = palette.STATES["live" if number < 8 else "stale" if number < 11 else "lost"]
        colour = loud if number < lit else palette.mix(palette.CHIP, loud, 0.22)
        sheet.box(3 + number * 16.8, 3, 15, 18, colour)
    return sheet.pixels()
