"""Rows of bricks as one painted item each: of rectangles they would be more than all else in the scene together.

Without a GPU each redraw of the window goes through every item that there is.
"""

from PySide6.QtCore import Property, QRectF, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtQml import qmlRegisterType
from PySide6.QtQuick import QQuickItem, QQuickPaintedItem

BRICKS = 12
_LOUD, _TOO_LOUD = 8, 11
"""From these bricks on a level is shown as loud, and as the loudest that there is."""
_UNLIT = 0.2


class Studs(QQuickPaintedItem):
    """The studs on a brick's upper side, seen from the front: ``count``, each lit along ``edge`` pixels."""

    changed = Signal()

    def __init__(self, parent: QQuickItem | None = None) -> None:
        super().__init__(parent)
        self._colour, self._count, self._edge = QColor("red"), 8, 2.0

    def _get_colour(self) -> QColor:
        return self._colour

    def _set_colour(self, colour: QColor) -> None:
        self._colour = QColor(colour)
        self._change()

    def _get_count(self) -> int:
        return self._count

    def _set_count(self, count: int) -> None:
        self._count = count
        self._change()

    def _get_edge(self) -> float:
        return self._edge

    def _set_edge(self, edge: float) -> None:
        self._edge = edge
        self._change()

    def _change(self) -> None:
        self.changed.emit()
        self.update()

    colour = Property(QColor, _get_colour, _set_colour, notify=changed)
    count = Property(int, _get_count, _set_count, notify=changed)
    edge = Property(float, _get_edge, _set_edge, notify=changed)

    def paint(self, painter: QPainter) -> None:
        """Paint, called by Qt."""
        pitch, height = self.width() / max(1, self._count), self.height()
        stud = round(pitch * 0.5)
        body, light = self._colour.darker(112), self._colour.lighter(125)
        for index in range(self._count):
            x = round(index * pitch + (pitch - stud) / 2)
            painter.fillRect(QRectF(x, 0, stud, height), body)
            painter.fillRect(QRectF(x, 0, stud, self._edge), light)


class LitBricks(QQuickPaintedItem):
    """:data:`BRICKS` bricks in a row, of which ``level`` are lit in the ``colours`` of calm, loud and loudest."""

    changed = Signal()

    def __init__(self, parent: QQuickItem | None = None) -> None:
        super().__init__(parent)
        self._level, self._gap = 0, 1.0
        self._colours = [QColor("green"), QColor("yellow"), QColor("red")]

    def _get_level(self) -> int:
        return self._level

    def _set_level(self, level: int) -> None:
        if level != self._level:
            self._level = level
            self._change()

    def _get_gap(self) -> float:
        return self._gap

    def _set_gap(self, gap: float) -> None:
        self._gap = gap
        self._change()

    def _get_colours(self) -> list[QColor]:
        return self._colours

    def _set_colours(self, colours: list[QColor]) -> None:
        self._colours = [QColor(colour) for colour in colours]
        self._change()

    def _change(self) -> None:
        self.changed.emit()
        self.update()

    level = Property(int, _get_level, _set_level, notify=changed)
    gap = Property(float, _get_gap, _set_gap, notify=changed)
    colours = Property(list, _get_colours, _set_colours, notify=changed)

    def paint(self, painter: QPainter) -> None:
        """Paint, called by Qt."""
        width, height = (self.width() - (BRICKS - 1) * self._gap) / BRICKS, self.height()
        for index in range(BRICKS):
            colour = QColor(self._colours[(index >= _LOUD) + (index >= _TOO_LOUD)])
            if index >= self._level:
                colour.setAlphaF(_UNLIT)
            painter.fillRect(QRectF(index * (width + self._gap), 0, width, height), colour)


def register() -> None:
    """Make the types known to QML."""
    qmlRegisterType(Studs, "LocoKiosk", 1, 0, "Studs")  # type: ignore[call-overload]  # the stub wants bytes, PySide takes text
    qmlRegisterType(LitBricks, "LocoKiosk", 1, 0, "LitBricks")  # type: ignore[call-overload]  # likewise
