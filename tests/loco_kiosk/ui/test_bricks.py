from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from loco_kiosk.ui.bricks import BRICKS, LitBricks, Studs
from tests.loco_kiosk.ui.painting import painted


def test_as_many_bricks_are_bright_as_the_level_says_each_in_the_colour_of_its_loudness(qtbot: QtBot) -> None:
    bricks = LitBricks()
    bricks.setProperty("gap", 2)
    bricks.setProperty("colours", [QColor("#00ff00"), QColor("#ffff00"), QColor("#ff0000")])
    middles = [round((index + 0.5) * 10) for index in range(BRICKS)]
    for level in (0, 5, 9, 12):
        bricks.setProperty("level", level)
        image = painted(bricks, 10 * BRICKS - 2, 8)
        lit = [max(image.pixelColor(x, 4).red(), image.pixelColor(x, 4).green()) == 255 for x in middles]
        assert lit == [index < level for index in range(BRICKS)]
    assert image.pixelColor(middles[7], 4) == QColor("#00ff00")
    assert image.pixelColor(middles[8], 4) == QColor("#ffff00")
    assert image.pixelColor(middles[11], 4) == QColor("#ff0000")


def test_studs_stand_at_equal_distances_with_a_lit_edge(qtbot: QtBot) -> None:
    studs = Studs()
    studs.setProperty("colour", QColor(200, 100, 50))
    studs.setProperty("count", 4)
    studs.setProperty("edge", 3)
    image = painted(studs, 80, 12)
    row = [image.pixelColor(x, 8) != QColor("black") for x in range(80)]
    assert row == [5 <= x % 20 < 15 for x in range(80)]
    assert image.pixelColor(10, 1).lightness() > image.pixelColor(10, 8).lightness()
