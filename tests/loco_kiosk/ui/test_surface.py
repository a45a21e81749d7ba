from pytestqt.qtbot import QtBot

from loco_kiosk.client.tile import TileState
from loco_kiosk.settings import KioskSettings
from loco_kiosk.ui.surface import SceneSurface
from tests.loco_kiosk.ui._gallery import item
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


def test_on_a_screen_without_pillars_the_menu_is_not_the_guests(qtbot: QtBot) -> None:
    settings = KioskSettings(fullscreen=False, animations=False, width_px=1024, height_px=768)
    scene = make_scene(settings, painted=True)
    scene.open()
    surface = SceneSurface(scene.window, scene.controller)
    scene.controller.show(all_live())
    scene.controller.pick(1)
    scene.controller.zoom()
    qtbot.waitUntil(lambda: surface.picture() is not None, timeout=5000)
    picture = surface.picture()
    assert picture is not None
    assert picture.width == 1024
    corner, folded = surface.controls()
    bars = item(scene.window.rootObject(), "zoomBars")
    bars.setProperty("unfolded", True)
    unfolded = surface.controls()[1]
    assert folded.height < unfolded.height
    assert unfolded.contains(corner.x + 5, corner.y + corner.height + 20)
    tools = item(bars, "tools").childItems()
    assert sum(tool.isVisible() and tool.height() > 10 for tool in tools) == 6
    scene.controller.command("help")
    assert not bars.property("unfolded")
    scene.close()


def test_a_guest_that_is_not_well_still_takes_the_pointer(qtbot: QtBot) -> None:
    scene = make_scene(KioskSettings(fullscreen=False, animations=False), painted=True)
    scene.open()
    surface = SceneSurface(scene.window, scene.controller)
    scene.controller.show((view(0, TileState.DEGRADED, "No sound."),))
    scene.controller.pick(0)
    scene.controller.zoom()
    qtbot.waitUntil(lambda: surface.picture() is not None, timeout=5000)
    scene.close()
