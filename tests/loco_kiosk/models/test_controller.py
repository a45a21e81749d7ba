import pytest

from backend.contract.control import PointerMode, Tier
from loco_kiosk.client.tile import TileState
from loco_kiosk.models.controller import Controller
from loco_kiosk.models.wall_model import WallModel
from tests.loco_kiosk.ui._scene import RecordedCommands
from tests.loco_kiosk.ui._synthetic import all_live, view


@pytest.fixture
def commands() -> RecordedCommands:
    return RecordedCommands()


@pytest.fixture
def controller(commands: RecordedCommands) -> Controller:
    made = Controller(WallModel(), commands)
    made.show(all_live(12))
    return made


def test_zooming_asks_for_control_and_going_back_gives_it(controller: Controller, commands: RecordedCommands) -> None:
    controller.command("pick_2")
    controller.command("zoom")
    assert controller.zoomed
    assert controller.focus == "instance-1"
    controller.command("grid")
    assert commands.asked == [("request", "instance-1"), ("release", "instance-1")]


def test_held_keys_are_released_before_control_is(controller: Controller, commands: RecordedCommands) -> None:
    seen: list[int] = []
    controller.pick(0)
    controller.zoom()
    controller.focusChanged.connect(lambda _focus: seen.append(len(commands.asked)))
    controller.grid()
    assert seen == [1]


def test_an_empty_slot_does_not_zoom(controller: Controller) -> None:
    controller.command("page_down")
    controller.pick(8)
    controller.zoom()
    assert not controller.zoomed


def test_hidden_streams_are_told_so(controller: Controller, commands: RecordedCommands) -> None:
    assert [commands.tiers[f"instance-{slot}"] for slot in (0, 9)] == [Tier.GRID, Tier.HIDDEN]
    controller.pick(0)
    controller.zoom()
    assert [commands.tiers[f"instance-{slot}"] for slot in (0, 1)] == [Tier.ZOOMED, Tier.HIDDEN]


def test_turning_the_page_places_other_instances(controller: Controller) -> None:
    controller.turn(1)
    assert controller.places == {0: "instance-9", 1: "instance-10", 2: "instance-11"}


def test_escape_closes_a_panel_before_it_leaves_the_tile(controller: Controller) -> None:
    controller.pick(0)
    controller.zoom()
    controller.command("keys")
    assert controller.panel == "keys"
    controller.command("grid")
    assert (controller.panel, controller.zoomed) == ("", True)


@pytest.mark.parametrize("name", ["help", "settings", "keys", "machines", "walls"])
def test_a_panel_opens_and_closes_by_its_command(controller: Controller, name: str) -> None:
    controller.command(name)
    assert controller.panel == name
    controller.command(name)
    assert controller.panel == ""


def test_what_is_not_ours_goes_on(controller: Controller) -> None:
    asked: list[str] = []
    controller.asked.connect(asked.append)
    controller.command("mute")
    assert asked == ["mute"]


def test_a_chord_is_typed_into_the_guest_and_closes_the_menu(controller: Controller) -> None:
    typed: list[list[str]] = []
    controller.chordAsked.connect(typed.append)
    controller.command("keys")
    controller.typeChord(0)
    assert typed == [["ControlLeft", "AltLeft", "Delete"]]
    assert controller.panel == ""


def test_leaving_gives_everything_back(controller: Controller, commands: RecordedCommands) -> None:
    controller.pick(0)
    controller.zoom()
    controller.command("overlay")
    controller.leave()
    assert (controller.zoomed, controller.picked, controller.overlay, controller.focus) == (False, -1, False, "")
    assert commands.asked[-1] == ("release", "instance-0")


def test_a_machine_that_vanishes_while_zoomed_keeps_its_slot(controller: Controller) -> None:
    controller.pick(0)
    controller.zoom()
    controller.show((view(0, TileState.LOST), *all_live(12)[1:]))
    assert controller.zoomed


def test_the_pointer_mode_is_the_focused_guests(controller: Controller) -> None:
    controller.show((view(0, pointer=PointerMode.RELATIVE), *all_live(12)[1:]))
    in_the_grid = controller.pointer
    controller.pick(0)
    controller.zoom()
    assert [in_the_grid, controller.pointer] == [PointerMode.ABSOLUTE, PointerMode.RELATIVE]


@pytest.fixture
def said(controller: Controller) -> list[str]:
    sentences: list[str] = []
    controller.said.connect(sentences.append)
    return sentences


@pytest.mark.parametrize("zoomed", [True, False])
@pytest.mark.parametrize("level", ["reset", "restart"])
def test_a_machine_is_started_anew_only_after_a_question_whether_it_is_stuck_or_not(
    controller: Controller, commands: RecordedCommands, said: list[str], zoomed: bool, level: str
) -> None:
    controller.pick(3)
    if zoomed:
        controller.zoom()
    commands.asked.clear()
    controller.command("recover")
    assert (controller.panel, controller.inFront) == ("recover", "4 · Old Town")
    assert commands.asked == []
    controller.startAnew(level)
    assert commands.asked == [(level, "instance-3")]
    assert (controller.panel, controller.zoomed) == ("", zoomed)
    assert said == ["4 · Old Town is being started anew."]


