"""What tests put on canvases, and how they look for it on the headset's displays."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from vr.scene.geometry import NO_TURN, Placement, Pose, Rotation, Vector

Pixels = NDArray[np.uint8]
WIDTH_PX, HEIGHT_PX = 320, 240
RED, GREEN, BLUE, YELLOW = (220, 30, 30), (30, 200, 40), (40, 60, 230), (230, 220, 20)
MIDDLE = Placement(Pose(NO_TURN, Vector(0.0, 0.0, -2.0)), 1.0, 0.75, 2.0)
EYE_PX = 640
"""Width and height of what one eye sees on the composited display."""
FIELD = 2 * math.tan(math.radians(42.5)), 2 * math.tan(math.radians(44.6))
"""How wide and high that is at a distance of one metre."""


def plain(colour: tuple[int, int, int], alpha: int = 255) -> Pixels:
    """One colour."""
    pixels = np.empty((HEIGHT_PX, WIDTH_PX, 4), np.uint8)
    pixels[...] = (*colour, alpha)
    return pixels


def corners() -> Pixels:
    """Another colour in each corner: red and green above, blue and yellow below."""
    pixels = plain(RED)
    half, middle = HEIGHT_PX // 2, WIDTH_PX // 2
    pixels[:half, middle:, :3] = GREEN
    pixels[half:, :middle, :3] = BLUE
    pixels[half:, middle:, :3] = YELLOW
    return pixels


def detailed() -> Pixels:
    """Steps of grey with lines of two pixels: shows wrong filtering, wrong gamma and wrong places."""
    pixels = plain((0, 0, 0))
    pixels[..., :3] = (np.arange(WIDTH_PX) // 20 * 16)[None, :, None]
    pixels[::30, :, :3] = pixels[1::30, :, :3] = 255
    pixels[:40, :60, :3] = RED
    return pixels


def aside(yaw: float, up_m: float = 0.0) -> Placement:
    """A bent screen of 27 degrees at 2 m, turned around the viewer to the left."""
    width = 2.0 * math.radians(27)
    turn = Rotation(0.0, math.sin(yaw / 2), 0.0, math.cos(yaw / 2))
    return Placement(Pose(turn, Vector(-2 * math.sin(yaw), up_m, -2 * math.cos(yaw))), width, width * 0.75, 2.0)


def at(picture: Pixels, x_m: float, y_m: float, distance_m: float = 2.0) -> tuple[int, int, int]:
    """Colour where the left eye sees a point that many metres to the right, up and ahead of the middle."""
    eye_m = 0.0315  # half of what Monado takes for the distance of the eyes
    column = (0.5 + (x_m + eye_m) / distance_m / FIELD[0]) * EYE_PX
    row = (0.5 - y_m / distance_m / FIELD[1]) * EYE_PX
    red, green, blue = picture[round(row), round(column)].tolist()
    return red, green, blue


def close(colour: tuple[int, int, int], wanted: tuple[int, int, int], tolerance: int = 2) -> bool:
    """Whether two colours are the same but for rounding."""
    return all(abs(mine - other) <= tolerance for mine, other in zip(colour, wanted, strict=True))


def middle_is(colour: tuple[int, int, int]) -> Callable[[Pixels], bool]:
    """Tells whether a picture has this colour straight ahead."""
    return lambda picture: close(at(picture, 0, 0), colour)


def alike(one: Pixels, other: Pixels) -> bool:
    """Whether two pictures of the displays are the same, but for the edges of surfaces."""
    difference = np.abs(one.astype(int) - other.astype(int)).max(axis=2)
    return bool((difference > 8).mean() < 0.004 and difference.mean() < 0.5)
