"""Where a point of space is on the composited picture of Monado's remote headset, and the opposite.

The fields of view and the distance of the eyes are those that ``xrLocateViews`` gives for it. Valid while the head
looks straight ahead from where LOCAL space has its centre.
"""

import math
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tests.vr.remote_state import Triple

TAN_X = math.tan(0.7417649)
TAN_Y = math.tan(0.7787636)
EYE_X_M = {"left": -0.032, "right": 0.032}
Eye = Literal["left", "right"]


def half(picture: NDArray[np.uint8], eye: Eye) -> NDArray[np.uint8]:
    """The part of a composited picture that one eye sees."""
    middle = picture.shape[1] // 2
    return picture[:, :middle] if eye == "left" else picture[:, middle:]


def pixel(point: Triple, eye: Eye, width_px: int, height_px: int) -> tuple[float, float]:
    """Column and row in the eye's half, which has this size, of a point in metres of LOCAL space."""
    x, y, z = point[0] - EYE_X_M[eye], point[1], point[2]
    assert z < 0, "behind the eye"
    return (0.5 + x / -z / TAN_X / 2) * width_px, (0.5 - y / -z / TAN_Y / 2) * height_px


def ray(column: float, row: float, eye: Eye, width_px: int, height_px: int) -> tuple[Triple, Triple]:
    """Where the eye is, and a point on the ray that it sees a pixel by, both in metres of LOCAL space."""
    x = (2 * column / width_px - 1) * TAN_X
    y = (1 - 2 * row / height_px) * TAN_Y
    return (EYE_X_M[eye], 0.0, 0.0), (EYE_X_M[eye] + x, y, -1.0)


def centroid(mask: NDArray[np.float64]) -> tuple[float, float]:
    """Column and row of the middle of what is there, by weight; pixel centres lie at halves."""
    total = mask.sum()
    assert total > 0, "nothing is there"
    rows, columns = np.indices(mask.shape)
    return float((columns * mask).sum() / total) + 0.5, float((rows * mask).sum() / total) + 0.5