def test_the_question_is_answered_by_enter_and_taken_back_by_escape(
    controller: Controller, commands: RecordedCommands
) -> None:
    controller.pick(3)
    controller.command("recover")
    controller.command("grid")
    assert (controller.panel, commands.asked) == ("", [])
    controller.command("recover")
    controller.command("zoom")
    assert (controller.zoomed, commands.asked) == (False, [("reset", "instance-3")])


def test_without_a_picked_machine_nothing_is_started_anew(
    controller: Controller, commands: RecordedCommands, said: list[str]
) -> None:
    controller.command("recover")
    controller.startAnew("reset")
    assert (controller.panel, commands.asked) == ("", [])
    assert said == ["Pick a machine first, then start it anew."]


def test_a_machine_that_was_switched_off_leads_back_to_the_grid_and_cannot_be_zoomed(
    controller: Controller, commands: RecordedCommands, said: list[str]
) -> None:
    controller.pick(0)
    controller.zoom()
    controller.command("keys")
    controller.show((view(0, TileState.GONE), *all_live(12)[1:]))
    assert (controller.zoomed, controller.panel) == (False, "")
    assert commands.asked[-1] == ("release", "instance-0")
    assert said == ["1 · Castle Yard was switched off."]
    controller.zoom()
    assert not controller.zoomed


def test_a_machine_that_is_taken_off_the_wall_leads_back_to_the_grid(
    controller: Controller, commands: RecordedCommands
) -> None:
    controller.pick(0)
    controller.zoom()
    controller.show(all_live(12)[1:])
    assert (controller.zoomed, controller.focus) == (False, "")
    assert commands.asked[-1] == ("release", "instance-0")


def test_a_question_about_a_machine_that_went_is_withdrawn(controller: Controller) -> None:
    controller.pick(0)
    controller.command("recover")
    controller.show(all_live(12)[1:])
    assert controller.panel == ""


def test_a_public_terminal_keeps_its_settings_closed_until_a_warden_opens_them() -> None:
    said: list[str] = []
    locks: list[bool] = []
    controller = Controller(WallModel(), RecordedCommands(), public=True)
    controller.said.connect(said.append)
    controller.lockChanged.connect(locks.append)
    for name in ("settings", "walls"):
        controller.command(name)
        assert controller.panel == ""
    assert "locked" in said[-1]
    controller.command("unlock")
    controller.command("settings")
    assert (controller.panel, controller.locked) == ("settings", False)
    controller.leave()
    assert (controller.panel, controller.locked) == ("", True)
    controller.command("unlock")
    controller.command("settings")
    controller.command("unlock")
    assert (controller.panel, locks) == ("", [False, True, False, True])


def test_without_a_public_terminal_there_is_nothing_to_unlock(controller: Controller, said: list[str]) -> None:
    controller.command("unlock")
    assert said == []
    assert not controller.locked


def test_several_walls_are_asked_about(controller: Controller) -> None:
    picked: list[int] = []
    controller.wallPicked.connect(picked.append)
    controller.ask_for_wall()
    assert controller.panel == "walls"
    controller.command("pick_2")
    assert (controller.panel, controller.picked, picked) == ("", -1, [1])


def test_the_wearers_pick_is_picked_here_on_whatever_page(controller: Controller) -> None:
    controller.follow("instance-10")
    assert (controller.page, controller.picked, controller.zoomed) == (1, 1, False)
    controller.follow("")
    assert controller.picked == -1
    controller.follow("nobody")
    assert controller.picked == -1


def test_the_wearers_pick_takes_the_zoom_along(controller: Controller, commands: RecordedCommands) -> None:
    controller.pick(0)
    controller.zoom()
    controller.follow("instance-2")
    assert controller.focus == "instance-2"
    assert commands.asked[-2:] == [("release", "instance-0"), ("request", "instance-2")]


def test_a_question_about_one_machine_does_not_become_one_about_another(controller: Controller) -> None:
    controller.pick(0)
    controller.command("recover")
    controller.follow("instance-2")
    assert controller.panel == ""


def test_tiles_behind_a_panel_need_fewer_pictures(controller: Controller, commands: RecordedCommands) -> None:
    controller.command("quality")
    assert [commands.tiers[f"instance-{slot}"] for slot in (0, 9)] == [Tier.SMALL, Tier.HIDDEN]
    controller.command("quality")
    assert commands.tiers["instance-0"] is Tier.GRID


def test_the_wall_hears_how_large_the_pictures_of_the_grid_are(
    controller: Controller, commands: RecordedCommands
) -> None:
    controller.showAt(284, 213)
    assert commands.shown_px == (284, 213)
