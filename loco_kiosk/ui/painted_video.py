"""Pictures without a GPU: scaled and coloured by swscale, painted by Qt's software scene graph.

OpenGL on the processor (llvmpipe) redraws the whole window for each picture, which costs tens of milliseconds. The
software scene graph repaints only what changed, and one tile of the grid costs under one.
"""

import av
from PySide6.QtCore import Property, QRectF, Signal
from PySide6.QtGui import QImage, QPainter
from PySide6.QtQml import qmlRegisterType
from PySide6.QtQuick import QQuickItem, QQuickPaintedItem

from loco_kiosk.ui.scaler import Scaler, Scaling, Target


class PaintedVideo(QQuickPaintedItem):
    """Shows the newest picture at the item's size, by a ``scaling`` of :class:`Scaling`. GUI thread.

    ``scaler`` is for whoever brings the pictures: a picture costs less to scale while it is in the processor's cache.
    """

    scalingChanged = Signal()  # noqa: N815 - Qt's spelling

    def __init__(self, parent: QQuickItem | None = None) -> None:
        super().__init__(parent)
        self.setOpaquePainting(True)
        self._scaling = Scaling.SMOOTH
        self.scaler = Scaler()
        self._frame: av.VideoFrame | None = None
        self._pixels: av.VideoFrame | None = None
        self._late_scaler = Scaler()

    def _get_scaling(self) -> str:
        return self._scaling.value

    def _set_scaling(self, scaling: str) -> None:
        if scaling != self._scaling:
            self._scaling = Scaling(scaling)
            self._pixels = None
            self.scalingChanged.emit()
            self.update()

    scaling = Property(str, _get_scaling, _set_scaling, notify=scalingChanged)

    def show_frame(self, frame: av.VideoFrame | None, scaled: av.VideoFrame | None = None) -> None:
        """Show this picture, or none; ``scaled`` is what :attr:`scaler` made of it."""
        self._frame, self._pixels = frame, scaled
        self.update()

    def paint(self, painter: QPainter) -> None:
        """Paint, called by Qt."""
        if self._frame is None:
            return
        target = self._target(painter)
        self.scaler.target = target
        pixels = self._pixels
        if pixels is None or (pixels.width, pixels.height) != target[:2]:
            self._late_scaler.target = target
            pixels = self._pixels = self._late_scaler(self._frame)
        assert pixels is not None
        plane = pixels.planes[0]
        # QImage does not own these bytes: ``pixels`` keeps them for as long as the image is used.
        image = QImage(memoryview(plane), target.width, target.height, plane.line_size, QImage.Format.Format_RGB32)
        painter.drawImage(QRectF(0, 0, self.width(), self.height()), image)

    def _target(self, painter: QPainter) -> Target:
        ratio = painter.device().devicePixelRatio()
        return Target(max(2, round(self.width() * ratio)), max(2, round(self.height() * ratio)), self._scaling)


def register() -> None:
    """Make the type known to QML."""
    qmlRegisterType(PaintedVideo, "LocoKiosk", 1, 0, "PaintedVideo")  # type: ignore[call-overload]  # the stub wants bytes, PySide takes text
