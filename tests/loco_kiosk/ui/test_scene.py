from pytestqt.qtbot import QtBot

from loco_kiosk.settings import KioskSettings
from tests.loco_kiosk.ui._scene import make_scene
from tests.loco_kiosk.ui._synthetic import all_live


def test_settings_rule_the_mix_and_the_picked_tile_is_in_front(qtbot: QtBot) -> None:
    scene = make_scene(KioskSettings(fullscreen=False, volume=35, mono=True), painted=True)
    assert (scene.sound.volume, scene.sound.mono) == (35, True)
    scene.controller.show(all_live())
    scene.controller.pick(2)
    assert scene._mixer.focus == "instance-2"
    scene.close()


def test_changes_of_the_settings_page_count_at_once(qtbot: QtBot) -> None:
    scene = make_scene(KioskSettings(fullscreen=False), painted=True)
    scene.open()
    scene.settings.choose("mono", 0)
    assert scene.sound.mono
    scene.settings.choose("max_swaps_per_s", 2)
    assert "60 redraws" in scene.status.drawing
    scene.close()
