"""The baseline of ``./loco bench vr``: one process, as pyopenxr's examples and PyAV's documentation show it.

asyncio decodes to RGB arrays; a thread beside it runs the frame loop, uploads textures and draws nine textured
rectangles for each eye into a projection layer. Prints one JSON document.
"""

import argparse
import asyncio
import json
import math
import threading
import time
from typing import Any

import av
import numpy as np
import xr
from av.video.codeccontext import VideoCodecContext
from numpy.typing import NDArray
from OpenGL import GL
from xr.utils.gl import ContextObject
from xr.utils.gl.glfw_util import GLFWOffscreenContextProvider
from xr.utils.matrix4x4f import GraphicsAPI, Matrix4x4f

from tests.benchmarks._vr_clip import SIZE_PX, clip, schedule

VERTEX = """#version 430
layout(location = 0) uniform mat4 to_clip;
layout(location = 1) uniform vec4 corner;   // x, y, z of the middle, yaw
layout(location = 2) uniform vec2 extent;
out vec2 uv;
void main() {
    vec2 at = vec2(gl_VertexID & 1, gl_VertexID >> 1);
    vec2 flat_at = (at - 0.5) * extent;
    vec3 point = vec3(flat_at.x * cos(corner.w), flat_at.y, -flat_at.x * sin(corner.w)) + corner.xyz;
    uv = vec2(at.x, 1.0 - at.y);
    gl_Position = to_clip * vec4(point, 1.0);
}
"""
FRAGMENT = """#version 430
in vec2 uv;
out vec4 colour;
uniform sampler2D picture;
void main() { colour = texture(picture, uv); }
"""


class Pictures:
    """The newest picture of each screen, as arrays, with when it was decoded."""

    def __init__(self, screens: int) -> None:
        self.newest: list[tuple[int, float, NDArray[np.uint8]] | None] = [None] * screens
        self.decoded = 0

    async def receive(self, screens: int) -> None:
        """Decode what comes, for ever."""
        decoders = [VideoCodecContext.create("h264", "r") for _ in range(screens)]
        for at_s, screen, data in schedule(clip(), screens):
            await asyncio.sleep(max(0.0, at_s - time.monotonic()))
            for frame in decoders[screen].decode(av.Packet(data)):
                self.decoded += 1
                pixels = frame.to_ndarray(format="rgb24").astype(np.uint8, copy=False)
                self.newest[screen] = (self.decoded, time.monotonic(), pixels)


