"""The projection layer: one image that holds both eyes side by side."""

import ctypes
from collections.abc import Callable, Sequence

import xr

from vr.graphics.swapchain import ImageCycle


class Eyes:
    """Swapchain and layer of a projector. ``draw`` is asked to fill the image with an index."""

    def __init__(
        self,
        session: xr.Session,
        sizes_px: Sequence[tuple[int, int]],
        *,
        format_: int,
        image_type: type[ctypes.Structure],
    ) -> None:
        self.width_px = sum(width for width, _ in sizes_px)
        self.height_px = max(height for _, height in sizes_px)
        self.cycle = ImageCycle(
            session,
            format_=format_,
            size_px=(self.width_px, self.height_px),
            usage=xr.SwapchainUsageFlags.COLOR_ATTACHMENT_BIT,
            image_type=image_type,
        )
        self.areas: list[tuple[int, int, int, int]] = []
        """Left, top, width and height of each eye's part."""
        left = 0
        for width, height in sizes_px:
            self.areas.append((left, 0, width, height))
            left += width
        self._views = (xr.CompositionLayerProjectionView * len(sizes_px))(*map(self._view, self.areas))
        self._layer = xr.CompositionLayerProjection(
            layer_flags=xr.CompositionLayerFlags.BLEND_TEXTURE_SOURCE_ALPHA_BIT, views=self._views
        )
        self._shown = False

    def show(self, views: Sequence[xr.View], draw: Callable[[int], None]) -> xr.CompositionLayerProjection | None:
        """Have an image drawn for these views; without a free image, the layer stays as it is."""
        index = self.cycle.acquire()
        if index is not None:
            draw(index)
            self.cycle.release()
            self._shown = True
            for mine, view in zip(self._views, views, strict=True):
                mine.pose, mine.fov = view.pose, view.fov
        return self._layer if self._shown else None

    def _view(self, area: tuple[int, int, int, int]) -> xr.CompositionLayerProjectionView:
        left, top, width, height = area
        rectangle = xr.Rect2Di(xr.Offset2Di(left, top), xr.Extent2Di(width, height))
        return xr.CompositionLayerProjectionView(sub_image=xr.SwapchainSubImage(self.cycle.swapchain, rectangle, 0))


def recommended(views: Sequence[xr.ViewConfigurationView]) -> list[tuple[int, int]]:
    """Width and height of each eye's picture."""
    return [(view.recommended_image_rect_width, view.recommended_image_rect_height) for view in views]
