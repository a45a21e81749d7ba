import pytest

from loco_kiosk.models.status_model import StatusModel
from tests.loco_kiosk.ui._synthetic import all_states


def test_only_changes_are_announced() -> None:
    model = StatusModel()
    seen: list[int] = []
    model.changed.connect(lambda: seen.append(1))
    model.set(clock="15:42")
    model.set(clock="15:42")
    assert len(seen) == 1
    assert model.clock == "15:42"


def test_an_unknown_text_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        StatusModel().set(weather="fine")


def test_tiles_are_counted_by_state() -> None:
    model = StatusModel()
    model.show(all_states())
    assert {entry["state"]: entry["count"] for entry in model.summary}["live"] == 4


def test_figures_announce_a_change_once() -> None:
    model = StatusModel()
    seen: list[int] = []
    model.figuresChanged.connect(lambda: seen.append(1))
    for _ in range(2):
        model.show_figures("1 · Yard", [{"label": "Loss", "value": "0 %"}])
    assert len(seen) == 1
    assert model.figuresTitle == "1 · Yard"
