"""An OpenGL context on an X server (XR_KHR_opengl_enable), for runtimes that offer neither Vulkan nor EGL."""

import ctypes
from typing import Any

import xr

from vr.errors import NoGraphicsError
from vr.graphics.opengl.context import VERSION, as_field, load
from vr.graphics.opengl.functions import GL

EXTENSIONS = ("XR_KHR_opengl_enable",)
LIBRARIES = ("libGL.so.1",)

_DRAWABLE_TYPE = 0x8010
_PBUFFER_BIT = 0x0004
_RENDER_TYPE = 0x8011
_RGBA_BIT = 0x0001
_VISUAL_ID = 0x800B
_PBUFFER_HEIGHT = 0x8040
_PBUFFER_WIDTH = 0x8041
_CONTEXT_MAJOR = 0x2091
_CONTEXT_MINOR = 0x2092
_PROFILE_MASK = 0x9126
_CORE_PROFILE = 0x0001

_P, _U, _I = ctypes.c_void_p, ctypes.c_ulong, ctypes.c_int
_Functions = dict[str, tuple[Any, list[Any]]]
_X11: _Functions = {
    "XOpenDisplay": (_P, [ctypes.c_char_p]),
    "XDefaultScreen": (_I, [_P]),
    "XCloseDisplay": (_I, [_P]),
    "XFree": (_I, [_P]),
    "XSetErrorHandler": (_P, [_P]),
}
_GLX: _Functions = {
    "glXGetProcAddressARB": (_P, [ctypes.c_char_p]),
    "glXChooseFBConfig": (_P, [_P, _I, _P, _P]),
    "glXGetFBConfigAttrib": (_I, [_P, _P, _I, _P]),
    "glXCreatePbuffer": (_U, [_P, _P, _P]),
    "glXDestroyPbuffer": (None, [_P, _U]),
    "glXMakeCurrent": (_I, [_P, _U, _P]),
    "glXDestroyContext": (None, [_P, _P]),
}
_OVERHEAR = ctypes.CFUNCTYPE(_I, _P, _P)(lambda _display, _error: 0)
_CREATE = ctypes.CFUNCTYPE(_P, _P, _P, _P, _I, _P)


class GlxContext:
    """A context with a pixel buffer of one pixel, since GLX has none without a surface."""

    def __init__(self) -> None:
        self._x11 = _library("VR through OpenGL needs Xlib; install the package libx11-6.", _X11, "libX11.so.6")
        self._glx = _library("VR through OpenGL needs GLX; install the package libgl1.", _GLX, *LIBRARIES)
        self._display = self._x11.XOpenDisplay(None)
        if not self._display:
            raise NoGraphicsError("OpenGL for this VR runtime needs an X server; set DISPLAY, or use Vulkan.")
        self._config = self._choose_config()
        self._surface = self._glx.glXCreatePbuffer(
            self._display, self._config, (_I * 5)(_PBUFFER_WIDTH, 1, _PBUFFER_HEIGHT, 1, 0)
        )
        self._context = self._create()
        self.gl = GL(self._glx.glXGetProcAddressARB)

    def binding(self) -> ctypes.Structure:
        """For ``SessionCreateInfo.next``."""
        kind = xr.GraphicsBindingOpenGLXlibKHR
        visual = _I()
        self._glx.glXGetFBConfigAttrib(self._display, self._config, _VISUAL_ID, ctypes.byref(visual))
        structure: ctypes.Structure = kind(
            x_display=as_field(kind, "x_display", self._display),
            visualid=visual.value,
            glx_fbconfig=as_field(kind, "glx_fbconfig", self._config),
            glx_drawable=self._surface,
            glx_context=as_field(kind, "glx_context", self._context),
        )
        return structure

    def close(self) -> None:
        """Destroy it; the session must be gone by then."""
        self._glx.glXMakeCurrent(self._display, 0, None)
        self._glx.glXDestroyContext(self._display, self._context)
        self._glx.glXDestroyPbuffer(self._display, self._surface)
        self._x11.XCloseDisplay(self._display)

    def _choose_config(self) -> int:
        wanted = (_I * 5)(_DRAWABLE_TYPE, _PBUFFER_BIT, _RENDER_TYPE, _RGBA_BIT, 0)
        count = _I()
        screen = self._x11.XDefaultScreen(self._display)
        found = self._glx.glXChooseFBConfig(self._display, screen, wanted, ctypes.byref(count))
        if not found or not count.value:
            raise NoGraphicsError("The X server offers no OpenGL; install Mesa or the GPU's driver.")
        first = ctypes.cast(found, ctypes.POINTER(_P))[0]
        self._x11.XFree(found)
        return int(first or 0)

    def _create(self) -> int:
        major, minor = VERSION
        wanted = (_I * 7)(_CONTEXT_MAJOR, major, _CONTEXT_MINOR, minor, _PROFILE_MASK, _CORE_PROFILE, 0)
        address = self._glx.glXGetProcAddressARB(b"glXCreateContextAttribsARB")
        previous = self._x11.XSetErrorHandler(_OVERHEAR)  # else Xlib ends the program where the driver says no
        context = _CREATE(address)(self._display, self._config, None, 1, wanted) if address else None
        self._x11.XSetErrorHandler(previous)
        if not context or not self._glx.glXMakeCurrent(self._display, self._surface, context):
            raise NoGraphicsError(f"The X server makes no OpenGL {major}.{minor} context; update the GPU's driver.")
        return int(context)


def _library(missing: str, functions: _Functions, *names: str) -> ctypes.CDLL:
    library = load(*names)
    if library is None:
        raise NoGraphicsError(missing)
    for name, (result, arguments) in functions.items():
        function = getattr(library, name)
        function.argtypes, function.restype = arguments, result
    return library
