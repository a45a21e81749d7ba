"""An OpenGL context without a window or X server (XR_MNDX_egl_enable, which Monado and what derives from it offer)."""

import ctypes

import xr

from vr.errors import NoGraphicsError
from vr.graphics.opengl.context import VERSION, as_field, load
from vr.graphics.opengl.functions import GL

EXTENSIONS = ("XR_MNDX_egl_enable", "XR_KHR_opengl_enable")
LIBRARIES = ("libEGL.so.1",)

_PLATFORM_SURFACELESS_MESA = 0x31DD
_OPENGL_API = 0x30A2
_NONE = 0x3038
_SURFACE_TYPE = 0x3033
_RENDERABLE_TYPE = 0x3040
_OPENGL_BIT = 0x0008
_CONTEXT_MAJOR = 0x3098
_CONTEXT_MINOR = 0x30FB
_PROFILE_MASK = 0x30FD
_CORE_PROFILE = 0x0001

_POINTERS = {
    "eglGetProcAddress": [ctypes.c_char_p],
    "eglGetPlatformDisplay": [ctypes.c_uint, ctypes.c_void_p, ctypes.c_void_p],
    "eglGetDisplay": [ctypes.c_void_p],
    "eglCreateContext": [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p],
}
_SUCCESSES = {
    "eglInitialize": [ctypes.c_void_p] * 3,
    "eglBindAPI": [ctypes.c_uint],
    "eglChooseConfig": [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p],
    "eglMakeCurrent": [ctypes.c_void_p] * 4,
    "eglDestroyContext": [ctypes.c_void_p] * 2,
    "eglTerminate": [ctypes.c_void_p],
}


class EglContext:
    """A context on no surface: it is only ever drawn into images of the runtime."""

    def __init__(self) -> None:
        self._egl = _library()
        self._display = self._open_display()
        self._config = self._choose_config()
        self._context = self._create()
        self.gl = GL(self._egl.eglGetProcAddress)

    def binding(self) -> ctypes.Structure:
        """For ``SessionCreateInfo.next``."""
        kind = xr.GraphicsBindingEGLMNDX
        structure: ctypes.Structure = kind(
            get_proc_address=as_field(kind, "get_proc_address", self._egl.eglGetProcAddress),
            display=as_field(kind, "display", self._display),
            config=as_field(kind, "config", self._config),
            context=as_field(kind, "context", self._context),
        )
        return structure

    def close(self) -> None:
        """Destroy it; the session must be gone by then."""
        self._egl.eglMakeCurrent(self._display, None, None, None)
        self._egl.eglDestroyContext(self._display, self._context)
        self._egl.eglTerminate(self._display)

    def _open_display(self) -> int:
        """Mesa's display without surfaces, or, on other drivers, the default one."""
        for display in (
            self._egl.eglGetPlatformDisplay(_PLATFORM_SURFACELESS_MESA, None, None),
            self._egl.eglGetDisplay(None),
        ):
            if display and self._egl.eglInitialize(display, None, None):
                return int(display)
        raise NoGraphicsError("EGL opens no display on this machine; install Mesa or the GPU's driver.")

    def _choose_config(self) -> int:
        wanted = (ctypes.c_int * 5)(_SURFACE_TYPE, 0, _RENDERABLE_TYPE, _OPENGL_BIT, _NONE)
        found, count = (ctypes.c_void_p * 1)(), ctypes.c_int()
        self._egl.eglChooseConfig(self._display, wanted, found, 1, ctypes.byref(count))
        if not count.value or not found[0]:
            raise NoGraphicsError("EGL has no OpenGL on this machine; install Mesa or the GPU's driver.")
        return found[0]

    def _create(self) -> int:
        self._egl.eglBindAPI(_OPENGL_API)
        major, minor = VERSION
        wanted = (ctypes.c_int * 7)(_CONTEXT_MAJOR, major, _CONTEXT_MINOR, minor, _PROFILE_MASK, _CORE_PROFILE, _NONE)
        context = self._egl.eglCreateContext(self._display, self._config, None, wanted)
        if not context or not self._egl.eglMakeCurrent(self._display, None, None, context):
            raise NoGraphicsError(f"EGL makes no OpenGL {major}.{minor} context; update the GPU's driver.")
        return int(context)


def _library() -> ctypes.CDLL:
    library = load(*LIBRARIES)
    if library is None:
        raise NoGraphicsError("OpenGL without a window needs EGL; install the package libegl1.")
    for name, arguments in _POINTERS.items():
        function = getattr(library, name)
        function.argtypes, function.restype = arguments, ctypes.c_void_p
    for name, arguments in _SUCCESSES.items():
        function = getattr(library, name)
        function.argtypes, function.restype = arguments, ctypes.c_uint
    return library
