from pytestqt.qtbot import QtBot

from loco_kiosk.settings import KioskSettings
from tests.loco_kiosk.ui._scene import make_scene
from tests.loco_kiosk.ui._synthetic import all_live, picture, timing, view


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


def test_the_volume_of_the_keys_is_part_of_what_is_saved(qtbot: QtBot) -> None:
    scene = make_scene(KioskSettings(fullscreen=False, volume=50), painted=True)
    scene.controller.command("volume_up")
    scene.controller.command("mute")
    assert (scene.settings.now.volume, scene.settings.now.muted) == (55, True)
    scene.settings.choose("muted", 1)
    assert not scene.sound.muted
    scene.close()


def test_unlocking_opens_the_settings_page_of_a_public_terminal(qtbot: QtBot) -> None:
    scene = make_scene(KioskSettings(kiosk=True), painted=True)
    assert scene.settings.locked
    scene.controller.command("unlock")
    assert not scene.settings.locked
    scene.close()


def test_a_page_that_closes_listens_to_no_keys_any_more(qtbot: QtBot) -> None:
    scene = make_scene(KioskSettings(fullscreen=False), painted=True)
    listening: list[bool] = []
    scene.settings.listening.connect(listening.append)
    scene.controller.command("settings")
    scene.settings.listen("mute")
    scene.controller.command("settings")
    assert listening == [True, False]
    scene.close()


def test_another_wall_shows_nothing_of_the_one_before(qtbot: QtBot) -> None:
    scene = make_scene(KioskSettings(fullscreen=False), painted=True)
    scene.controller.show(all_live())
    for slot in range(9):
        scene.presenter.mailbox(f"instance-{slot}").put(picture(slot, 0), timing())
    scene.presenter.flush()
    scene.presenter.mailbox("instance-3").put(picture(3, 1), timing())
    scene.clear()
    assert scene.controller.places == {}
    assert all(scene.presenter.mailbox(f"instance-{slot}").last is None for slot in range(9))
    assert scene.presenter.mailbox("instance-3").take() is None
    scene.close()


def test_pictures_flow_while_a_tile_that_shows_has_moving_ones(qtbot: QtBot) -> None:
    scene = make_scene(KioskSettings(fullscreen=False), painted=True)
    still = tuple(view(slot, fps=0.0) for slot in range(9))
    scene.controller.show(still)
    assert scene.flow() == (False, 0)
    scene.controller.show((*still[:4], view(4), *still[5:]))
    scene.presenter.mailbox("instance-4").shown.presented = 7
    assert scene.flow() == (True, 7)
    scene.controller.pick(0)
    scene.controller.zoom()
    assert scene.flow() == (False, 7)
    scene.close()