class Wall:
    """Draws the pictures."""

    def __init__(self, pictures: Pictures, screens: int) -> None:
        self._pictures = pictures
        self._screens = screens
        self._drawn = [0] * screens
        self.work_ms: list[float] = []
        self.ages_ms: list[float] = []

    def run(self) -> None:
        """The frame loop, for ever."""
        extensions = xr.InstanceCreateInfo(enabled_extension_names=[xr.KHR_OPENGL_ENABLE_EXTENSION_NAME])
        local = xr.ReferenceSpaceCreateInfo(xr.ReferenceSpaceType.LOCAL)
        provider = GLFWOffscreenContextProvider((4, 5))
        with ContextObject(provider, instance_create_info=extensions, reference_space_create_info=local) as context:
            self._prepare()
            waited_s = time.monotonic()
            for frame in context.frame_loop():
                began_s = time.monotonic()
                self._upload()
                for view in context.view_loop(frame):
                    self._draw(view)
                waited_s = time.monotonic()
                self.work_ms.append((waited_s - began_s) * 1000)

    def _prepare(self) -> None:
        program = GL.glCreateProgram()
        for kind, text in ((GL.GL_VERTEX_SHADER, VERTEX), (GL.GL_FRAGMENT_SHADER, FRAGMENT)):
            shader = GL.glCreateShader(kind)
            GL.glShaderSource(shader, text)
            GL.glCompileShader(shader)
            GL.glAttachShader(program, shader)
        GL.glLinkProgram(program)
        GL.glUseProgram(program)
        GL.glBindVertexArray(GL.glGenVertexArrays(1))
        GL.glPixelStorei(GL.GL_UNPACK_ALIGNMENT, 1)
        self._textures = [GL.glGenTextures(1) for _ in range(self._screens)]
        for texture in self._textures:
            GL.glBindTexture(GL.GL_TEXTURE_2D, texture)
            GL.glTexParameteri(GL.GL_TEXTURE_2D, GL.GL_TEXTURE_MIN_FILTER, GL.GL_LINEAR)
            GL.glTexStorage2D(GL.GL_TEXTURE_2D, 1, GL.GL_RGB8, *SIZE_PX)

    def _upload(self) -> None:
        for screen, newest in enumerate(self._pictures.newest):
            if newest is None or newest[0] == self._drawn[screen]:
                continue
            self._drawn[screen], decoded_s, pixels = newest
            GL.glBindTexture(GL.GL_TEXTURE_2D, self._textures[screen])
            GL.glTexSubImage2D(
                GL.GL_TEXTURE_2D, 0, 0, 0, *SIZE_PX, GL.GL_RGB, GL.GL_UNSIGNED_BYTE, np.ascontiguousarray(pixels)
            )
            self.ages_ms.append((time.monotonic() - decoded_s) * 1000)

    def _draw(self, view: Any) -> None:
        GL.glClear(GL.GL_COLOR_BUFFER_BIT | GL.GL_DEPTH_BUFFER_BIT)
        projection = Matrix4x4f.create_projection_fov(GraphicsAPI.OPENGL, view.fov, 0.05, 100.0)
        pose = Matrix4x4f.create_translation_rotation_scale(view.pose.position, view.pose.orientation, (1, 1, 1))
        to_clip = projection @ Matrix4x4f.invert_rigid_body(pose)
        GL.glUniformMatrix4fv(0, 1, True, np.ascontiguousarray(to_clip.as_numpy()))
        width, angle = 2 * math.tan(math.radians(13.5)) * 2.0, math.radians(28.5)
        for screen, texture in enumerate(self._textures):
            row, column = divmod(screen, 3)
            yaw = (column - 1) * angle
            middle = (2.0 * math.sin(yaw), (1 - row) * (width * 0.75 + 0.05), -2.0 * math.cos(yaw), -yaw)
            GL.glUniform4f(1, *middle)
            GL.glUniform2f(2, width, width * 0.75)
            GL.glBindTexture(GL.GL_TEXTURE_2D, texture)
            GL.glDrawArrays(GL.GL_TRIANGLE_STRIP, 0, 4)


async def measure(screens: int, warm_up_s: float, seconds: float) -> None:
    """Run for ``seconds`` after ``warm_up_s`` and print the figures."""
    pictures = Pictures(screens)
    wall = Wall(pictures, screens)
    threading.Thread(target=wall.run, daemon=True).start()
    async with asyncio.TaskGroup() as tasks:
        receiving = tasks.create_task(pictures.receive(screens))
        await asyncio.sleep(warm_up_s)
        began_s, cpu_s, decoded = time.monotonic(), time.process_time(), pictures.decoded
        first_frame, first_upload = len(wall.work_ms), len(wall.ages_ms)
        await asyncio.sleep(seconds)
        elapsed_s = time.monotonic() - began_s
        figures = {
            "began_s": began_s,
            "seconds": elapsed_s,
            "cpu_s": time.process_time() - cpu_s,
            "decoded": pictures.decoded - decoded,
            "work_ms": wall.work_ms[first_frame:],
            "ages_ms": wall.ages_ms[first_upload:],
        }
        receiving.cancel()
    print(json.dumps(figures), flush=True)


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--screens", type=int, default=9)
    parser.add_argument("--warm-up-s", type=float, default=5)
    parser.add_argument("--seconds", type=float, default=20)
    options = parser.parse_args()
    asyncio.run(measure(options.screens, options.warm_up_s, options.seconds))


if __name__ == "__main__":
    main()
