"""How a zoomed picture fills the screen, in the screen's own pixels."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PROGRAM = """
import sys
from PySide6.QtGui import QGuiApplication
from loco_kiosk.settings import KioskSettings
from tests.loco_kiosk.ui._scene import make_scene, spin
from tests.loco_kiosk.ui._synthetic import view
application = QGuiApplication([])
settings = KioskSettings(fullscreen=False, animations=False, width_px=1280, height_px=720, scaling=sys.argv[1])
scene = make_scene(settings, painted=True)
scene.open()
scene.controller.show((view(0, width_px=int(sys.argv[2]), height_px=int(sys.argv[3])),))
scene.controller.pick(0)
scene.controller.zoom()
spin(200)
ratio = scene.window.devicePixelRatio()
picture = scene.window.rootObject().property("picture")
print(*(round(part * ratio, 3) for part in picture.getRect()))
scene.close()
"""


@pytest.mark.parametrize(
    ("scale", "scaling", "guest", "picture"),
    [
        ("1", "smooth", (640, 480), (160, 0, 960, 720)),
        ("1", "integer", (640, 480), (320, 120, 640, 480)),
        ("1.5", "integer", (640, 480), (320, 60, 1280, 960)),
        ("2", "integer", (640, 480), (320, 0, 1920, 1440)),
        ("1.25", "integer", (800, 600), (400, 150, 800, 600)),
        ("1", "integer", (1600, 1200), (160, 0, 960, 720)),
        ("1", "sharp", (640, 480), (160, 0, 960, 720)),
        ("1", "smooth", (320, 200), (64, 0, 1152, 720)),
    ],
)
def test_a_guest_pixel_is_a_whole_number_of_screen_pixels_where_one_fits(
    scale: str, scaling: str, guest: tuple[int, int], picture: tuple[int, ...]
) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": scale}
    command = [sys.executable, "-c", PROGRAM, scaling, *map(str, guest)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=True)
    assert tuple(map(float, done.stdout.split())) == picture
