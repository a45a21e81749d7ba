from collections.abc import Sequence

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QEventPoint,
    QKeyEvent,
    QMouseEvent,
    QPointingDevice,
    QTouchEvent,
    QWheelEvent,
    QWindow,
)
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from backend.contract.control import PointerMode
from backend.contract.input import FULL_SCALE, Button, InputMessage, Key, MoveBy, MoveTo, ReleaseAll, Wheel
from backend.contract.keys import BY_CODE
from loco_kiosk.input.hotkeys import Hotkeys
from loco_kiosk.input.pointer import Rect
from loco_kiosk.input.router import Router
from loco_kiosk.input.touch import LONG_PRESS_US
from loco_kiosk.settings import KioskSettings
from loco_kiosk.ui.event_filter import EventFilter
from loco_kiosk.ui.keyboard_grab import KeyboardGrab
from loco_kiosk.ui.pointer_capture import PointerCapture
from loco_kiosk.ui.scan_codes import reader

NONE = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton


class Scene:
    """A 640x480 picture between pillars, with a control on its corner."""

    def __init__(self) -> None:
        self.shown: Rect | None = Rect(80, 0, 640, 480)

    def picture(self) -> Rect | None:
        return self.shown

    def controls(self) -> Sequence[Rect]:
        return (Rect(80, 0, 40, 40),)

    def guest_width_px(self) -> int:
        return 1280


class Kiosk:
    """A window with its filter; ``sent`` and ``commands`` are what came out."""

    def __init__(self) -> None:
        self.now_us = 0
        self.sent: list[InputMessage] = []
        self.commands: list[str] = []
        self.active = 0
        self.scene = Scene()
        self.window = QWindow()
        self.window.resize(800, 480)
        self.router = Router(
            Hotkeys(KioskSettings().hotkeys()),
            send=lambda _instance, message: self.sent.append(message),
            command=self.commands.append,
        )
        self.filter = EventFilter(
            self.window,
            self.router,
            self.scene,
            read_key=reader("offscreen"),
            grab=KeyboardGrab(self.window),
            capture=PointerCapture(self.window, "offscreen"),
            clock=lambda: self.now_us,
        )
        self.filter.active.connect(self._count)

    def _count(self) -> None:
        self.active += 1

    def zoom(self, mode: PointerMode = PointerMode.ABSOLUTE) -> None:
        self.router.set_focus("instance-0")
        self.filter.follow(mode)

    def give(self, event: QEvent) -> bool:
        return self.filter.eventFilter(self.window, event)

    def key(self, code: str, down: bool = True, repeat: bool = False) -> bool:
        kind = QEvent.Type.KeyPress if down else QEvent.Type.KeyRelease
        event = QKeyEvent(kind, 0, NONE, BY_CODE[code].evdev + 8 if code else 500, 0, 0, "", repeat)
        return self.give(event)

    def mouse(self, kind: QEvent.Type, x: float, y: float, button: Qt.MouseButton = Qt.MouseButton.NoButton) -> bool:
        return self.give(QMouseEvent(kind, QPointF(x, y), QPointF(x, y), button, button, NONE))

    def press(self, x: float, y: float, button: Qt.MouseButton = LEFT) -> bool:
        return self.mouse(QEvent.Type.MouseButtonPress, x, y, button)

    def release(self, x: float, y: float, button: Qt.MouseButton = LEFT) -> bool:
        return self.mouse(QEvent.Type.MouseButtonRelease, x, y, button)

    def move(self, x: float, y: float) -> bool:
        return self.mouse(QEvent.Type.MouseMove, x, y)


@pytest.fixture
def kiosk(qtbot: QtBot) -> Kiosk:
    return Kiosk()


def test_a_key_goes_by_its_place_not_by_its_letter(kiosk: Kiosk) -> None:
    kiosk.zoom()
    assert kiosk.key("KeyQ")
    assert kiosk.key("KeyQ", down=False)
    assert kiosk.sent == [Key(1, "KeyQ", True), Key(2, "KeyQ", False)]
    assert kiosk.active == 2


