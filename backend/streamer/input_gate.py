"""Input of all viewers on its way to the guest: who may, what is held, where the pointer is."""

import logging
from collections.abc import Callable

from backend.contract.control import PointerMode
from backend.contract.input import FULL_SCALE, Button, InputMessage, Key, MoveBy, MoveTo, ReleaseAll, Wheel
from backend.contract.keys import BY_CODE
from backend.streamer.control_lease import ControlLease
from backend.streamer.counters import Drops
from backend.streamer.held_keys import HeldKeys
from backend.streamer.pointer_order import PointerOrder
from backend.streamer.source import Guest

log = logging.getLogger(__name__)

_MAX_WHEEL_STEPS = 10
"""In one message; more is a spinning mistake."""


class _ViewerInput:
    def __init__(self) -> None:
        self.held = HeldKeys()
        self.pointer = PointerOrder()


class InputGate:
    """Passes the input of the one viewer in control, and releases what a viewer held when control ends.

    Args:
        guest: gets the input.
        screen_size: size of the guest's picture in pixels, None while unknown.
        drops: counts input that was not passed.
        on_control: called when control changed hands.
    """

    def __init__(
        self,
        guest: Guest,
        *,
        screen_size: Callable[[], tuple[int, int] | None],
        drops: Drops,
        on_control: Callable[[], None],
    ) -> None:
        self._guest = guest
        self._screen_size = screen_size
        self._drops = drops
        self._on_control = on_control
        self._lease = ControlLease()
        self._viewers: dict[str, _ViewerInput] = {}

    @property
    def holder(self) -> str | None:
        """Session in control."""
        return self._lease.holder

    def request(self, session: str) -> None:
        """``session`` wants control."""
        before = self._lease.holder
        self._lease.request(session)
        if self._lease.holder != before:
            self._on_control()

    def release(self, session: str) -> None:
        """``session`` gives control back; what it held goes up."""
        self._release_keys(session)
        if self._lease.release(session):
            self._on_control()

    def leave(self, session: str) -> None:
        """``session`` is gone."""
        self.release(session)
        self._viewers.pop(session, None)

    def handle(self, session: str, message: InputMessage) -> bool:
        """Pass one message to the guest if ``session`` is in control, or takes it with this press.

        Returns:
            Whether the guest got something that it may answer with a picture.
        """
        viewer = self._viewers.setdefault(session, _ViewerInput())
        if isinstance(message, Key | Button) and message.down:
            self.request(session)
        if self._lease.holder == session:
            return self._pass(session, viewer, message)
        self._drops.count("input_without_control")
        if isinstance(message, MoveBy) and viewer.pointer.is_newer(message.sequence):
            viewer.pointer.movement(message.x, message.y)
        return False

    def _pass(self, session: str, viewer: _ViewerInput, message: InputMessage) -> bool:
        match message:
            case Key():
                return self._key(viewer, message)
            case Button():
                return self._button(viewer, message)
            case Wheel():
                limit = _MAX_WHEEL_STEPS
                self._guest.wheel(
                    max(-limit, min(limit, message.down)),
                    max(-limit, min(limit, message.right)),
                )
                return True
            case ReleaseAll():
                self._release_keys(session)
                return False
            case MoveTo() | MoveBy():
                self._move(viewer, message)
                return False

    def _key(self, viewer: _ViewerInput, message: Key) -> bool:
        key = BY_CODE.get(message.code)
        if key is None:
            self._drops.count("unknown_key")
            return False
        if not viewer.held.key(message.code, message.down):
            return False
        self._guest.key(key, message.down)
        return True

    def _button(self, viewer: _ViewerInput, message: Button) -> bool:
        if message.position is not None and viewer.pointer.is_newer(message.sequence):
            self._move_to(*message.position)
        if not viewer.held.button(message.button, message.down):
            return False
        self._guest.button(message.button, message.down)
        return True

    def _move(self, viewer: _ViewerInput, message: MoveTo | MoveBy) -> None:
        if not viewer.pointer.is_newer(message.sequence):
            self._drops.count("pointer_overtaken")
        elif isinstance(message, MoveTo):
            self._move_to(message.x, message.y)
        else:
            dx, dy = viewer.pointer.movement(message.x, message.y)
            if self._guest.pointer is not PointerMode.RELATIVE:
                self._drops.count("pointer_mode")
            elif dx or dy:
                self._guest.move_by(dx, dy)

    def _move_to(self, x: int, y: int) -> None:
        size = self._screen_size()
        if size is None or self._guest.pointer is not PointerMode.ABSOLUTE:
            self._drops.count("pointer_mode")
            return
        self._guest.move_to(round(x * (size[0] - 1) / FULL_SCALE), round(y * (size[1] - 1) / FULL_SCALE))

    def _release_keys(self, session: str) -> None:
        viewer = self._viewers.get(session)
        for item in viewer.held.release_all() if viewer else ():
            if isinstance(item, Key):
                self._guest.key(BY_CODE[item.code], False)
            else:
                self._guest.button(item.button, False)
