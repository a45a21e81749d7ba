"""The guests' keyboards and mice, as the hands play them: one guest in front has both."""

from collections.abc import Callable, Iterable

from backend.contract.input import InputMessage
from loco_kiosk.input.pointer import Rect, Steps, to_picture
from loco_kiosk.input.target import Target
from vr.scene.keyboard import Change

_PICTURE = Rect(0.0, 0.0, 1.0, 1.0)
_WHEEL_STEPS_S = 14.0
"""Steps a second with the stick pushed to its end."""
_DEAD = 0.2
"""Of the stick: it seldom rests at zero."""


class Guests:
    """Makes the messages of all guests. Times in seconds.

    A guest takes positions, or movements; of the latter kind only what the ray moves within its screen is told.
    """

    def __init__(self, send: Callable[[str, InputMessage], None]) -> None:
        self._send = send
        self._targets: dict[str, Target] = {}
        self._front = ""
        self._at: tuple[float, float] | None = None
        self._steps = Steps()
        self._turned = (0.0, 0.0)

    @property
    def front(self) -> str:
        """The guest with keyboard and mouse; empty for none."""
        return self._front

    def bring(self, id: str) -> None:  # noqa: A002 - the wire's word
        """Another guest comes to the front, or none; in the one before everything goes up."""
        if id != self._front:
            self.release_all()
            self._front = id

    def release_buttons(self) -> None:
        """The mouse goes to the other hand; keys stay down, so that one hand holds Shift and the other clicks."""
        if self._front:
            self._target().release_buttons()
        self.leave()

    def release_all(self) -> None:
        """Everything up in the guest in front: it, the hand or the session lost the focus."""
        if self._front:
            self._target().release_all()
        self.leave()

    def leave(self) -> None:
        """The pointer left the screen: where it comes back is no movement."""
        self._at = None

    def point(self, u: float, v: float, size_px: tuple[int, int] | None, now_s: float) -> None:
        """The pointer is there on the screen in front; ``size_px`` for a guest that takes movements, else None."""
        before, self._at = self._at, (u, v)
        if not self._front or before == self._at:
            return
        if size_px is None:
            position = to_picture(_PICTURE, u, v)
            if before is None or position != to_picture(_PICTURE, *before):
                self._target().move_to(*position, round(now_s * 1e6))
        elif before is not None:
            dx, dy = (u - before[0]) * size_px[0], (v - before[1]) * size_px[1]
            self._target().move_by(dx, dy, round(now_s * 1e6))

    def button(self, button: int, *, down: bool, absolute: bool, now_s: float) -> None:
        """A mouse button moves where the pointer is."""
        if self._front:
            position = to_picture(_PICTURE, *self._at) if absolute and self._at else None
            self._target().button(button, down, position, round(now_s * 1e6))

    def wheel(self, stick: tuple[float, float], elapsed_s: float, now_s: float) -> None:
        """The stick is pushed right and up; whole steps are told as they come about."""
        right, up = (_beyond_dead(push) * _WHEEL_STEPS_S * elapsed_s * Steps.UNITS for push in _main_axis(stick))
        self._turned = (self._turned[0] - up, self._turned[1] + right)
        units = int(self._turned[0]), int(self._turned[1])
        self._turned = (self._turned[0] - units[0], self._turned[1] - units[1])
        steps = self._steps.add(*units)
        if self._front and any(steps):
            self._target().wheel(*steps, round(now_s * 1e6))

    def type(self, changes: Iterable[Change]) -> None:
        """Keys move in the guest in front."""
        for code, down in changes:
            if self._front:
                self._target().key(code, down)

    def tick(self, now_s: float) -> None:
        """Send a movement that waited for its turn."""
        if self._front:
            self._target().send_due_move(round(now_s * 1e6))

    def _target(self) -> Target:
        if self._front not in self._targets:
            self._targets[self._front] = Target(self._front, self._send)
        return self._targets[self._front]


def _main_axis(stick: tuple[float, float]) -> tuple[float, float]:
    """One direction at a time: a thumb that pushes up slips to the side."""
    right, up = stick
    return (right, 0.0) if abs(right) > abs(up) else (0.0, up)


def _beyond_dead(push: float) -> float:
    """-1 to 1, fine at first."""
    beyond = max(abs(push) - _DEAD, 0.0) / (1.0 - _DEAD)
    return beyond * beyond * (1.0 if push > 0 else -1.0)