def test_events_that_qt_delivers_to_the_window_are_seen(kiosk: Kiosk) -> None:
    kiosk.zoom()
    press = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, NONE, 38, 0x61, 0, "a")
    QCoreApplication.sendEvent(kiosk.window, press)
    assert kiosk.sent == [Key(1, "KeyA", True)]


def test_auto_repeat_is_dropped_because_the_guest_repeats_itself(kiosk: Kiosk) -> None:
    kiosk.zoom()
    kiosk.key("KeyA")
    assert kiosk.key("KeyA", repeat=True)
    assert kiosk.key("KeyA", down=False, repeat=True)
    assert len(kiosk.sent) == 1


def test_an_unknown_key_is_counted_and_told_once(kiosk: Kiosk, caplog: pytest.LogCaptureFixture) -> None:
    kiosk.zoom()
    for _ in range(3):
        assert kiosk.give(QKeyEvent(QEvent.Type.KeyPress, 0, NONE, 500, 0, 0, ""))
    assert kiosk.router.drops["unknown key"] == 3
    assert caplog.text.count("scan code 500") == 1


def test_in_the_grid_keys_are_commands_and_the_mouse_is_qts(kiosk: Kiosk) -> None:
    assert kiosk.key("Digit5")
    assert kiosk.commands == ["pick_5"]
    assert not kiosk.key("Tab")
    assert not kiosk.press(300, 200)
    assert not kiosk.move(300, 200)
    assert kiosk.sent == []


def test_a_click_on_the_picture_is_the_guests(kiosk: Kiosk) -> None:
    kiosk.zoom()
    assert kiosk.press(80 + 320, 240)
    assert kiosk.release(80 + 320, 240)
    middle = round(FULL_SCALE / 2)
    assert kiosk.sent == [Button(1, 0, True, (middle, middle)), Button(2, 0, False, (middle, middle))]


@pytest.mark.parametrize(("x", "y"), [(10, 10), (100, 20), (790, 470)])
def test_bars_and_controls_stay_clickable(kiosk: Kiosk, x: float, y: float) -> None:
    kiosk.zoom()
    assert not kiosk.press(x, y)
    assert not kiosk.release(x, y)
    assert kiosk.sent == []


def test_a_drag_stays_the_guests_beside_the_picture(kiosk: Kiosk) -> None:
    kiosk.zoom()
    kiosk.press(400, 240)
    kiosk.now_us = 100_000
    assert kiosk.move(799, 240)
    assert kiosk.release(799, 240)
    assert kiosk.sent[1] == MoveTo(2, FULL_SCALE, round(FULL_SCALE / 2))
    assert isinstance(kiosk.sent[2], Button)


def test_a_release_goes_to_whom_the_press_went(kiosk: Kiosk) -> None:
    kiosk.zoom()
    assert not kiosk.press(10, 10)
    assert not kiosk.release(400, 240)
    assert kiosk.sent == []


def test_a_double_click_is_two_presses(kiosk: Kiosk) -> None:
    kiosk.zoom()
    for kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick):
        assert kiosk.mouse(kind, 400, 240, LEFT)
        assert kiosk.release(400, 240)
    assert [message.down for message in kiosk.sent if isinstance(message, Button)] == [True, False, True, False]


def test_the_last_of_many_moves_is_sent_when_the_interval_is_over(kiosk: Kiosk, qtbot: QtBot) -> None:
    kiosk.zoom()
    for x in (300, 400, 720):
        kiosk.move(x, 479.9999)
    kiosk.now_us = 1_000_000
    qtbot.waitUntil(lambda: len(kiosk.sent) == 2, timeout=5000)
    assert kiosk.sent[-1] == MoveTo(2, FULL_SCALE, FULL_SCALE)


def test_the_own_pointer_hides_over_the_picture_only(kiosk: Kiosk) -> None:
    kiosk.zoom()
    kiosk.move(400, 240)
    assert kiosk.window.cursor().shape() is Qt.CursorShape.BlankCursor
    kiosk.move(10, 10)
    assert kiosk.window.cursor().shape() is Qt.CursorShape.ArrowCursor


