from pytestqt.qtbot import QtBot

from loco_kiosk.settings import KioskSettings
from loco_kiosk.ui import drawing
from loco_kiosk.ui.drawing import Drawing
from tests.loco_kiosk.ui._scene import make_scene


def test_painting_is_limited_and_says_so() -> None:
    painted = Drawing(painted=True)
    assert painted.limit(0) == drawing.PAINTED_SWAPS_PER_S
    assert painted.limit(20) == 20
    assert "20 redraws" in painted.words(20)


def test_a_gpu_follows_the_display_and_says_nothing() -> None:
    by_gpu = Drawing(painted=False)
    assert by_gpu.limit(0) == 0
    assert by_gpu.words(0) == ""


def test_what_the_environment_wants_is_done(qtbot: QtBot) -> None:
    assert drawing.choose({"QT_QUICK_BACKEND": "software"}).painted
    assert not drawing.choose({"QSG_RHI_BACKEND": "vulkan"}).painted


def test_without_a_window_system_there_is_no_gpu(qtbot: QtBot) -> None:
    assert drawing.choose({}).painted


def test_pictures_that_would_stay_black_are_told_of(qtbot: QtBot) -> None:
    painted = Drawing(painted=True)
    scene = make_scene(KioskSettings(fullscreen=False), painted=True)
    scene.open()
    assert painted.blocked(scene.window) == ""
    assert "QT_QUICK_BACKEND" in Drawing(painted=False).blocked(scene.window)
    scene.close()
