"""Surfaces drawn by OpenGL into one projection layer."""

from collections.abc import Sequence
from typing import cast

import xr

from vr.errors import NoGraphicsError
from vr.graphics.canvas import Canvas
from vr.graphics.eyes import Eyes, recommended
from vr.graphics.opengl.canvas import OpenGlCanvas
from vr.graphics.opengl.functions import (
    BLEND,
    COLOR_ATTACHMENT0,
    COLOR_BUFFER_BIT,
    CULL_FACE,
    FRAMEBUFFER,
    FRAMEBUFFER_COMPLETE,
    FRAMEBUFFER_SRGB,
    GL,
    ONE,
    ONE_MINUS_SRC_ALPHA,
    SRC_ALPHA,
    SRGB8_ALPHA8,
    TEXTURE_2D,
    TRIANGLE_STRIP,
)
from vr.graphics.opengl.program import Program
from vr.graphics.surfaces import FLOATS, MOST, VERTICES, Surfaces
from vr.scene.geometry import Placement

SURFACE_BYTES = 4 * FLOATS
MATRIX_BYTES = 4 * 16


class OpenGlProjector:
    """See :class:`vr.graphics.canvas.Projector`."""

    def __init__(self, gl: GL, session: xr.Session, views: Sequence[xr.ViewConfigurationView]) -> None:
        self._gl = gl
        self._eyes = Eyes(session, recommended(views), format_=SRGB8_ALPHA8, image_type=xr.SwapchainImageOpenGLKHR)
        self._program = Program(gl)
        self._vertices = gl.make("VertexArrays")
        self._targets = [self._target(image) for image in self._eyes.cycle.images]
        self._surfaces = Surfaces(len(views), y_up=True)

    def draw(
        self, views: Sequence[xr.View], items: Sequence[tuple[Canvas, Placement, bool]]
    ) -> xr.CompositionLayerProjection | None:
        """The layer for these views; None before the first picture."""
        filled = [item for item in items if item[0].filled][-MOST:]
        self._surfaces.fill(views, [(placement, opaque) for _, placement, opaque in filled])
        textures = [cast("OpenGlCanvas", canvas).texture() for canvas, _, _ in filled]  # of the same graphics
        return self._eyes.show(views, lambda index: self._draw(index, textures))

    def close(self) -> None:
        """Give everything back."""
        for target in self._targets:
            self._gl.drop("Framebuffers", target)
        self._gl.drop("VertexArrays", self._vertices)
        self._program.close()
        self._eyes.cycle.close()

    def _draw(self, index: int, textures: Sequence[int]) -> None:
        gl, program = self._gl, self._program
        self._prepare(self._targets[index])
        first = self._surfaces.values.ctypes.data
        for eye, (left, top, width, height) in enumerate(self._eyes.areas):
            gl.glViewport(left, self._eyes.height_px - top - height, width, height)
            for place, texture in enumerate(textures):
                numbers = first + SURFACE_BYTES * (eye * MOST + place)
                gl.glBindTexture(TEXTURE_2D, texture)
                gl.glUniformMatrix4fv(program.to_clip, 1, 0, numbers)
                gl.glUniform4fv(program.shape, 1, numbers + MATRIX_BYTES)
                gl.glDrawArrays(TRIANGLE_STRIP, 0, VERTICES)
        gl.glBindFramebuffer(FRAMEBUFFER, 0)
        gl.glFlush()

    def _prepare(self, target: int) -> None:
        """Set all state that drawing depends on: the runtime may have used the context in between."""
        gl = self._gl
        gl.glBindFramebuffer(FRAMEBUFFER, target)
        gl.glViewport(0, 0, self._eyes.width_px, self._eyes.height_px)
        gl.glClearColor(0.0, 0.0, 0.0, 0.0)
        gl.glClear(COLOR_BUFFER_BIT)
        for capability in (BLEND, CULL_FACE, FRAMEBUFFER_SRGB):
            gl.glEnable(capability)
        # Pictures have straight alpha; what they add up to is premultiplied.
        gl.glBlendFuncSeparate(SRC_ALPHA, ONE_MINUS_SRC_ALPHA, ONE, ONE_MINUS_SRC_ALPHA)
        gl.glUseProgram(self._program.name)
        gl.glBindVertexArray(self._vertices)

    def _target(self, image: int) -> int:
        gl = self._gl
        target = gl.make("Framebuffers")
        gl.glBindFramebuffer(FRAMEBUFFER, target)
        gl.glFramebufferTexture2D(FRAMEBUFFER, COLOR_ATTACHMENT0, TEXTURE_2D, image, 0)
        if gl.glCheckFramebufferStatus(FRAMEBUFFER) != FRAMEBUFFER_COMPLETE:
            raise NoGraphicsError("OpenGL cannot draw into the runtime's pictures; use Vulkan.")
        return target
