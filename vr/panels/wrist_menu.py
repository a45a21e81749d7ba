"""The picture of the wrist menu."""

from collections.abc import Collection

from loco_kiosk.look import palette
from vr.panels.buttons import ButtonPanel, Look
from vr.panels.sheet import Pixels, Sheet
from vr.scene.button import Button
from vr.scene.menu import ASPECT, HEAD, MenuAction, MenuModel

WIDTH = 640
HEIGHT = round(WIDTH / ASPECT)
ANGLE_DEG = WIDTH / 25
_GLYPHS = {
    MenuAction.FOCUS: "picture",
    MenuAction.KEYBOARD: "keyboard",
    MenuAction.RELEASE: "player",
    MenuAction.QUIETER: "quieter",
    MenuAction.MUTE: "muted",
    MenuAction.LOUDER: "louder",
    MenuAction.MONO: "mono",
    MenuAction.STATISTICS: "figures",
    MenuAction.RECENTRE: "recentre",
    MenuAction.PAGE_UP: "back",
    MenuAction.PAGE_DOWN: "next",
    MenuAction.PUT_BACK: "tidy",
    MenuAction.RECOVER: "anew",
    MenuAction.CLOSE: "close",
    MenuAction.LEAVE: "leave",
}
_OFF = palette.mix(palette.BAR, palette.BUTTON, 0.12)
"""Of buttons that do nothing now."""
_OFF_INK = palette.mix(palette.BAR, palette.BUTTON, 0.8)


class MenuPanel:
    """Draws the menu; the pixels of buttons that did not change stay."""

    def __init__(self) -> None:
        self._panel = ButtonPanel(Sheet(WIDTH, HEIGHT, palette.BAR), _button)
        self._title: str | None = None
        self.draw(MenuModel(), ())

    def draw(self, model: MenuModel, hovered: Collection[str]) -> bool:
        """Take the state over; whether :attr:`pixels` changed."""
        on, disabled = model.on, model.disabled
        buttons = model.buttons
        looks = (
            Look(
                button.label,
                down=button.name in on or button.name == model.confirm,
                hovered=button.name in hovered,
                disabled=button.name in disabled,
            )
            for button in buttons
        )
        changed = self._panel.draw(zip(buttons, looks, strict=True))
        if model.title != self._title:
            self._title = model.title
            self._panel.paste(0, 0, _headline(model.title))
            changed = True
        return changed

    @property
    def pixels(self) -> Pixels:
        """The menu now, opaque."""
        return self._panel.pixels


def _headline(title: str) -> Pixels:
    sheet = Sheet(WIDTH, round(HEIGHT * HEAD), palette.BAR)
    sheet.text(
        title,
        WIDTH / 2,
        sheet.size[1] / 2,
        34,
        palette.BAR_INK,
        on=palette.BAR,
        room=WIDTH - 32,
        bold=True,
        align="centre",
    )
    return sheet.pixels()


def _button(button: Button, look: Look, width: int, height: int) -> Sheet:
    sheet = Sheet(width, height, palette.BAR)
    colour, ink = (_OFF, _OFF_INK) if look.disabled else (palette.BUTTON, palette.PAPER_INK)
    if look.down:
        colour, ink = palette.ACCENT, palette.PAPER_INK
    sheet.brick(0, 0, width, height, colour)
    middle = width / 2
    sheet.glyph(_GLYPHS[MenuAction(button.name)], middle - 18, height * 0.14, 36, ink)
    sheet.text(look.label, middle, height * 0.7, 25, ink, on=colour, room=width - 14, align="centre", bold=True)
    if look.hovered and not look.disabled:
        sheet.frame((0, 0, width, height), palette.STATES["reconnecting"], 6)
    return sheet
