"""Keyboard and mouse of the guest: by D-Bus, and by QMP while D-Bus does not take them."""

import asyncio
from collections import Counter, deque
from collections.abc import Callable

from backend.contract.control import PointerMode
from backend.contract.keys import PhysicalKey
from backend.qemu.display import Display
from backend.qemu.monitor import Monitor

DBUS_BUTTONS = (0, 1, 2, 5, 6)
"""QEMU's numbers of left, middle, right, side and extra, in the order of ``contract.input.BUTTONS``."""
QMP_BUTTONS = ("left", "middle", "right", "side", "extra")
DBUS_WHEEL_UP, DBUS_WHEEL_DOWN = 3, 4
MAX_WHEEL_STEPS = 16
"""In one call; more is a mistake, or a wheel gone mad."""
MAX_WAITING = 256
QMP_FULL_SCALE = 32_767
"""``input-send-event`` takes positions as a fraction of this."""

Event = dict[str, object]


class GuestInput:
    """Sends inputs without ever blocking. Threading: event loop only.

    Attributes:
        pointer: what the guest takes; positions to a relative pointer are dropped, and the other way round.
        drops: inputs that could not be sent, by cause.
    """

    def __init__(self, after_input: Callable[[], None], picture_size: Callable[[], tuple[int, int]]) -> None:
        self.pointer = PointerMode.RELATIVE
        self._after_input = after_input
        self._picture_size = picture_size
        self._display: Display | None = None
        self._held = False
        self._sending = False
        self._waiting: deque[Event] = deque()
        self._has_waiting = asyncio.Event()
        self._drops: Counter[str] = Counter()

    @property
    def drops(self) -> dict[str, int]:
        """Inputs dropped so far: ``pointer mode``, ``no guest``."""
        return dict(self._drops)

    def attach(self, display: Display | None) -> None:
        """Send by this display from now on; None: it is gone, send by QMP."""
        self._display = display

    def hold(self, held: bool) -> None:
        """The guest is stopped, and QEMU would throw inputs away: they wait until it runs again."""
        self._held = held
        if not held and self._waiting:
            self._has_waiting.set()

    def key(self, key: PhysicalKey, down: bool) -> None:
        """Press or release a key."""
        sent = (display := self._direct()) is not None and display.key(key.qnum, down)
        self._sent(sent, {"type": "key", "data": {"down": down, "key": {"type": "qcode", "data": key.qcode}}})

    def button(self, button: int, down: bool) -> None:
        """Press or release a button, numbered as ``contract.input.BUTTONS``."""
        sent = (display := self._direct()) is not None and display.button(DBUS_BUTTONS[button], down)
        self._sent(sent, _button_event(QMP_BUTTONS[button], down))

    def wheel(self, down: int) -> None:
        """Turn the wheel; negative is up. PC mice of QEMU's have no wheel to the side."""
        number, name = (DBUS_WHEEL_DOWN, "wheel-down") if down > 0 else (DBUS_WHEEL_UP, "wheel-up")
        for _ in range(min(abs(down), MAX_WHEEL_STEPS)):
            for pressed in (True, False):
                sent = (display := self._direct()) is not None and display.button(number, pressed)
                self._sent(sent, _button_event(name, pressed))

    def move_to(self, x: int, y: int) -> None:
        """Pointer position in guest pixels."""
        width, height = self._picture_size()
        if self.pointer is not PointerMode.ABSOLUTE or not width or not height:
            self._drops["pointer mode"] += 1
            return
        x, y = min(max(x, 0), width - 1), min(max(y, 0), height - 1)
        sent = (display := self._direct()) is not None and display.move_to(x, y)
        scaled = x * QMP_FULL_SCALE // max(width - 1, 1), y * QMP_FULL_SCALE // max(height - 1, 1)
        self._sent(sent, *_axis_events("abs", *scaled))

    def move_by(self, dx: int, dy: int) -> None:
        """Pointer movement in mouse counts, which are guest pixels where the guest does not accelerate."""
        if self.pointer is not PointerMode.RELATIVE:
            self._drops["pointer mode"] += 1
            return
        sent = (display := self._direct()) is not None and display.move_by(dx, dy)
        self._sent(sent, *_axis_events("rel", dx, dy))

    async def serve_fallback(self, monitor: Monitor) -> None:
        """Send by QMP what D-Bus did not take, or what waited, in order, until cancelled.

        Raises:
            MonitorError: QEMU is gone.
        """
        while True:
            while self._waiting and not self._held:
                events = list(self._waiting)
                self._waiting.clear()
                self._sending = True
                try:
                    await monitor.execute("input-send-event", {"events": events})
                finally:
                    self._sending = False
                self._after_input()
            self._has_waiting.clear()
            await self._has_waiting.wait()

    def forget_waiting(self) -> None:
        """The guest went away: what waited for it must not reach its successor."""
        if self._waiting:
            self._drops["no guest"] += len(self._waiting)
        self._waiting.clear()

    def _direct(self) -> Display | None:
        """The display; None while something else must reach the guest first."""
        return None if self._held or self._sending or self._waiting else self._display

    def _sent(self, sent: bool, *events: Event) -> None:
        if sent:
            self._after_input()
        elif len(self._waiting) < MAX_WAITING:
            self._waiting.extend(events)
            self._has_waiting.set()
        else:
            self._drops["no guest"] += 1


def _button_event(name: str, down: bool) -> Event:
    return {"type": "btn", "data": {"down": down, "button": name}}


def _axis_events(kind: str, x: int, y: int) -> list[Event]:
    return [{"type": kind, "data": {"axis": axis, "value": value}} for axis, value in (("x", x), ("y", y))]
