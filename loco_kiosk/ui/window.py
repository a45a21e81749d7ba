"""The window with the Qt Quick scene."""

import logging
from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QCloseEvent, QCursor, QFont, QFontDatabase, QGuiApplication
from PySide6.QtMultimedia import QVideoSink
from PySide6.QtQuick import QQuickView

from backend.contract.errors import LocoError
from loco_kiosk.look import outlines, palette
from loco_kiosk.settings import KioskSettings
from loco_kiosk.ui import bricks, graph, painted_video
from loco_kiosk.ui.frame_presenter import FramePresenter
from loco_kiosk.ui.images import NAME, BrickImages
from loco_kiosk.ui.painted_video import PaintedVideo
from loco_kiosk.ui.video_frame import VideoScreen

log = logging.getLogger(__name__)

SCENE = Path(__file__).parent / "qml" / "Main.qml"


class WindowError(LocoError):
    """The scene cannot be shown."""


class SceneScreens(QObject):
    """What the scene calls to hand over the video item of a tile."""

    def __init__(self, presenter: FramePresenter) -> None:
        super().__init__()
        self._presenter = presenter

    @Slot(int, QObject)
    def register(self, position: int, screen: QObject) -> None:
        """The video item of ``position`` (0 to 8) exists."""
        if isinstance(screen, QVideoSink):
            self._presenter.register(position, VideoScreen(screen))
        elif isinstance(screen, PaintedVideo):
            self._presenter.register(position, screen)
        else:
            raise TypeError(f"A video sink or a painted video was expected, not {screen!r}.")


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
        self._disposed = False
        self._objects = {**objects, "presenter": SceneScreens(presenter)}
        painted_video.register()
        graph.register()
        bricks.register()
        self.setTitle("Loco Kiosk")
        # Glyphs from a texture are sharper at fixed sizes than distance fields.
        self.setTextRenderType(QQuickView.TextRenderType.NativeTextRendering)
        self.setColor(palette.PLATE)
        self.setResizeMode(QQuickView.ResizeMode.SizeRootObjectToView)
        self.engine().addImageProvider(NAME, BrickImages())
        context = self.rootContext()
        context.setContextProperty("colours", theme())
        context.setContextProperty("outlines", outlines.PATHS)
        for name, thing in self._objects.items():
            context.setContextProperty(name, thing)
        self.afterAnimating.connect(presenter.before_sync)
        self.frameSwapped.connect(self._on_swap, Qt.ConnectionType.QueuedConnection)
        self.resize(settings.width_px, settings.height_px)
        self.setSource(QUrl.fromLocalFile(str(SCENE)))
        if self.status() == QQuickView.Status.Error:
            raise WindowError("The scene does not load: " + "; ".join(error.toString() for error in self.errors()))

    def dispose(self) -> None:
        """Close and take the scene down while everything that it binds to is still there."""
        self._disposed = True
        self.close()
        self.setSource(QUrl())

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's spelling
        """A public terminal ends by its exit chord alone, whatever the window manager's keys are."""
        if self._settings.kiosk and not self._disposed:
            log.info("a request to close the window is ignored in kiosk mode")
            event.ignore()
        else:
            super().closeEvent(event)

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

    def _on_swap(self) -> None:
        self._presenter.after_swap()
        if self._presenter.swaps == 1:
            self.firstSwap.emit()


def use_fonts() -> None:
    """Noto Sans where it is installed, else what the system has."""
    family = "Noto Sans"
    if family in QFontDatabase.families():
        QGuiApplication.setFont(QFont(family))


def theme() -> dict[str, object]:
    """The palette for Theme.qml."""
    grounds = ("CHIP", "PLATE", "BAR", "PAPER", "ACCENT", "BUTTON", "STAGE")
    names = (*grounds, "BAR_INK", "BAR_SOFT", "PAPER_INK", "PAPER_SOFT")
    return {name.lower(): getattr(palette, name) for name in names} | {"states": palette.STATES}
