import pytest

from loco_kiosk.client.tile import TileState, TileView
from loco_kiosk.models.history import KEPT, SHOWN, History, Measured


def measured(**changes: object) -> Measured:
    view = TileView(slot=0, id="instance-0", name="Yard", state=TileState.LIVE, **changes)  # type: ignore[arg-type]  # a dict
    return Measured(view, shown_fps=view.fps, swap_ms=20.0)


def test_a_trace_is_the_last_minute_as_parts_of_its_top() -> None:
    history = History()
    for second in range(200):
        history.add({"instance-0": measured(fps=30.0, delay_ms=float(second), stages_ms={"encode": 2.0})})
    trace = history.trace("instance-0", "delay_ms")
    assert len(trace) == SHOWN
    assert trace[-1] == 1.0
    assert trace[0] == pytest.approx(140 / 199)
    assert len(history.samples("instance-0")) == KEPT
    assert history.trace("instance-0", "stage_encode_ms")[0] == 0.4


def test_small_values_stay_small_and_gaps_are_gaps() -> None:
    history = History()
    history.add({"instance-0": measured(fps=30.0, delay_ms=1.0)})
    history.add({"instance-0": measured(fps=0.0, delay_ms=1.0)})
    assert history.trace("instance-0", "delay_ms") == [0.2, -1.0]
    assert history.trace("instance-0", "loss") == [0.0, 0.0]
    assert history.trace("instance-0", "key_to_picture_ms") == []


def test_who_is_gone_is_forgotten() -> None:
    history = History()
    history.add({"instance-0": measured()})
    history.add({})
    assert history.samples("instance-0") == []
