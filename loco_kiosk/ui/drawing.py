"""How the window is drawn: by a GPU, or painted by the processor where there is none."""

from collections.abc import Mapping

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication, QOffscreenSurface, QOpenGLContext
from PySide6.QtQuick import QQuickWindow, QSGRendererInterface

from loco_kiosk.models.bindable import bindable

PAINTED_SWAPS_PER_S = 60.0
"""As a display has them. Painting costs by the tile, not by the redraw; at 40 a second one picture in twenty of nine
busy guests was overtaken by the next one before it was shown."""
BLOCKED = (
    "Qt could not use the graphics card for this window, and so its pictures would stay black. Start Loco Kiosk with "
    "QT_QUICK_BACKEND=software in the environment to let the processor paint, or install the graphics driver "
    "(Debian and Ubuntu: libgl1-mesa-dri, libegl1)."
)
_SOFTWARE_GL = ("llvmpipe", "softpipe", "swrast", "software rasterizer")
_GL_RENDERER = 0x1F01


class Drawing(QObject):
    """Decided once, before the first window: Qt takes no other choice afterwards."""

    def __init__(self, *, painted: bool) -> None:
        super().__init__()
        self._painted = painted
        if painted:
            QQuickWindow.setGraphicsApi(QSGRendererInterface.GraphicsApi.Software)

    @bindable(bool)
    def painted(self) -> bool:
        """Whether the processor paints."""
        return self._painted

    def limit(self, wanted_swaps_per_s: float) -> float:
        """Redraws a second at most; 0: as the display asks."""
        return wanted_swaps_per_s or (PAINTED_SWAPS_PER_S if self._painted else 0.0)

    def words(self, limit: float) -> str:
        """What the visitor should know of it."""
        return f"Painted by the processor: at most {limit:.0f} redraws a second" if self._painted else ""

    def blocked(self, window: QQuickWindow) -> str:
        """Why pictures would stay black in this window, which has been drawn once; "" where they do not."""
        api = window.rendererInterface().graphicsApi()
        return BLOCKED if api == QSGRendererInterface.GraphicsApi.Software and not self._painted else ""


def choose(environment: Mapping[str, str]) -> Drawing:
    """The best way on this machine; ``QT_QUICK_BACKEND`` and ``QSG_RHI_BACKEND`` decide where they are set."""
    if environment.get("QSG_RHI_BACKEND"):
        return Drawing(painted=False)
    by_hand = environment.get("QT_QUICK_BACKEND") == "software"
    return Drawing(painted=by_hand or QGuiApplication.platformName() == "offscreen" or not gpu())


def gpu() -> str:
    """Name of the GPU as OpenGL tells it; "" where there is none, or the processor plays one."""
    surface = QOffscreenSurface()
    surface.create()
    context = QOpenGLContext()
    if not context.create() or not context.makeCurrent(surface):
        return ""
    name = str(context.functions().glGetString(_GL_RENDERER) or "")
    context.doneCurrent()
    return "" if any(word in name.lower() for word in _SOFTWARE_GL) else name
