"""A panel of buttons. Only faces that changed are drawn again: a ray that wanders over it costs next to nothing."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from vr.panels.sheet import Pixels, Sheet
from vr.scene.button import Button


@dataclass(frozen=True, slots=True)
class Look:
    """How a button looks now."""

    label: str
    down: bool = False
    """Pressed, or on."""
    locked: bool = False
    """Stays down until it is pressed again."""
    hovered: bool = False
    disabled: bool = False


Face = Callable[[Button, Look, int, int], Sheet]
"""Draws one button at a width and a height in pixels."""


class ButtonPanel:
    """Keeps the panel's pixels and the faces that were drawn for it."""

    def __init__(self, ground: Sheet, face: Face) -> None:
        self._face = face
        self._pixels = np.array(ground.image)
        self._looks: dict[str, Look] = {}
        self._faces: dict[tuple[str, Look], Pixels] = {}

    def paste(self, x: int, y: int, pixels: Pixels) -> None:
        """Something between the buttons."""
        height, width = pixels.shape[:2]
        self._pixels[y : y + height, x : x + width] = pixels

    def draw(self, buttons: Iterable[tuple[Button, Look]]) -> bool:
        """Draw what looks other than before; whether anything did."""
        changed = [(button, look) for button, look in buttons if self._looks.get(button.name) != look]
        for button, look in changed:
            self._looks[button.name] = look
            self._put(button, look)
        return bool(changed)

    @property
    def pixels(self) -> Pixels:
        """The panel as it is now: a view that the next :meth:`draw` changes."""
        seen = self._pixels.view()
        seen.flags.writeable = False
        return seen

    def _put(self, button: Button, look: Look) -> None:
        height, width = self._pixels.shape[:2]
        x, y = round(button.x * width), round(button.y * height)
        right, bottom = round((button.x + button.width) * width), round((button.y + button.height) * height)
        face = self._faces.get((button.name, look))
        if face is None:
            face = self._face(button, look, right - x, bottom - y).pixels()
            self._faces[button.name, look] = face
        self.paste(x, y, face)
