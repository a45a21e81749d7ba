from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from loco_kiosk.models.history import SHOWN
from loco_kiosk.ui.graph import Graph


def columns(trace: list[float]) -> list[int]:
    """Height in pixels of the bar of each second."""
    graph = Graph()
    graph.setWidth(SHOWN)
    graph.setHeight(10)
    graph.setProperty("trace", trace)
    graph.setProperty("colour", QColor("red"))
    image = QImage(SHOWN, 10, QImage.Format.Format_RGB32)
    image.fill(QColor("black"))
    painter = QPainter(image)
    graph.paint(painter)
    painter.end()
    return [sum(image.pixelColor(x, y) == QColor("red") for y in range(10)) for x in range(SHOWN)]


def test_the_newest_second_is_on_the_right_and_the_highest_fills_the_height(qtbot: QtBot) -> None:
    assert columns([0.5, 1.0]) == [0] * (SHOWN - 2) + [5, 10]


def test_nothing_measured_leaves_a_gap_and_nothing_at_all_a_line(qtbot: QtBot) -> None:
    assert columns([1.0, -1.0, 0.0])[-3:] == [10, 0, 1]
