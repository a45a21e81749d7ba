"""A sheet to draw a panel on. Lengths in pixels."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from loco_kiosk.look import palette
from vr.panels import font, glyph

Pixels = NDArray[np.uint8]
"""(height, width, 4), RGBA, top row first."""

PIXELS_PER_DEGREE = 25.0
LEAST_TEXT_PX = 18
"""Capitals of 30 arcminutes at 25 pixels per degree, of 20 where a panel looks a third smaller than meant."""
_BOLD = 0.018
"""Stroke by size: Pillow's font has one weight."""
_LINE = 1.22
"""Height of a line by the size of its letters."""


class Sheet:
    """Colours are ``#rrggbb``; text names the colour it stands ``on``."""

    def __init__(self, width: int, height: int, ground: str, *, opaque: bool = True) -> None:
        # Clear pixels have the ground's colour too, or its edges would look dark where they are blended.
        self.image = Image.new("RGBA", (width, height), ground if opaque else f"{ground}00")
        self._draw = ImageDraw.Draw(self.image)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.image.size

    def box(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """A filled rectangle."""
        corners = (round(x), round(y), round(x + width) - 1, round(y + height) - 1)
        self._draw.rectangle(corners, fill=colour)

    def frame(self, box: tuple[float, float, float, float], colour: str, line: int) -> None:
        """The outline of a rectangle (x, y, width, height), within it."""
        x, y, width, height = box
        self._draw.rectangle((round(x), round(y), round(x + width) - 1, round(y + height) - 1), None, colour, line)

    def brick(self, x: float, y: float, width: float, height: float, colour: str, *, studs: int = 0) -> None:
        """A brick from the front, as in the window: lit above, shaded below; its studs stand on top of ``y``."""
        edge = max(2, round(height / 24))
        pitch = width / studs if studs else 0.0
        for number in range(studs):
            left, stud = x + (number + 0.25) * pitch, 3 * edge
            self.box(left, y - stud, pitch / 2, stud, palette.mix(colour, "#000000", 0.11))
            self.box(left, y - stud, pitch / 2, edge, palette.mix(colour, "#ffffff", 0.25))
        self.box(x, y, width, height, palette.mix(colour, "#000000", 0.26))
        self.box(x, y, width, height - edge, colour)
        self.box(x, y, width, edge, palette.mix(colour, "#ffffff", 0.22))

    def glyph(self, name: str, x: float, y: float, size: float, colour: str) -> None:
        """One of the outlines, in a square box."""
        shape = glyph.mask(name, round(size))
        self.image.paste(colour, (round(x), round(y)), shape)

    def text(
        self,
        text: str,
        x: float,
        y: float,
        size: float,
        ink: str,
        *,
        on: str,  # noqa: ARG002 - tests look whether ink reads on it
        room: float,
        least: float = LEAST_TEXT_PX,
        bold: bool = False,
        align: Literal["left", "centre", "right"] = "left",
    ) -> float:
        """One line at the height ``y`` of its middle; smaller, then cut, where the room is short. Returns its width."""
        text, fitted = font.fit(text, round(size), round(min(least, size)), room)
        width = font.width(text, fitted)
        left = x - {"left": 0.0, "centre": width / 2, "right": width}[align]
        base = y + font.CAP_HEIGHT * fitted / 2
        for piece, letters in font.runs(text, fitted):
            stroke = _BOLD * fitted if bold else 0
            self._draw.text((left, base), piece, ink, letters, anchor="ls", stroke_width=stroke)
            left += letters.getlength(piece)
        return width

    def paragraph(
        self, text: str, x: float, y: float, size: float, ink: str, *, on: str, room: float, lines: int
    ) -> float:
        """Lines around the middle ``x``, from ``y`` down. Returns the height."""
        broken = font.wrap(text, round(size), room, lines) if text else []
        for number, line in enumerate(broken):
            middle = y + (number + 0.5) * size * _LINE
            self.text(line, x, middle, size, ink, on=on, room=room, align="centre")
        return len(broken) * size * _LINE

    def pixels(self) -> Pixels:
        """The sheet as an array that nobody may write to, since it is kept."""
        return np.asarray(self.image)


def paragraph_height(text: str, size: float, room: float, lines: int) -> float:
    """What :meth:`Sheet.paragraph` will return."""
    return len(font.wrap(text, round(size), room, lines)) * size * _LINE if text else 0.0
