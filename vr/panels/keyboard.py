"""The picture of the keyboard in the air."""

from collections.abc import Collection

from loco_kiosk.look import palette
from vr.panels.buttons import ButtonPanel, Look
from vr.panels.sheet import Pixels, Sheet
from vr.scene.button import Button
from vr.scene.keyboard import ASPECT, BUTTONS, CHORDS, HIDE, MODIFIERS, KeyboardModel

WIDTH = 1480
HEIGHT = round(WIDTH / ASPECT)
ANGLE_DEG = WIDTH / 25
_ARROWS = {"ArrowUp": "up", "ArrowDown": "down", "ArrowLeft": "left", "ArrowRight": "right"}
_SPECIAL = palette.mix(palette.BUTTON, palette.BAR, 0.25)
"""Keys that type nothing by themselves, and those that type several."""


class KeyboardPanel:
    """Draws a keyboard. All keys are drawn when it is made, so that its first frame is as quick as any other."""

    def __init__(self) -> None:
        self._panel = ButtonPanel(Sheet(WIDTH, HEIGHT, palette.BAR), _key)
        self.draw(KeyboardModel(), ())

    def draw(self, model: KeyboardModel, hovered: Collection[str]) -> bool:
        """Take the state over; whether :attr:`pixels` changed."""
        down, locked = model.down, model.locked
        looks = (
            Look(button.label, button.name in down, button.name in locked, button.name in hovered) for button in BUTTONS
        )
        return self._panel.draw(zip(BUTTONS, looks, strict=True))

    @property
    def pixels(self) -> Pixels:
        """The keyboard now, opaque."""
        return self._panel.pixels


def _key(button: Button, look: Look, width: int, height: int) -> Sheet:
    sheet = Sheet(width, height, palette.BAR)
    colour = palette.ACCENT if look.down else _SPECIAL if _is_special(button.name) else palette.BUTTON
    sheet.brick(0, 0, width, height, colour)
    middle = height * 0.48
    if button.name in _ARROWS:
        sheet.glyph(_ARROWS[button.name], width / 2 - 18, middle - 18, 36, palette.PAPER_INK)
    else:
        size = 34 if len(look.label) == 1 else 27
        ink = palette.PAPER_INK
        sheet.text(look.label, width / 2, middle, size, ink, on=colour, room=width - 12, bold=True, align="centre")
    if look.locked:
        sheet.box(width * 0.3, height - 18, width * 0.4, 7, palette.PAPER_INK)
    if look.hovered:
        sheet.frame((0, 0, width, height), palette.STATES["reconnecting"], 5)
    return sheet


def _is_special(name: str) -> bool:
    return name in MODIFIERS or name in CHORDS or name == HIDE
