"""What a way to an OpenGL context has to offer."""

import ctypes
from typing import Any, Protocol

from vr.graphics.opengl.functions import GL

VERSION = (3, 3)
"""Has all that is drawn here: vertex arrays, sRGB framebuffers, gl_VertexID."""


class Context(Protocol):
    """A context, current in the thread that made it, and how OpenXR is told of it."""

    @property
    def gl(self) -> GL:
        """Its functions."""

    def binding(self) -> ctypes.Structure:
        """For ``SessionCreateInfo.next``."""

    def close(self) -> None:
        """Destroy it; the session must be gone by then."""


def load(*names: str) -> ctypes.CDLL | None:
    """The first of these libraries that this machine has."""
    for name in names:
        try:
            return ctypes.CDLL(name)
        except OSError:
            continue
    return None


def as_field(structure: type[ctypes.Structure], field: str, value: Any) -> Any:  # noqa: ANN401 # ctypes' own types
    """A pointer or function as the type of this field: some are PyOpenGL's opaque pointers, that take no number."""
    types: dict[str, Any] = {name: kind for name, kind, *_ in structure._fields_}
    return ctypes.cast(value, types[field])
