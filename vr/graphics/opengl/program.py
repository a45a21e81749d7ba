"""The projector's shaders, compiled by the driver."""

import ctypes
from collections.abc import Callable
from typing import Any

from vr.errors import NoGraphicsError
from vr.graphics.opengl.functions import COMPILE_STATUS, FRAGMENT_SHADER, GL, LINK_STATUS, VERTEX_SHADER
from vr.graphics.shader_files import source

_LOG_BYTES = 2000


class Program:
    """Vertex and fragment shader, and where the numbers of a surface go."""

    def __init__(self, gl: GL) -> None:
        self._gl = gl
        self.name = gl.glCreateProgram()
        shaders = [_shader(gl, VERTEX_SHADER, source("vert")), _shader(gl, FRAGMENT_SHADER, source("frag"))]
        for shader in shaders:
            gl.glAttachShader(self.name, shader)
        gl.glLinkProgram(self.name)
        for shader in shaders:
            gl.glDeleteShader(shader)
        _check(self.name, LINK_STATUS, gl.glGetProgramiv, gl.glGetProgramInfoLog)
        self.to_clip: int = gl.glGetUniformLocation(self.name, b"to_clip")
        self.shape: int = gl.glGetUniformLocation(self.name, b"shape")

    def close(self) -> None:
        """Delete it."""
        self._gl.glDeleteProgram(self.name)


def _shader(gl: GL, kind: int, text: bytes) -> int:
    shader: int = gl.glCreateShader(kind)
    gl.glShaderSource(shader, 1, (ctypes.c_char_p * 1)(text), None)
    gl.glCompileShader(shader)
    _check(shader, COMPILE_STATUS, gl.glGetShaderiv, gl.glGetShaderInfoLog)
    return shader


def _check(name: int, what: int, ask: Callable[..., Any], tell: Callable[..., Any]) -> None:
    done = ctypes.c_int()
    ask(name, what, ctypes.byref(done))
    if not done.value:
        log = ctypes.create_string_buffer(_LOG_BYTES)
        tell(name, _LOG_BYTES, None, log)
        words = log.value.decode(errors="replace").strip()
        raise NoGraphicsError(f"The OpenGL driver does not take the shaders of VR ({words}); update it, or use Vulkan.")
