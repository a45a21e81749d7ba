"""Pictures without a GPU: scaled and coloured by swscale, painted by Qt's software scene graph.

OpenGL on the processor (llvmpipe) redraws the whole window for each picture, which costs tens of milliseconds. The
software scene graph repaints only what changed, and one tile of the grid costs under one.
"""

import av
from av.video.reformatter import Interpolation, VideoReformatter
from PySide6.QtCore import Property, QRectF, QSize, Signal
from PySide6.QtGui import QImage, QPainter
from PySide6.QtQml import qmlRegisterType
from PySide6.QtQuick import QQuickItem, QQuickPaintedItem


class PaintedVideo(QQuickPaintedItem):
    """Shows the newest picture at the item's size. ``sharp`` keeps guest pixels square-edged. GUI thread."""

    sharpChanged = Signal()  # noqa: N815 - Qt's spelling

    def __init__(self, parent: QQuickItem | None = None) -> None:
        super().__init__(parent)
        self.setOpaquePainting(True)
        self._sharp = False
        self._frame: av.VideoFrame | None = None
        self._scaler = VideoReformatter()
        self._image = QImage()
        self._pixels: av.VideoFrame | None = None

    def _get_sharp(self) -> bool:
        return self._sharp

    def _set_sharp(self, sharp: bool) -> None:
        if sharp != self._sharp:
            self._sharp = sharp
            self._image = QImage()
            self.sharpChanged.emit()
            self.update()

    sharp = Property(bool, _get_sharp, _set_sharp, notify=sharpChanged)

    def show_frame(self, frame: av.VideoFrame | None) -> None:
        """Show this picture, or none."""
        self._frame = frame
        self._image = QImage()
        self.update()

    def paint(self, painter: QPainter) -> None:
        """Paint, called by Qt."""
        if self._frame is None:
            return
        size = self._device_size(painter)
        if self._image.size() != size:
            self._scale(self._frame, size)
        painter.drawImage(QRectF(0, 0, self.width(), self.height()), self._image)

    def _device_size(self, painter: QPainter) -> QSize:
        ratio = painter.device().devicePixelRatio()
        return QSize(max(2, round(self.width() * ratio)), max(2, round(self.height() * ratio)))

    def _scale(self, frame: av.VideoFrame, size: QSize) -> None:
        how = Interpolation.POINT if self._sharp else Interpolation.FAST_BILINEAR
        self._pixels = self._scaler.reformat(frame, size.width(), size.height(), "bgra", interpolation=how)
        assert self._pixels is not None
        plane = self._pixels.planes[0]
        # QImage does not own these bytes: self._pixels keeps them for as long as the image is used.
        self._image = QImage(
            memoryview(plane), size.width(), size.height(), plane.line_size, QImage.Format.Format_RGB32
        )


def register() -> None:
    """Make the type known to QML."""
    qmlRegisterType(PaintedVideo, "LocoKiosk", 1, 0, "PaintedVideo")  # type: ignore[call-overload]  # the stub wants bytes, PySide takes text
