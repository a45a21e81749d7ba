"""The few functions of OpenGL that the wall needs, by ctypes.

PyOpenGL is not used for them: it takes GLX for its platform once ``xr`` is imported, asks GLX about the
context at every call, and so cannot be trusted with one made by EGL.
"""

import ctypes
from collections.abc import Callable
from typing import Any

from vr.errors import NoGraphicsError

TEXTURE_2D = 0x0DE1
RGBA = 0x1908
UNSIGNED_BYTE = 0x1401
SRGB8_ALPHA8 = 0x8C43
TEXTURE_MAG_FILTER = 0x2800
TEXTURE_MIN_FILTER = 0x2801
TEXTURE_WRAP_S = 0x2802
TEXTURE_WRAP_T = 0x2803
LINEAR = 0x2601
CLAMP_TO_EDGE = 0x812F
RENDERER = 0x1F01
FRAMEBUFFER = 0x8D40
COLOR_ATTACHMENT0 = 0x8CE0
FRAMEBUFFER_COMPLETE = 0x8CD5
FRAMEBUFFER_SRGB = 0x8DB9
COLOR_BUFFER_BIT = 0x4000
BLEND = 0x0BE2
CULL_FACE = 0x0B44
ONE = 1
SRC_ALPHA = 0x0302
ONE_MINUS_SRC_ALPHA = 0x0303
TRIANGLE_STRIP = 0x0005
FRAGMENT_SHADER = 0x8B30
VERTEX_SHADER = 0x8B31
COMPILE_STATUS = 0x8B81
LINK_STATUS = 0x8B82

_NAME, _SIZE, _INT, _FLOAT, _POINTER = ctypes.c_uint, ctypes.c_int, ctypes.c_int, ctypes.c_float, ctypes.c_void_p

_ARGUMENTS: dict[str, tuple[Any, ...]] = {
    "glAttachShader": (_NAME, _NAME),
    "glBindFramebuffer": (_NAME, _NAME),
    "glBindTexture": (_NAME, _NAME),
    "glBindVertexArray": (_NAME,),
    "glBlendFuncSeparate": (_NAME, _NAME, _NAME, _NAME),
    "glClear": (_NAME,),
    "glClearColor": (_FLOAT, _FLOAT, _FLOAT, _FLOAT),
    "glCompileShader": (_NAME,),
    "glDeleteFramebuffers": (_SIZE, _POINTER),
    "glDeleteProgram": (_NAME,),
    "glDeleteShader": (_NAME,),
    "glDeleteTextures": (_SIZE, _POINTER),
    "glDeleteVertexArrays": (_SIZE, _POINTER),
    "glDisable": (_NAME,),
    "glDrawArrays": (_NAME, _INT, _SIZE),
    "glEnable": (_NAME,),
    "glFlush": (),
    "glFramebufferTexture2D": (_NAME, _NAME, _NAME, _NAME, _INT),
    "glGenFramebuffers": (_SIZE, _POINTER),
    "glGenTextures": (_SIZE, _POINTER),
    "glGenVertexArrays": (_SIZE, _POINTER),
    "glGetProgramInfoLog": (_NAME, _SIZE, _POINTER, _POINTER),
    "glGetProgramiv": (_NAME, _NAME, _POINTER),
    "glGetShaderInfoLog": (_NAME, _SIZE, _POINTER, _POINTER),
    "glGetShaderiv": (_NAME, _NAME, _POINTER),
    "glLinkProgram": (_NAME,),
    "glShaderSource": (_NAME, _SIZE, _POINTER, _POINTER),
    "glTexImage2D": (_NAME, _INT, _INT, _SIZE, _SIZE, _INT, _NAME, _NAME, _POINTER),
    "glTexParameteri": (_NAME, _NAME, _INT),
    "glTexSubImage2D": (_NAME, _INT, _INT, _INT, _SIZE, _SIZE, _NAME, _NAME, _POINTER),
    "glUniform4fv": (_INT, _SIZE, _POINTER),
    "glUniformMatrix4fv": (_INT, _SIZE, ctypes.c_ubyte, _POINTER),
    "glUseProgram": (_NAME,),
    "glViewport": (_INT, _INT, _SIZE, _SIZE),
}
_ANSWERS: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "glCheckFramebufferStatus": (_NAME, (_NAME,)),
    "glCreateProgram": (_NAME, ()),
    "glCreateShader": (_NAME, (_NAME,)),
    "glGetError": (_NAME, ()),
    "glGetString": (ctypes.c_char_p, (_NAME,)),
    "glGetUniformLocation": (_INT, (_NAME, ctypes.c_char_p)),
}


class GL:
    """OpenGL of one context: ``gl.glClear(...)``, for the thread that holds the context."""

    def __init__(self, find: Callable[[bytes], int | None]) -> None:
        """``find`` gives the address of a function by its name, as eglGetProcAddress does."""
        declared = {name: (None, arguments) for name, arguments in _ARGUMENTS.items()} | _ANSWERS
        for name, (result, arguments) in declared.items():
            address = find(name.encode())
            if not address:
                raise NoGraphicsError(f"This OpenGL has no {name}: VR needs version 3.3 or newer. Update the driver.")
            setattr(self, name, ctypes.CFUNCTYPE(result, *arguments)(address))

    def __getattr__(self, name: str) -> Callable[..., Any]:
        raise AttributeError(f"{name} is not among the functions declared in {__name__}")

    def make(self, kind: str) -> int:
        """One new object: "Textures", "Framebuffers" or "VertexArrays"."""
        names = (ctypes.c_uint * 1)()
        getattr(self, f"glGen{kind}")(1, names)
        return names[0]

    def drop(self, kind: str, name: int) -> None:
        """Delete an object that :meth:`make` made."""
        getattr(self, f"glDelete{kind}")(1, (ctypes.c_uint * 1)(name))

    @property
    def renderer(self) -> str:
        """What draws, in the driver's words."""
        return (self.glGetString(RENDERER) or b"").decode(errors="replace")
