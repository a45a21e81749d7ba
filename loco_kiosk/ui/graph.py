"""A small graph: a bar for each second, newest on the right."""

from PySide6.QtCore import Property, QRectF, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtQml import qmlRegisterType
from PySide6.QtQuick import QQuickItem, QQuickPaintedItem

from loco_kiosk.models.history import SHOWN

_LEAST_PX = 1.0
"""Of a bar: a second that was measured shows, however little it was."""


class Graph(QQuickPaintedItem):
    """Draws ``trace``, parts of 1 with -1 for seconds in which nothing was measured, in ``colour``. GUI thread."""

    changed = Signal()

    def __init__(self, parent: QQuickItem | None = None) -> None:
        super().__init__(parent)
        self._trace: list[float] = []
        self._colour = QColor("white")

    def _get_trace(self) -> list[float]:
        return self._trace

    def _set_trace(self, trace: list[float]) -> None:
        if trace != self._trace:
            self._trace = list(trace)
            self.changed.emit()
            self.update()

    def _get_colour(self) -> QColor:
        return self._colour

    def _set_colour(self, colour: QColor) -> None:
        if colour != self._colour:
            self._colour = QColor(colour)
            self.changed.emit()
            self.update()

    trace = Property(list, _get_trace, _set_trace, notify=changed)
    colour = Property(QColor, _get_colour, _set_colour, notify=changed)

    def paint(self, painter: QPainter) -> None:
        """Paint, called by Qt."""
        width, height = self.width(), self.height()
        step = width / SHOWN
        first = SHOWN - len(self._trace)
        for index, value in enumerate(self._trace, first):
            if value >= 0:
                bar = max(_LEAST_PX, value * height)
                painter.fillRect(QRectF(index * step, height - bar, step, bar), self._colour)


def register() -> None:
    """Make the type known to QML."""
    qmlRegisterType(Graph, "LocoKiosk", 1, 0, "Graph")  # type: ignore[call-overload]  # the stub wants bytes, PySide takes text
