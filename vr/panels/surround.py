"""What is seen beside the wall where no camera shows the room: a calm evening, with a horizon to hold on to."""

import functools

import numpy as np

from vr.panels.sheet import Pixels

WIDTH, HEIGHT = 64, 1024
"""Every column is alike but for its grain, so it can be stretched around the wearer."""
_HEIGHTS = (0.0, 0.38, 0.496, 0.5, 0.504, 0.62, 1.0)
_COLOURS = ((6, 9, 16), (16, 27, 44), (44, 66, 92), (52, 76, 104), (28, 40, 54), (13, 19, 27), (5, 8, 12))
"""sRGB from the zenith through the horizon to the floor; dark, so that the screens are the brightest things."""


@functools.cache
def surround() -> Pixels:
    """Sky above the middle, floor below, opaque. Grain of one step keeps the slow change of colour free of bands."""
    rows = np.linspace(0.0, 1.0, HEIGHT)
    smooth = np.stack([np.interp(rows, _HEIGHTS, [colour[part] for colour in _COLOURS]) for part in range(3)], axis=-1)
    grain = np.random.default_rng(7).random((HEIGHT, WIDTH, 1))
    pixels = np.full((HEIGHT, WIDTH, 4), 255, np.uint8)
    pixels[..., :3] = np.floor(smooth[:, None, :] + grain)
    pixels.flags.writeable = False
    return pixels
