"""OpenGL as the rest of the program sees it."""

import ctypes
from collections.abc import Callable, Sequence

import xr

from vr.errors import NoGraphicsError
from vr.graphics.opengl.canvas import OpenGlCanvas
from vr.graphics.opengl.context import Context
from vr.graphics.opengl.functions import SRGB8_ALPHA8
from vr.graphics.opengl.projector import OpenGlProjector
from vr.graphics.spares import Spares
from vr.graphics.swapchain import demand_format

SOFTWARE = ("llvmpipe", "softpipe", "swrast")
"""How Mesa calls what draws on the processor."""


class OpenGlGraphics:
    """See :class:`vr.graphics.canvas.Graphics`. The context is current in the thread that opened it, and stays so."""

    def __init__(self, extensions: tuple[str, ...], make_context: Callable[[], Context]) -> None:
        self.extensions = extensions
        self._make_context = make_context
        self._context: Context | None = None
        self._spares: Spares[OpenGlCanvas] = Spares()
        self._renderer = ""

    @property
    def name(self) -> str:
        """For people."""
        return f"OpenGL ({self._renderer})" if self._renderer else "OpenGL"

    @property
    def software(self) -> bool:
        """Whether the processor draws."""
        return self._renderer.startswith(SOFTWARE)

    def open(self, instance: xr.Instance, system: xr.SystemId) -> ctypes.Structure:
        """Make the context; returns what goes into ``SessionCreateInfo.next``."""
        xr.get_opengl_graphics_requirements_khr(instance, system)  # OpenXR demands the question
        self._context = self._make_context()
        self._renderer = self._context.gl.renderer
        return self._context.binding()

    def canvas(self, session: xr.Session, width_px: int, height_px: int) -> OpenGlCanvas:
        """A canvas that layers show or the projector draws."""
        context, size_px = self._opened(session), (width_px, height_px)
        if spare := self._spares.take(size_px):
            spare.reopen()
            return spare
        return OpenGlCanvas(context.gl, session, size_px, self._spares)

    def projector(self, session: xr.Session, views: Sequence[xr.ViewConfigurationView]) -> OpenGlProjector:
        """A projector in the size that the runtime recommends."""
        return OpenGlProjector(self._opened(session).gl, session, views)

    def close(self) -> None:
        """End the context, after canvases, projector and session."""
        self._spares.end()
        context, self._context = self._context, None
        if context:
            context.close()

    def _opened(self, session: xr.Session) -> Context:
        if not self._context:
            raise NoGraphicsError("OpenGL was asked for a canvas before it was opened.")
        demand_format(session, SRGB8_ALPHA8, self.name)
        return self._context
