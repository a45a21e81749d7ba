"""Pictures for the tests of the encoders."""

import numpy as np

from backend.streamer.convert import Converter


def noise(converter: Converter, seed: int) -> None:
    """The worst picture: nothing in it can be foretold."""
    width, height = converter.size
    converter.update(
        np.random.default_rng(seed).integers(0, 256, (height, width, 4), np.uint8), (0, height), (0, width)
    )


def desktop(converter: Converter, step: int) -> None:
    """Flat areas and one thing that moves."""
    width, height = converter.size
    pixels = np.full((height, width, 4), 96, np.uint8)
    left = step * 2 % (width - 32)
    pixels[height // 2 : height // 2 + 16, left : left + 32] = 220
    converter.update(pixels, (0, height), (0, width))
