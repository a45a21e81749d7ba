from backend.contract.keys import BY_CODE
from loco_kiosk.input.grid_keys import GRID_COMMANDS
from loco_kiosk.models.controller import Controller
from loco_kiosk.models.wall_model import WallModel
from tests.loco_kiosk.ui._scene import RecordedCommands


def test_every_key_of_the_grid_is_one_that_keyboards_have() -> None:
    assert set(GRID_COMMANDS) <= set(BY_CODE)


def test_every_key_of_the_grid_does_something_there() -> None:
    controller = Controller(WallModel(), RecordedCommands())
    handed_on: list[str] = []
    controller.asked.connect(handed_on.append)
    for command in GRID_COMMANDS.values():
        controller.command(command)
    assert handed_on == []
