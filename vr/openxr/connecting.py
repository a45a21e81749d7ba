"""From settings to a runtime that is connected, by graphics that reach the headset."""

import logging

from vr.errors import NoGraphicsError
from vr.graphics.choice import Wish as GraphicsWish
from vr.graphics.choice import choose
from vr.openxr.instance import offered_extensions
from vr.openxr.layer_path import Wish
from vr.openxr.runtime import Runtime

log = logging.getLogger(__name__)


def connect(graphics: GraphicsWish, path: Wish) -> Runtime:
    """A session on the active runtime.

    Only opening Vulkan shows whether a driver of it reaches the headset's GPU; where none does and no setting insists
    on Vulkan, OpenGL has its turn.

    Raises:
        NoRuntimeError, ServiceDownError, NoHeadsetError, NoGraphicsError, RuntimeLostError, OpenXrError: as their
            names say.
    """
    offered = offered_extensions()
    first = choose(offered, graphics)
    try:
        return Runtime.start(first, offered, path)
    except NoGraphicsError as error:
        if graphics != "auto":
            raise
        try:
            second = choose(offered, "opengl")
        except NoGraphicsError as other:
            raise NoGraphicsError(f"{error} {other}") from error
        if second.extensions == first.extensions:
            raise
        log.warning("%s OpenGL is tried instead.", error)
    return Runtime.start(second, offered, path)
