"""The one place where window events become input: keys by physical key, mouse, wheel and touch for the guest in front.

What belongs to nobody here goes on to Qt Quick.
"""

import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QCursor, QEventPoint, QKeyEvent, QMouseEvent, QTouchEvent, QWheelEvent, QWindow

from backend.contract.control import PointerMode
from loco_kiosk.input.pointer import INTERVAL_US, Rect, to_picture
from loco_kiosk.input.router import Router
from loco_kiosk.input.touch import Touch, TouchAction, TouchMove
from loco_kiosk.ui.keyboard_grab import KeyboardGrab
from loco_kiosk.ui.pointer_capture import PointerCapture
from loco_kiosk.ui.scan_codes import Reader

log = logging.getLogger(__name__)

BUTTONS = {
    Qt.MouseButton.LeftButton: 0,
    Qt.MouseButton.MiddleButton: 1,
    Qt.MouseButton.RightButton: 2,
    Qt.MouseButton.BackButton: 3,
    Qt.MouseButton.ForwardButton: 4,
}
"""Numbers of :data:`backend.contract.input.BUTTONS`."""


class Surface(Protocol):
    """What the scene shows of the guest in front, in window coordinates."""

    def picture(self) -> Rect | None:
        """Where its picture is; None while there is none or it still moves into place."""

    def controls(self) -> Sequence[Rect]:
        """The kiosk's own controls, which may lie over the picture."""

    def guest_width_px(self) -> int:
        """Width of the picture in guest pixels."""


def monotonic_us() -> int:
    """The process's clock for input, in microseconds."""
    return time.monotonic_ns() // 1000


