from loco_kiosk.client.lan_view import LanView
from loco_kiosk.models.lan_model import LanModel
from tests.backend.fake_switch import STATUS


def test_it_shows_what_is_told_by_the_names_of_the_machines() -> None:
    model = LanModel()
    changes: list[None] = []
    model.changed.connect(lambda: changes.append(None))
    assert (model.known, model.summary, model.rooms, model.trouble) == (False, "Asking the switch.", [], "")
    model.take(LanView(STATUS), {"instance-0": "Castle Yard"})
    assert model.known
    assert model.summary.startswith("One network · 1 of 2 connected")
    assert [port["name"] for port in model.rooms[0]["ports"]] == ["Castle Yard", "instance-1"]
    model.take(LanView(None, "It is off."), {})
    assert (model.known, model.rooms, model.trouble) == (False, [], "It is off.")
    assert len(changes) == 2
    assert len(model.legend) == 4