def test_the_wheel_turns_down_towards_the_person(kiosk: Kiosk) -> None:
    kiosk.zoom()
    turn = QWheelEvent(
        QPointF(400, 240), QPointF(400, 240), QPoint(), QPoint(0, -240), Qt.MouseButton.NoButton, NONE,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    assert kiosk.give(turn)
    assert kiosk.sent == [Wheel(1, 2, 0)]


def test_a_guest_that_takes_movements_gets_them_in_its_own_pixels(kiosk: Kiosk, qtbot: QtBot) -> None:
    kiosk.window.show()
    qtbot.waitUntil(kiosk.window.isActive, timeout=5000)
    kiosk.zoom(PointerMode.RELATIVE)
    kiosk.move(400, 240)
    kiosk.now_us += 100_000
    assert kiosk.move(410, 235)
    assert kiosk.sent == [MoveBy(1, 20, -10)]
    assert kiosk.press(410, 235)
    assert kiosk.sent[-1] == Button(2, 0, True, None)


def test_losing_the_keyboard_releases_everything(kiosk: Kiosk) -> None:
    kiosk.zoom()
    kiosk.key("AltLeft")
    assert not kiosk.give(QEvent(QEvent.Type.FocusOut))
    assert [type(message) for message in kiosk.sent] == [Key, ReleaseAll]


def test_a_filter_that_fails_takes_itself_off_and_lets_go(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    kiosk.zoom()
    kiosk.key("KeyA")
    monkeypatch.setattr(kiosk.router, "key", lambda _code, _down: 1 / 0)
    press = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_B, NONE, 56, 0, 0, "b")
    QCoreApplication.sendEvent(kiosk.window, press)
    assert isinstance(kiosk.sent[-1], ReleaseAll)
    monkeypatch.undo()
    QCoreApplication.sendEvent(kiosk.window, press)
    assert isinstance(kiosk.sent[-1], ReleaseAll), "the filter is off"


@pytest.fixture(scope="session")
def screen(qapp: QApplication) -> QPointingDevice:
    return QPointingDevice(qapp)


STATES = {
    QEvent.Type.TouchBegin: QEventPoint.State.Pressed,
    QEvent.Type.TouchUpdate: QEventPoint.State.Updated,
    QEvent.Type.TouchEnd: QEventPoint.State.Released,
}


def touch(kiosk: Kiosk, screen: QPointingDevice, kind: QEvent.Type, x: int, y: int) -> bool:
    """Straight to the filter: QTest's own touch sequences crash now and then with PySide 6.11."""
    point = QEventPoint(1, STATES[kind], QPointF(x, y), QPointF(x, y))
    return kiosk.give(QTouchEvent(kind, screen, NONE, [point]))


def test_a_tap_clicks_and_a_long_press_is_the_right_button(kiosk: Kiosk, screen: QPointingDevice) -> None:
    kiosk.zoom()
    assert touch(kiosk, screen, QEvent.Type.TouchBegin, 400, 240)
    assert touch(kiosk, screen, QEvent.Type.TouchEnd, 400, 240)
    touch(kiosk, screen, QEvent.Type.TouchBegin, 400, 240)
    kiosk.now_us += LONG_PRESS_US
    touch(kiosk, screen, QEvent.Type.TouchEnd, 400, 240)
    buttons = [(message.button, message.down) for message in kiosk.sent if isinstance(message, Button)]
    assert buttons == [(0, True), (0, False), (2, True), (2, False)]


def test_a_finger_on_a_control_is_qts(kiosk: Kiosk, screen: QPointingDevice) -> None:
    kiosk.zoom()
    assert not touch(kiosk, screen, QEvent.Type.TouchBegin, 90, 10)
    assert not touch(kiosk, screen, QEvent.Type.TouchEnd, 90, 10)
    assert kiosk.sent == []


def test_leaving_the_tile_lifts_the_finger(kiosk: Kiosk, screen: QPointingDevice) -> None:
    kiosk.zoom()
    touch(kiosk, screen, QEvent.Type.TouchBegin, 400, 240)
    touch(kiosk, screen, QEvent.Type.TouchUpdate, 500, 240)
    kiosk.router.set_focus("")
    kiosk.filter.follow(PointerMode.ABSOLUTE)
    assert isinstance(kiosk.sent[-1], ReleaseAll)