class EventFilter(QObject):
    """Filter on the window. Lets go and takes itself off the window if one of its handlers raises.

    Signals:
        active: somebody touched keyboard, mouse or screen.
        said: a sentence for the person, such as that this window system cannot hold the mouse.
    """

    active = Signal()
    said = Signal(str)

    # Qt may still call a filter whose Python half the garbage collector has already emptied.
    _handlers: Mapping[QEvent.Type, Callable[..., bool]] = MappingProxyType({})

    def __init__(
        self,
        window: QWindow,
        router: Router,
        surface: Surface,
        *,
        read_key: Reader,
        grab: KeyboardGrab,
        capture: PointerCapture,
        clock: Callable[[], int] = monotonic_us,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._router = router
        self._surface = surface
        self._read_key = read_key
        self._grab = grab
        self._capture = capture
        self._clock = clock
        self._relative = False
        self._touch = Touch()
        self._finger = -1
        self._unknown: set[int] = set()
        self._cursor_before: QCursor | None = None
        self._move_timer = _timer(self, self._on_move_due)
        self._touch_timer = _timer(self, self._on_touch_due)
        self._handlers = {
            QEvent.Type.KeyPress: self._on_key,
            QEvent.Type.KeyRelease: self._on_key,
            QEvent.Type.MouseButtonPress: self._on_button,
            QEvent.Type.MouseButtonDblClick: self._on_button,
            QEvent.Type.MouseButtonRelease: self._on_button,
            QEvent.Type.MouseMove: self._on_mouse_move,
            QEvent.Type.Wheel: self._on_wheel,
            QEvent.Type.TouchBegin: self._on_touch,
            QEvent.Type.TouchUpdate: self._on_touch,
            QEvent.Type.TouchEnd: self._on_touch,
            QEvent.Type.TouchCancel: self._on_touch_cancel,
            QEvent.Type.FocusIn: self._on_focus_in,
            QEvent.Type.FocusOut: self._on_focus_out,
            QEvent.Type.Hide: self._on_focus_out,
        }
        window.installEventFilter(self)

    def follow(self, pointer: PointerMode) -> None:
        """The guest in front, its pointer mode or an open panel changed: hold what it needs, let go of the rest."""
        self._relative = pointer is PointerMode.RELATIVE
        to_guest = self._router.to_guest
        if not to_guest:
            self._drop_finger()
            self._show_cursor()
        if notice := self._grab.want(to_guest):
            self.said.emit(notice)
        if not (to_guest and self._relative):
            self._capture.stop()
        elif self._window.isActive() and (notice := self._capture.start()):
            self.said.emit(notice)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - overrides Qt's
        """Whether the event was taken."""
        handler = self._handlers.get(event.type())
        if handler is None:
            return False
        try:
            return handler(event)
        except Exception:
            log.exception("the input filter failed and is switched off; the kiosk must be started again")
            watched.removeEventFilter(self)
            self._let_go()
            return False

    # Keys

    def _on_key(self, event: QKeyEvent) -> bool:
        self.active.emit()
        if event.isAutoRepeat():
            return self._router.to_guest
        key = self._read_key(event.nativeScanCode(), event.nativeVirtualKey())
        if key is None:
            self._count_unknown(event.nativeScanCode())
            return self._router.to_guest
        return self._router.key(key.code, event.type() is QEvent.Type.KeyPress)

    def _count_unknown(self, scan_code: int) -> None:
        self._router.drops["unknown key"] += 1
        if scan_code not in self._unknown:
            self._unknown.add(scan_code)
            log.warning("no PC has the key with scan code %d; it is left out", scan_code)

    # Mouse

    def _on_button(self, event: QMouseEvent) -> bool:
        self.active.emit()
        down = event.type() is not QEvent.Type.MouseButtonRelease
        button = BUTTONS.get(event.button())
        if button is None or (down and not self._on_picture(event.position())):
            return False
        position = None if self._relative else self._position(event.position())
        return self._router.button(button, down, position, self._clock())

    def _on_mouse_move(self, event: QMouseEvent) -> bool:
        self.active.emit()
        if not self._router.to_guest:
            return False
        if self._relative:
            dx, dy = self._capture.moved(event.position())
            self._move_by(dx, dy)
            return self._capture.on
        on_picture = self._on_picture(event.position())
        self._hide_cursor() if on_picture else self._show_cursor()
        # Beside the picture the pointer slides along its edge: a fast hand must reach the guest's own edges.
        position = self._position(event.position())
        if position is not None and (on_picture or not self._on_control(event.position())):
            self._router.move_to(*position, self._clock())
            self._wait_for_move()
        return on_picture

    def _on_wheel(self, event: QWheelEvent) -> bool:
        self.active.emit()
        if not self._on_picture(event.position()):
            return False
        turn = event.angleDelta()
        self._router.wheel(-turn.y(), -turn.x(), self._clock())
        return True

    def _on_picture(self, position: QPointF) -> bool:
        """Whether the pointer is the guest's here: on its picture, or held by it, or in the middle of a drag."""
        if not self._router.to_guest:
            return False
        if self._capture.on or self._router.button_held():
            return True
        picture = self._surface.picture()
        on_picture = picture is not None and picture.contains(position.x(), position.y())
        return on_picture and not self._on_control(position)

    def _on_control(self, position: QPointF) -> bool:
        return any(control.contains(position.x(), position.y()) for control in self._surface.controls())

    def _position(self, position: QPointF) -> tuple[int, int] | None:
        picture = self._surface.picture()
        return None if picture is None else to_picture(picture, position.x(), position.y())

    def _move_by(self, dx: float, dy: float) -> None:
        picture = self._surface.picture()
        if picture is not None and picture.width > 0 and (dx or dy):
            scale = self._surface.guest_width_px() / picture.width
            self._router.move_by(dx * scale, dy * scale, self._clock())
            self._wait_for_move()

    def _wait_for_move(self) -> None:
        if self._router.move_waits and not self._move_timer.isActive():
            self._move_timer.start(INTERVAL_US // 1000)

    def _on_move_due(self) -> None:
        self._router.send_due_move(self._clock())
        self._wait_for_move()

    # Touch

    def _on_touch(self, event: QTouchEvent) -> bool:
        self.active.emit()
        points: list[QEventPoint] = event.points()
        if event.type() is QEvent.Type.TouchBegin:
            if not points or not self._on_picture(points[0].scenePosition()):
                return False
            self._finger = points[0].id()
        if self._finger < 0:
            return False
        for point in points:
            if point.id() == self._finger:
                self._follow_finger(point)
        event.accept()
        return True

    def _follow_finger(self, point: QEventPoint) -> None:
        x, y, now = point.scenePosition().x(), point.scenePosition().y(), self._clock()
        match point.state():
            case QEventPoint.State.Pressed:
                self._perform(self._touch.down(x, y, now, relative=self._relative))
            case QEventPoint.State.Released:
                self._finger = -1
                self._perform(self._touch.up(x, y, now))
            case _:
                self._perform(self._touch.move(x, y, now))
        self._wait_for_touch()

    def _on_touch_cancel(self, _event: QTouchEvent) -> bool:
        self._drop_finger()
        return False

    def _on_touch_due(self) -> None:
        self._perform(self._touch.tick(self._clock()))

    def _wait_for_touch(self) -> None:
        due = self._touch.due_us
        if due is None:
            self._touch_timer.stop()
        else:
            self._touch_timer.start(max(0, due - self._clock() + 999) // 1000)

    def _drop_finger(self) -> None:
        self._finger = -1
        self._touch_timer.stop()
        self._perform(self._touch.cancel())

    def _perform(self, actions: Iterable[TouchAction]) -> None:
        for action in actions:
            position = None if self._relative else self._position(QPointF(action.x, action.y))
            if not isinstance(action, TouchMove):
                self._router.button(action.button, action.down, position, self._clock())
            elif position is None:
                self._move_by(action.dx, action.dy)
            else:
                self._router.move_to(*position, self._clock())
                self._wait_for_move()

    # Focus

    def _on_focus_in(self, _event: QEvent) -> bool:
        self.follow(PointerMode.RELATIVE if self._relative else PointerMode.ABSOLUTE)
        return False

    def _on_focus_out(self, _event: QEvent) -> bool:
        self._let_go()
        return False

    def _let_go(self) -> None:
        self._drop_finger()
        self._router.release_all()
        self._capture.stop()
        self._grab.lost()
        self._show_cursor()

    def _hide_cursor(self) -> None:
        """The guest draws a pointer of its own."""
        if self._cursor_before is None:
            self._cursor_before = self._window.cursor()
            self._window.setCursor(QCursor(Qt.CursorShape.BlankCursor))

    def _show_cursor(self) -> None:
        if self._cursor_before is not None:
            self._window.setCursor(self._cursor_before)
            self._cursor_before = None


def _timer(parent: QObject, on_timeout: Callable[[], None]) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(on_timeout)
    return timer
