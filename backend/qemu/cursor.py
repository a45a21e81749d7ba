"""The hardware cursor of VGA types that leave it to the viewer (vmware, virtio, qxl); cirrus and std draw their own."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MAX_CURSOR = 512


@dataclass(frozen=True, slots=True)
class Cursor:
    """Picture and place of the cursor: ``x`` and ``y`` of its top left corner in guest pixels."""

    pixels: NDArray[np.uint8]
    """(height, width, 4), BGRA, straight alpha."""
    x: int
    y: int

    def rows(self) -> tuple[int, int]:
        """First and last + 1 row that it covers; may lie outside the picture."""
        return self.y, self.y + self.pixels.shape[0]

    def drawn(self, band: NDArray[np.uint8], top: int) -> NDArray[np.uint8]:
        """A copy of ``band``, which starts at row ``top`` of the picture, with the cursor on it."""
        band = band.copy()
        height, width = self.pixels.shape[:2]
        y0, y1 = max(self.y, top), min(self.y + height, top + band.shape[0])
        x0, x1 = max(self.x, 0), min(self.x + width, band.shape[1])
        if y0 >= y1 or x0 >= x1:
            return band
        source = self.pixels[y0 - self.y : y1 - self.y, x0 - self.x : x1 - self.x].astype(np.uint16)
        target = band[y0 - top : y1 - top, x0:x1, :3]
        alpha = source[..., 3:]
        target[...] = (source[..., :3] * alpha + target * (255 - alpha) + 127) // 255
        return band
