import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF
from PySide6.QtGui import QCursor, QWindow
from pytestqt.qtbot import QtBot

from loco_kiosk.ui.pointer_capture import NO_CAPTURE, PointerCapture, RelativeTracker


def test_the_first_position_is_no_movement() -> None:
    tracker = RelativeTracker()
    assert tracker.moved(100, 100) == (0, 0)
    assert tracker.moved(103, 98) == (3, -2)


def test_the_warps_own_event_is_no_movement() -> None:
    tracker = RelativeTracker()
    tracker.moved(100, 100)
    tracker.warped(500, 500)
    assert tracker.moved(90, 100) == (-10, 0), "an event that was on its way before the warp"
    assert tracker.moved(500, 500) == (0, 0)
    assert tracker.moved(501, 500) == (1, 0)


def test_a_warp_merged_with_a_movement_keeps_the_movement() -> None:
    tracker = RelativeTracker()
    tracker.moved(100, 100)
    tracker.warped(500, 500)
    assert tracker.moved(504, 497) == (4, -3)


@given(st.lists(st.tuples(st.integers(-20, 20), st.integers(-20, 20)), max_size=60))
def test_the_sum_of_movements_is_what_the_hand_did(steps: list[tuple[int, int]]) -> None:
    tracker, at, total = RelativeTracker(), (500, 500), (0.0, 0.0)
    tracker.moved(*at)
    for dx, dy in steps:
        at = (at[0] + dx, at[1] + dy)
        moved = tracker.moved(*at)
        total = (total[0] + moved[0], total[1] + moved[1])
        if max(abs(at[0] - 500), abs(at[1] - 500)) > 100:
            tracker.warped(500, 500)
            at = (500, 500)
            assert tracker.moved(*at) == (0, 0)
    assert total == (sum(dx for dx, _ in steps), sum(dy for _, dy in steps))


def test_it_warps_back_before_the_pointer_meets_an_edge(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    warps: list[object] = []
    monkeypatch.setattr(QCursor, "setPos", lambda point: warps.append(point.toTuple()))
    window = QWindow()
    window.resize(400, 400)
    capture = PointerCapture(window, "xcb")
    assert capture.start() == ""
    assert capture.on
    assert capture.moved(QPointF(200, 200)) == (0, 0)
    assert capture.moved(QPointF(250, 200)) == (50, 0)
    assert len(warps) == 1
    assert capture.moved(QPointF(310, 200)) == (60, 0)
    assert len(warps) == 2
    assert capture.moved(QPointF(200, 200)) == (0, 0)
    capture.stop()
    assert not capture.on
    assert capture.moved(QPointF(0, 0)) == (0, 0)


def test_on_wayland_it_says_what_to_do_and_never_warps(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(QCursor, "setPos")
    capture = PointerCapture(QWindow(), "wayland-egl")
    assert capture.start() == NO_CAPTURE
    capture.moved(QPointF(0, 0))
    assert capture.moved(QPointF(5, 6)) == (5, 6)
