"""Painted items without a window."""

from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtQuick import QQuickPaintedItem


def painted(item: QQuickPaintedItem, width: int, height: int) -> QImage:
    """What the item paints at this size, on black."""
    item.setWidth(width)
    item.setHeight(height)
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("black"))
    painter = QPainter(image)
    item.paint(painter)
    painter.end()
    return image
