"""A canvas by OpenGL: the picture is turned over once, for OpenGL's images lie bottom up, and copied into its image."""

import numpy as np
import xr
from numpy.typing import NDArray

from vr.graphics.opengl.functions import (
    CLAMP_TO_EDGE,
    GL,
    LINEAR,
    RGBA,
    SRGB8_ALPHA8,
    TEXTURE_2D,
    TEXTURE_MAG_FILTER,
    TEXTURE_MIN_FILTER,
    TEXTURE_WRAP_S,
    TEXTURE_WRAP_T,
    UNSIGNED_BYTE,
)
from vr.graphics.spares import Spares
from vr.graphics.swapchain import ImageCycle

_SAMPLING = {
    TEXTURE_MIN_FILTER: LINEAR,
    TEXTURE_MAG_FILTER: LINEAR,
    TEXTURE_WRAP_S: CLAMP_TO_EDGE,
    TEXTURE_WRAP_T: CLAMP_TO_EDGE,
}


class OpenGlCanvas:
    """See :class:`vr.graphics.canvas.Canvas`."""

    def __init__(self, gl: GL, session: xr.Session, size_px: tuple[int, int], spares: Spares["OpenGlCanvas"]) -> None:
        self.width_px, self.height_px = size_px
        self._gl = gl
        self._session = session
        self._spares = spares
        self._open = True
        self.filled = False
        """Whether it ever got pixels."""
        self._cycle: ImageCycle | None = None
        self._turned: NDArray[np.uint8] = np.zeros((self.height_px, self.width_px, 4), np.uint8)
        self._rows_up = self._turned[::-1]
        self._address = self._turned.ctypes.data
        self._version = 0
        self._texture = 0
        self._texture_version = 0

    @property
    def swapchain(self) -> xr.Swapchain:
        """For the layer that shows it."""
        if self._cycle is None:
            self._cycle = _cycle(self._session, (self.width_px, self.height_px))
            if self.filled and (image := self._cycle.acquire()) is not None:
                self._hand_over(self._cycle, image)
        return self._cycle.swapchain

    def upload(self, pixels: NDArray[np.uint8]) -> bool:
        """Show these pixels from now on; False where the runtime reads all images still."""
        image = self._cycle.acquire() if self._cycle else None
        if self._cycle and image is None:
            return False
        np.copyto(self._rows_up, pixels)
        self._version += 1
        self.filled = True
        if self._cycle and image is not None:
            self._hand_over(self._cycle, image)
        return True

    def texture(self) -> int:
        """What the projector samples, brought up to date."""
        if not self._texture:
            self._texture = self._make_texture()
        if self._texture_version != self._version:
            self._texture_version = self._version
            self._fill(self._texture)
        return self._texture

    def close(self) -> None:
        """Leave it to the next of its size."""
        if self._open:
            self._open = self.filled = False
            self._spares.keep(self)

    def reopen(self) -> None:
        """Use it again, as if it were new."""
        self._open = True

    def destroy(self, *, session_ended: bool) -> None:
        """Free everything."""
        if self._texture:
            self._gl.drop("Textures", self._texture)
        if self._cycle and not session_ended:
            self._cycle.close()

    def _hand_over(self, cycle: ImageCycle, image: int) -> None:
        self._fill(cycle.images[image])
        cycle.release()

    def _fill(self, image: int) -> None:
        gl = self._gl
        gl.glBindTexture(TEXTURE_2D, image)
        gl.glTexSubImage2D(TEXTURE_2D, 0, 0, 0, self.width_px, self.height_px, RGBA, UNSIGNED_BYTE, self._address)

    def _make_texture(self) -> int:
        gl = self._gl
        texture = gl.make("Textures")
        gl.glBindTexture(TEXTURE_2D, texture)
        size = self.width_px, self.height_px
        gl.glTexImage2D(TEXTURE_2D, 0, SRGB8_ALPHA8, *size, 0, RGBA, UNSIGNED_BYTE, None)
        for name, value in _SAMPLING.items():
            gl.glTexParameteri(TEXTURE_2D, name, value)
        return texture


def _cycle(session: xr.Session, size_px: tuple[int, int]) -> ImageCycle:
    return ImageCycle(
        session,
        format_=SRGB8_ALPHA8,
        size_px=size_px,
        usage=xr.SwapchainUsageFlags.TRANSFER_DST_BIT | xr.SwapchainUsageFlags.COLOR_ATTACHMENT_BIT,
        image_type=xr.SwapchainImageOpenGLKHR,
    )
