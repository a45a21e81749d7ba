"""What one frame shows: pictures and where they stand."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vr.scene.geometry import Placement


class Canvas(Protocol):
    """A picture that the runtime can show, in a swapchain."""

    @property
    def width_px(self) -> int:
        """Columns."""

    @property
    def height_px(self) -> int:
        """Rows."""

    @property
    def filled(self) -> bool:
        """Whether it ever got pixels: one that did not must not be shown."""

    def upload(self, pixels: NDArray[np.uint8]) -> bool:
        """Show these from now on: (height, width, 4) RGBA, C order, top row first.

        False while the runtime reads all its images: offer the newest picture again in the next frame.
        """

    def close(self) -> None:
        """Give the swapchain back."""


@dataclass(slots=True)
class Layer:
    """One picture of a frame; layers are drawn in the order of their list, the last one on top."""

    canvas: Canvas
    placement: Placement
    opaque: bool
    """Without transparent pixels, so that nothing needs blending."""
    head_locked: bool = False
    """In the space of the head, not of the room: for the wait message alone, since it makes people sick."""
