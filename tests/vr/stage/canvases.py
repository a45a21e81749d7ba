"""Canvases that keep their pixels in memory, as the contract of :class:`vr.scene.layer.Canvas` has it."""

import numpy as np
from numpy.typing import NDArray


class CanvasOfMemory:
    """Counts what is done to it; ``busy`` refuses uploads, as a runtime that reads all images."""

    def __init__(self, width_px: int, height_px: int) -> None:
        self.width_px, self.height_px = width_px, height_px
        self.filled = False
        self.closed = False
        self.busy = False
        self.uploads = 0
        self.pixels: NDArray[np.uint8] | None = None

    def upload(self, pixels: NDArray[np.uint8]) -> bool:
        assert not self.closed
        assert pixels.shape == (self.height_px, self.width_px, 4)
        assert pixels.dtype == np.uint8
        assert pixels.flags.c_contiguous
        if self.busy:
            return False
        self.pixels = pixels.copy()
        self.uploads += 1
        self.filled = True
        return True

    def close(self) -> None:
        assert not self.closed, "closed twice"
        self.closed = True


class Workshop:
    """Makes canvases and remembers them."""

    def __init__(self) -> None:
        self.made: list[CanvasOfMemory] = []

    def make(self, width_px: int, height_px: int) -> CanvasOfMemory:
        canvas = CanvasOfMemory(width_px, height_px)
        self.made.append(canvas)
        return canvas

    @property
    def open(self) -> list[CanvasOfMemory]:
        return [canvas for canvas in self.made if not canvas.closed]

    @property
    def uploads(self) -> int:
        return sum(canvas.uploads for canvas in self.made)
