"""Cursor and ray of a hand."""

import functools

import numpy as np
from PIL import Image, ImageDraw

from loco_kiosk.look import palette
from vr.panels.sheet import Pixels

CURSOR_PX = 48
CURSOR_ANGLE_DEG = 1.6
"""Larger ones hide what they point at."""
RAY_WIDTH, RAY_HEIGHT = 8, 256
_FINE = 4


@functools.lru_cache(maxsize=8)
def cursor(*, pressed: bool = False, colour: str = palette.ACCENT) -> Pixels:
    """A ring around the very point, which stays visible; filled while pressed. White, dark and coloured, so that it is
    seen on any picture.
    """
    edge = CURSOR_PX * _FINE
    image = Image.new("RGBA", (edge, edge), f"{palette.CHIP}00")
    draw = ImageDraw.Draw(image)
    for radius, ink in ((0.46, palette.CHIP), (0.40, "#ffffff"), (0.32, colour), (0.20, palette.CHIP)):
        _disc(draw, edge, radius, ink)
    _disc(draw, edge, 0.14, colour if pressed else f"{palette.CHIP}00")
    _disc(draw, edge, 0.055, "#ffffff")
    return _kept(np.array(image.resize((CURSOR_PX, CURSOR_PX), Image.Resampling.BOX)))


@functools.lru_cache(maxsize=8)
def ray(colour: str = palette.ACCENT) -> Pixels:
    """A thin line, faint at the hand (the lower edge), clear where it hits; soft to the sides."""
    across = 1.0 - np.abs(np.linspace(-1.0, 1.0, RAY_WIDTH)) ** 3
    along = np.linspace(1.0, 0.15, RAY_HEIGHT)
    pixels = np.empty((RAY_HEIGHT, RAY_WIDTH, 4), np.uint8)
    pixels[..., :3] = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    pixels[..., 3] = np.round(along[:, None] * across[None, :] * 230)
    return _kept(pixels)


def _disc(draw: ImageDraw.ImageDraw, edge: int, radius: float, colour: str) -> None:
    low, high = edge * (0.5 - radius), edge * (0.5 + radius)
    draw.ellipse((low, low, high, high), fill=colour)


def _kept(pixels: Pixels) -> Pixels:
    pixels.flags.writeable = False
    return pixels
