"""What the rest of the program sees of graphics: canvases to put pictures on, and a projector that draws them."""

import ctypes
from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
import xr
from numpy.typing import NDArray

from vr.scene.geometry import Placement


class Canvas(Protocol):
    """A picture that is uploaded when it changes and shown in each frame. Used by the thread of the frame loop only."""

    @property
    def swapchain(self) -> xr.Swapchain:
        """For the layer that shows it; made and filled when first asked for: one that is only drawn has none."""

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
        """Show these from now on: (height, width, 4) RGBA in sRGB, top row first, transparency as straight alpha.

        False where the runtime still reads all images: nothing has changed then, offer the newest again next frame.
        The array is not needed any more afterwards. Raises as the runtime's calls do when it is lost.
        """

    def close(self) -> None:
        """Not used any more; before its session ends."""


class Item(NamedTuple):
    """One picture that the projector draws."""

    canvas: Canvas
    placement: Placement
    opaque: bool
    """Its alpha is not looked at."""


class Projector(Protocol):
    """Draws pictures as geometry into one projection layer, for what the runtime cannot show as layers of their own."""

    def draw(
        self, views: Sequence[xr.View], items: Sequence[tuple[Canvas, Placement, bool]]
    ) -> xr.CompositionLayerProjection | None:
        """The layer for these views, in whose space views and placements are; later items on top of earlier ones.

        The layer is the same object every time; its ``space`` is the caller's to set. None before the first picture;
        the layer of the frame before where the runtime still reads all images.
        """

    def close(self) -> None:
        """Give everything back; before its session ends, and after nothing draws any more."""


class Graphics(Protocol):
    """A way to draw. Opened once for an instance of the runtime; used by the thread of the frame loop only."""

    @property
    def extensions(self) -> tuple[str, ...]:
        """What the instance must have been made with."""

    @property
    def name(self) -> str:
        """For people, with what draws once it is open: "Vulkan (llvmpipe)"."""

    @property
    def software(self) -> bool:
        """Whether the processor draws."""

    def open(self, instance: xr.Instance, system: xr.SystemId) -> ctypes.Structure:
        """Make device or context; returns what goes into ``SessionCreateInfo.next``. Raises NoGraphicsError."""

    def canvas(self, session: xr.Session, width_px: int, height_px: int) -> Canvas:
        """A canvas that layers show or the projector draws."""

    def projector(self, session: xr.Session, views: Sequence[xr.ViewConfigurationView]) -> Projector:
        """A projector whose pictures have the size that the runtime recommends for these views."""

    def close(self) -> None:
        """End it all, after canvases, projector and session; a second call does nothing."""
