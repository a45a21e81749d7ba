import time
from dataclasses import replace

import pytest

from backend.contract.events import DiscoveryState
from loco_kiosk.client.backend_view import BackendView
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
    assert {entry["state"]: entry["count"] for entry in model.summary}["live"] == 1


def test_figures_announce_a_change_once() -> None:
    model = StatusModel()
    seen: list[int] = []
    model.figuresChanged.connect(lambda: seen.append(1))
    for _ in range(2):
        model.show_figures("1 · Yard", [{"label": "Loss", "value": "0 %"}])
    assert len(seen) == 1
    assert model.figuresTitle == "1 · Yard"


VIEW = BackendView(
    "http://wall", connected=True, reason="", mode="static", synced=True, age_s=0.0, revision=1,
    state=DiscoveryState.LIVE,
)  # fmt: skip


def test_the_line_about_the_source_announces_only_what_changed() -> None:
    model = StatusModel()
    seen: list[int] = []
    model.discoveryChanged.connect(lambda: seen.append(1))
    now_s = VIEW.taken_s
    model.show_discovery(VIEW, now_s)
    model.show_discovery(VIEW, now_s + 1)
    model.show_discovery(replace(VIEW, state=DiscoveryState.STALE), now_s + 2)
    assert len(seen) == 2
    assert model.discovery["word"] == "Stale"


def test_the_details_are_there_for_the_page() -> None:
    model = StatusModel()
    model.show_details(VIEW, time.monotonic())
    assert model.details[0] == {"label": "Source", "value": "List in a file"}
    assert model.machines == []
