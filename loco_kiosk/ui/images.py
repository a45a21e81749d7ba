"""Pictures that the scene is laid with, painted once for the size in use."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtQuick import QQuickImageProvider

from loco_kiosk.look import palette

NAME = "loco"
_SMALLEST, _LARGEST = 8, 256


class BrickImages(QQuickImageProvider):
    """``image://loco/plate/N``: one stud of the base plate, N pixels wide, to be tiled."""

    def __init__(self) -> None:
        super().__init__(QQuickImageProvider.ImageType.Image)

    def requestImage(self, name: str, size: QSize, requested: QSize) -> QImage:  # noqa: ARG002, N802 - Qt
        """Paint what is asked for."""
        edge = name.rpartition("/")[2]
        return plate(int(edge) if edge.isdigit() else _SMALLEST)


def plate(edge_px: int) -> QImage:
    """One stud: a disc, lit from above."""
    edge = min(max(edge_px, _SMALLEST), _LARGEST)
    image = QImage(edge, edge, QImage.Format.Format_RGB32)
    ground = QColor(palette.PLATE)
    image.fill(ground)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    stud = QRectF(edge * 0.2, edge * 0.2, edge * 0.6, edge * 0.6)
    for shift, colour in ((0.06, ground.darker(109)), (-0.04, ground.lighter(106)), (0.0, ground.lighter(102))):
        painter.setBrush(colour)
        painter.drawEllipse(stud.translated(0, edge * shift))
    painter.end()
    return image
