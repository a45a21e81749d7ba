"""Pixels of the real window on a real display, by both ways of drawing."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from loco_kiosk.look import palette
from loco_kiosk.settings import KioskSettings
from loco_kiosk.ui.window import theme
from tests.loco_kiosk.ui._scene import make_scene
from tests.loco_kiosk.xvfb import x_display

ROOT = Path(__file__).parents[3]


def test_the_theme_has_every_colour_of_the_palette() -> None:
    assert theme()["chip"] == palette.CHIP
    assert theme()["states"] == palette.STATES


def test_kiosk_mode_does_not_leave_the_full_screen(qtbot: QtBot) -> None:
    scene = make_scene(KioskSettings(kiosk=True), painted=True)
    scene.open()
    assert scene.window.fills_screen()
    scene.window.toggle_fullscreen()
    assert scene.window.fills_screen()
    scene.close()


@pytest.mark.parametrize("kiosk", [True, False])
def test_in_kiosk_mode_a_window_manager_cannot_close_the_window(qtbot: QtBot, kiosk: bool) -> None:
    scene = make_scene(KioskSettings(kiosk=kiosk), painted=True)
    asked: list[bool] = []
    scene.window.closing.connect(lambda: asked.append(True))
    scene.open()
    scene.window.close()
    assert scene.window.isVisible() is kiosk
    assert bool(asked) is not kiosk
    scene.close()
    assert not scene.window.isVisible()


@pytest.fixture(scope="module", params=["painted", "gl"])
def found(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    directory = tmp_path_factory.mktemp(request.param)
    with x_display() as environment:
        command = [sys.executable, "-m", "tests.loco_kiosk.ui._window_program", request.param, str(directory)]
        done = subprocess.run(
            command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=90, check=False
        )
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result | {"shot": directory / "deep" / "shot.png"}


@pytest.mark.gl
def test_every_tile_shows_its_own_picture(found: dict[str, Any]) -> None:
    assert found["first_swap"]
    assert found["presented"]
    assert len(set(found["centres"])) == 9


@pytest.mark.gl
def test_still_tiles_cause_no_swaps(found: dict[str, Any]) -> None:
    assert found["still_swaps"] == 0


@pytest.mark.gl
def test_zooming_keeps_the_video_item_and_fills_the_height(found: dict[str, Any]) -> None:
    assert found["same_item"]
    assert found["zoomed"] == [160, 0, 960, 720]
    assert found["zoomed_presented"]


@pytest.mark.gl
def test_the_scene_gives_no_warnings(found: dict[str, Any]) -> None:
    assert found["warnings"] == []


@pytest.mark.gl
def test_the_screenshot_is_the_window(found: dict[str, Any]) -> None:
    image = QImage(str(found["shot"]))
    assert (image.width(), image.height()) == (1280, 720)
