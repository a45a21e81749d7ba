"""The window with the Qt Quick scene, and what it finds out about how it is drawn."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QCursor, QFont, QFontDatabase, QGuiApplication, QOffscreenSurface, QOpenGLContext
from PySide6.QtMultimedia import QVideoSink
from PySide6.QtQuick import QQuickView, QSGRendererInterface

from backend.contract.errors import LocoError
from loco_kiosk.models import palette
from loco_kiosk.settings import KioskSettings
from loco_kiosk.ui.frame_presenter import FramePresenter
from loco_kiosk.ui.images import NAME, BrickImages

SCENE = Path(__file__).parent / "qml" / "Main.qml"
SOFTWARE_SWAPS_PER_S = 33.0
"""Where the processor draws: a little over the pictures' own 30, or jitter would cost every tenth picture."""
_SOFTWARE_GL = ("llvmpipe", "softpipe", "swrast", "software rasterizer")
BLOCKED = (
    "Qt draws this window without OpenGL, and so it cannot show moving pictures. Install a graphics driver "
    "(Debian and Ubuntu: libgl1-mesa-dri, libegl1), remove QT_QUICK_BACKEND=software from the environment, "
    "and start Loco Kiosk again."
)


class WindowError(LocoError):
    """The scene cannot be shown."""


class SceneSinks(QObject):
    """What the scene calls to hand over the video item of a tile."""

    def __init__(self, presenter: FramePresenter) -> None:
        super().__init__()
        self._presenter = presenter

    @Slot(int, QObject)
    def register(self, position: int, sink: QObject) -> None:
        """The video item of ``position`` (0 to 8) exists."""
        if not isinstance(sink, QVideoSink):
            raise TypeError(f"A video sink was expected, not {sink!r}.")
        self._presenter.register(position, sink)


class KioskWindow(QQuickView):
    """Shows the scene; ``firstSwap`` once it is on the screen.

    Raises:
        WindowError: the scene's files are broken or missing.
    """

    firstSwap = Signal()  # noqa: N815 - Qt's spelling

    def __init__(self, presenter: FramePresenter, objects: Mapping[str, QObject], settings: KioskSettings) -> None:
        super().__init__()
        self._presenter = presenter
        self._settings = settings
        self._sinks = SceneSinks(presenter)
        self._objects = {**objects, "presenter": self._sinks}
        self.setTitle("Loco Kiosk")
        self.setColor(palette.PLATE)
        self.setResizeMode(QQuickView.ResizeMode.SizeRootObjectToView)
        self.engine().addImageProvider(NAME, BrickImages())
        context = self.rootContext()
        context.setContextProperty("colours", theme())
        for name, thing in self._objects.items():
            context.setContextProperty(name, thing)
        self.afterAnimating.connect(presenter.before_sync)
        self.frameSwapped.connect(self._on_swap, Qt.ConnectionType.QueuedConnection)
        self.resize(settings.width_px, settings.height_px)
        self.setSource(QUrl.fromLocalFile(str(SCENE)))
        if self.status() == QQuickView.Status.Error:
            raise WindowError("The scene does not load: " + "; ".join(error.toString() for error in self.errors()))

    def open(self) -> None:
        """Show, in the way that the settings ask for."""
        if self._settings.kiosk:
            self.setFlag(Qt.WindowType.FramelessWindowHint)
            self.setCursor(QCursor(Qt.CursorShape.BlankCursor))
        if self._settings.kiosk or self._settings.fullscreen:
            self.showFullScreen()
        else:
            self.show()

    def toggle_fullscreen(self) -> None:
        """Fill the screen or not; not in kiosk mode."""
        if not self._settings.kiosk:
            self.showNormal() if self.fills_screen() else self.showFullScreen()

    def fills_screen(self) -> bool:
        """Whether it does now."""
        return self.visibility() == QQuickView.Visibility.FullScreen

    def draws_video(self) -> bool:
        """Whether video items work: the software scene graph leaves them blank without a word."""
        return self.rendererInterface().graphicsApi() not in (
            QSGRendererInterface.GraphicsApi.Software,
            QSGRendererInterface.GraphicsApi.Unknown,
            QSGRendererInterface.GraphicsApi.Null,
        )

    def _on_swap(self) -> None:
        self._presenter.after_swap()
        if self._presenter.swaps == 1:
            self.firstSwap.emit()


def software_gl() -> str:
    """Name of the OpenGL renderer if the processor does its work, else ""."""
    surface = QOffscreenSurface()
    surface.create()
    context = QOpenGLContext()
    if not context.create() or not context.makeCurrent(surface):
        return ""
    name = _renderer_name(context)
    context.doneCurrent()
    return name if any(word in name.lower() for word in _SOFTWARE_GL) else ""


def use_fonts() -> None:
    """Noto Sans where it is installed, else what the system has."""
    family = "Noto Sans"
    if family in QFontDatabase.families():
        QGuiApplication.setFont(QFont(family))


def theme() -> dict[str, object]:
    """The palette for Theme.qml."""
    names = ("CHIP", "PLATE", "BAR", "BAR_INK", "BAR_SOFT", "PAPER", "PAPER_INK", "PAPER_SOFT", "ACCENT", "STAGE")
    return {name.lower(): getattr(palette, name) for name in names} | {"states": palette.STATES}


def _renderer_name(context: QOpenGLContext) -> str:
    gl_renderer = 0x1F01
    functions = context.functions()
    return str(functions.glGetString(gl_renderer) or "")
