from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtQuick import QQuickWindow
from pytestqt.qtbot import QtBot

from loco_kiosk.settings import KioskSettings
from loco_kiosk.ui import screenshot
from tests.loco_kiosk.ui._scene import make_scene, spin


def test_the_window_is_written_where_asked(qtbot: QtBot, tmp_path: Path) -> None:
    scene = make_scene(KioskSettings(fullscreen=False, width_px=800, height_px=450), painted=True)
    scene.open()
    qtbot.waitUntil(lambda: scene.presenter.swaps > 0, timeout=20_000)
    spin(50)
    screenshot.save(scene.window, tmp_path / "new" / "shot.png")
    assert QImage(str(tmp_path / "new" / "shot.png")).width() == 800
    scene.close()


def test_a_place_that_cannot_be_written_is_told(qtbot: QtBot, tmp_path: Path) -> None:
    window = QQuickWindow()
    window.resize(64, 64)
    window.show()
    (tmp_path / "file").write_text("")
    with pytest.raises(screenshot.ScreenshotError, match="Cannot write"):
        screenshot.save(window, tmp_path / "file" / "shot.png")
    window.close()
