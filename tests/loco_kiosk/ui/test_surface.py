from pytestqt.qtbot import QtBot

from loco_kiosk.client.tile import TileState
from loco_kiosk.settings import KioskSettings
from loco_kiosk.ui.surface import SceneSurface
from tests.loco_kiosk.ui._scene import make_scene
from tests.loco_kiosk.ui._synthetic import all_live, view


def test_the_guest_has_the_picture_only_when_it_is_zoomed_at_rest_and_live(qtbot: QtBot) -> None:
    scene = make_scene(KioskSettings(fullscreen=False, animations=False), painted=True)
    scene.open()
    surface = SceneSurface(scene.window, scene.controller)
    scene.controller.show(all_live())
    assert surface.picture() is None
    scene.controller.pick(1)
    scene.controller.zoom()
    qtbot.waitUntil(lambda: surface.picture() is not None, timeout=5000)
    picture = surface.picture()
    assert picture is not None
    assert picture.width / picture.height == 4 / 3
    assert surface.guest_width_px() == 640
    assert len(surface.controls()) == 1
    scene.controller.show((all_live()[0], view(1, TileState.LOST), *all_live()[2:]))
    assert surface.picture() is None
    scene.close()
