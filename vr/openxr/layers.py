"""From the scene's pictures to the composition layers of one frame (OpenXR 1.1, section 10.6)."""

import ctypes
from collections.abc import Callable, Sequence
from typing import cast

import xr

from vr.graphics.canvas import Canvas as SwapchainCanvas
from vr.openxr import layer_path, poses
from vr.openxr.layer_path import Path, Wish
from vr.openxr.session import FrameTime
from vr.openxr.spaces import Spaces
from vr.scene.layer import Canvas, Layer

# Alpha is not multiplied into the colours, which an sRGB picture could not bear without dark rims.
_SEE_THROUGH = (
    xr.CompositionLayerFlags.BLEND_TEXTURE_SOURCE_ALPHA_BIT | xr.CompositionLayerFlags.UNPREMULTIPLIED_ALPHA_BIT
)

Draw = Callable[[FrameTime, Sequence[Layer]], xr.CompositionLayerProjection | None]
"""Draws pictures, from back to front, into one projection layer; None where the views are not tracked."""


class Composer:
    """Makes the layers of each frame, keeping the structs of pictures that stayed where they were.

    Making a struct by pyopenxr costs more than submitting it, and most pictures hang still.
    """

    def __init__(self, spaces: Spaces, wish: Wish, *, cylinders: bool, limit: int, draw: Draw) -> None:
        self._spaces, self._wish, self._cylinders, self._limit, self._draw = spaces, wish, cylinders, limit, draw
        self._kept: list[tuple[tuple[object, ...], ctypes.Structure]] = []

    def compose(self, frame: FrameTime, layers: Sequence[Layer], reserved: int = 0) -> list[ctypes.Structure]:
        """The structs to submit, back to front; they must be kept until xrEndFrame has returned.

        ``reserved`` layers are taken by others, such as the passthrough. Canvases that never got pixels are left out.
        """
        shown = [layer for layer in layers if layer.canvas.filled]
        share = layer_path.share(self._wish, len(shown), self._limit - reserved)
        structs = [self._struct(index, layer) for index, layer in enumerate(shown[share.drawn :])]
        del self._kept[share.own :]
        if share.drawn:
            drawn = self._draw(frame, shown[: share.drawn])
            structs = ([drawn] if drawn is not None else []) + structs
        return structs

    def _struct(self, index: int, layer: Layer) -> ctypes.Structure:
        space = self._spaces.head if layer.head_locked else self._spaces.world
        key = (layer.canvas, layer.placement, layer.opaque, space)
        if index < len(self._kept) and _same(self._kept[index][0], key):
            return self._kept[index][1]
        struct = self._make(layer, space)
        self._kept[index : index + 1] = [(key, struct)]
        return struct

    def _make(self, layer: Layer, space: xr.Space) -> ctypes.Structure:
        placement = layer.placement
        common = {
            "layer_flags": xr.CompositionLayerFlags.NONE if layer.opaque else _SEE_THROUGH,
            "space": space,
            "eye_visibility": xr.EyeVisibility.BOTH,
            "sub_image": _whole(layer.canvas),
        }
        bent = placement.radius_m is not None
        if layer_path.path_of(self._wish, bent=bent, cylinders=self._cylinders) is Path.QUAD:
            size = xr.Extent2Df(placement.width_m, placement.height_m)
            return cast(
                ctypes.Structure, xr.CompositionLayerQuad(pose=poses.to_xr(placement.pose), size=size, **common)
            )
        return cast(
            ctypes.Structure,
            xr.CompositionLayerCylinderKHR(
                # Of the cylinder's axis, not of its surface (XR_KHR_composition_layer_cylinder).
                pose=poses.to_xr(placement.axis),
                radius=placement.radius_m,
                central_angle=placement.angle,
                aspect_ratio=placement.width_m / placement.height_m,
                **common,
            ),
        )


def _same(kept: tuple[object, ...], key: tuple[object, ...]) -> bool:
    return kept[0] is key[0] and kept[3] is key[3] and kept[1:3] == key[1:3]


def _whole(canvas: Canvas) -> xr.SwapchainSubImage:
    extent = xr.Extent2Di(canvas.width_px, canvas.height_px)
    return xr.SwapchainSubImage(
        swapchain=cast(SwapchainCanvas, canvas).swapchain,
        image_rect=xr.Rect2Di(offset=xr.Offset2Di(0, 0), extent=extent),
        image_array_index=0,
    )
