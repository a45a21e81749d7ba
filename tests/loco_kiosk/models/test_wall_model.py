from PySide6.QtCore import QModelIndex

from loco_kiosk.client.tile import TileState
from loco_kiosk.models.wall_model import Role, WallModel
from tests.loco_kiosk.ui._synthetic import all_live, view


def value(model: WallModel, position: int, role: Role) -> object:
    return model.data(model.index(position), role)


def changes(model: WallModel) -> list[tuple[int, set[Role]]]:
    seen: list[tuple[int, set[Role]]] = []
    model.dataChanged.connect(lambda top, _bottom, roles: seen.append((top.row(), {Role(role) for role in roles})))
    return seen


def test_roles_are_named_for_qml() -> None:
    names = {bytes(name.data()).decode() for name in WallModel().roleNames().values()}
    assert {"number", "title", "phase", "stateWord", "reason", "nextStep", "fps", "delay", "level", "holder"} <= names


def test_there_are_always_nine_places() -> None:
    model = WallModel()
    assert model.rowCount(QModelIndex()) == 9
    assert value(model, 8, Role.phase) == "empty"
    model.show([view(2)], 0)
    assert value(model, 2, Role.title) == "Mountain Line"
    assert value(model, 0, Role.phase) == "empty"


def test_only_what_changed_is_announced() -> None:
    model = WallModel()
    model.show(all_live(), 0)
    seen = changes(model)
    model.show(all_live(), 0)
    assert seen == []
    model.show((view(0, fps=12.0), *all_live()[1:]), 0)
    assert seen == [(0, {Role.fps})]


def test_figures_that_round_alike_announce_nothing() -> None:
    model = WallModel()
    model.show([view(0, fps=29.6)], 0)
    seen = changes(model)
    model.show([view(0, fps=30.2)], 0)
    assert seen == []


def test_a_meter_moves_by_whole_bricks() -> None:
    model = WallModel()
    model.show(all_live(), 0)
    seen = changes(model)
    model.set_levels({"instance-3": -27.0})
    model.set_levels({"instance-3": -27.5})
    assert seen == [(3, {Role.level})]
    model.show(all_live(), 0)
    assert value(model, 3, Role.level) == 6


def test_the_second_page_shows_the_tenth_slot_first() -> None:
    model = WallModel()
    model.show(all_live(12), 1)
    assert value(model, 0, Role.number) == 10
    assert value(model, 5, Role.phase) == "empty"


def test_a_tile_that_starts_covers_its_picture() -> None:
    model = WallModel()
    model.show([view(0, TileState.BOOTING), view(1, TileState.STALE)], 0)
    assert value(model, 0, Role.covered) is True
    assert value(model, 1, Role.covered) is False
    assert value(model, 1, Role.live) is False


def test_a_machine_that_can_be_played_although_something_is_wrong_shows_its_picture_and_a_warning() -> None:
    model = WallModel()
    model.show([view(0, TileState.DEGRADED, "No sound."), view(1, TileState.LEAVING), view(2)], 0)
    assert [value(model, position, Role.live) for position in range(3)] == [True, True, True]
    assert [value(model, position, Role.warning) for position in range(3)] == [
        "No sound.",
        "The machine is being stopped",
        "",
    ]


def test_a_place_without_a_machine_is_pale_and_covered() -> None:
    model = WallModel()
    model.show([view(0), view(1, TileState.GONE), view(2, TileState.PENDING)], 0)
    assert [value(model, position, Role.vacant) for position in range(4)] == [False, True, False, True]
    assert [value(model, position, Role.covered) for position in range(4)] == [False, True, True, True]
    assert value(model, 1, Role.title) == "Harbour"


def test_a_poor_stream_is_told_on_its_tile_unless_the_machine_has_trouble_of_its_own() -> None:
    model = WallModel()
    troubled = view(1, TileState.DEGRADED, "No sound.")
    model.show((view(0), troubled, view(2)), 0)
    model.set_alerts({"instance-0": "Poor network.", "instance-1": "Poor network."})
    assert [value(model, place, Role.warning) for place in range(3)] == ["Poor network.", "No sound.", ""]
    assert [value(model, place, Role.warningGlyph) for place in range(2)] == ["figures", "degraded"]
    model.set_alerts({})
    assert value(model, 0, Role.warning) == ""
