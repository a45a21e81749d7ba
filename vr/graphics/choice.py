"""Which graphics: Vulkan where runtime and machine have it, else OpenGL, unless a setting says so."""

from collections.abc import Callable, Collection
from typing import Literal

from vr.errors import NoGraphicsError
from vr.graphics.canvas import Graphics
from vr.graphics.opengl import egl, glx
from vr.graphics.opengl.graphics import OpenGlGraphics

Wish = Literal["auto", "vulkan", "opengl"]


def choose(extensions: Collection[str], wish: Wish) -> Graphics:
    """The best graphics for a runtime that offers these extensions; it is not opened yet. Raises NoGraphicsError."""
    reasons = []
    for name, find in _WAYS.items():
        if wish in ("auto", name):
            try:
                return find(extensions)
            except NoGraphicsError as error:
                reasons.append(str(error))
    raise NoGraphicsError(" ".join(reasons))


def _vulkan(extensions: Collection[str]) -> Graphics:
    if "XR_KHR_vulkan_enable2" not in extensions:
        raise NoGraphicsError("The VR runtime offers no Vulkan.")
    try:
        from vr.graphics.vulkan.graphics import VulkanGraphics, present  # noqa: PLC0415 # looks for the loader at once
    except (ImportError, OSError) as error:
        raise NoGraphicsError("This machine has no Vulkan; install libvulkan1 and the GPU's driver.") from error
    if not present():
        raise NoGraphicsError("This machine has no driver for Vulkan; install the GPU's, or mesa-vulkan-drivers.")
    return VulkanGraphics()


def _opengl(extensions: Collection[str]) -> Graphics:
    for needed, make_context in ((egl.EXTENSIONS, egl.EglContext), (glx.EXTENSIONS, glx.GlxContext)):
        if set(needed) <= set(extensions):
            return OpenGlGraphics(needed, make_context)
    raise NoGraphicsError("The VR runtime offers no OpenGL; update the runtime, or choose another.")


_WAYS: dict[str, Callable[[Collection[str]], Graphics]] = {"vulkan": _vulkan, "opengl": _opengl}
