"""One hand as a mouse: what its ray points at, its buttons, and a pointer that stands still around a click.

Pulling a trigger moves the hand, and no hand is still. So the pointer stops where it is as soon as the finger starts to
pull, and stays there until the hand turns away on purpose or the time for a double click is over; then it catches up.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from vr.scene.controllers import HandState
from vr.scene.geometry import Hit, Placement, Ray, Vector, along, angle_between, hit, point, ray_of, reach, subtract
from vr.scene.steady import RayFilter, Threshold

LEFT, RIGHT = 0, 2
"""Numbers of :data:`backend.contract.input.BUTTONS`."""
PRESS, RELEASE = 0.7, 0.5
"""Where the trigger becomes a click, and where it ends."""
_PULL, _REST = 0.25, 0.15
"""Where the finger begins to pull: from here on the hand moves without wanting to."""
HOLD_S = 0.6
"""How long the pointer stands still after a press: Windows waits 0.5 s for the second click."""
SLOP = math.radians(1.5)
"""How far the hand must turn to be meant: tremor of half a degree to each side spans one."""
_CATCH_UP_S = 0.08
"""Time constant of the pointer on its way back to the ray."""


class Surface(NamedTuple):
    """Something to point at."""

    name: str
    placement: Placement


class Press(NamedTuple):
    """A mouse button moved."""

    button: int
    down: bool


@dataclass(frozen=True, slots=True)
class Pointing:
    """What one hand points at."""

    ray: Ray | None = None
    """None while the hand is not there."""
    on: str = ""
    """Name of the surface; empty for none."""
    u: float = 0.0
    v: float = 0.0
    distance_m: float = 0.0
    """From the hand to the pointer."""
    held: bool = False
    """Whether the pointer stands still around a click, or a button is down."""
    pressed: bool = False
    """Whether a button is down."""
    presses: tuple[Press, ...] = ()


@dataclass(frozen=True, slots=True)
class _Hold:
    on: str
    u: float
    v: float
    aimed: Vector
    """The point in space that the ray met when the pointer stopped."""
    until_s: float


class _Offset(NamedTuple):
    """How far the pointer is behind its ray."""

    on: str
    u: float
    v: float
    since_s: float

    def left(self, now_s: float) -> tuple[float, float]:
        share = math.exp(-(now_s - self.since_s) / _CATCH_UP_S)
        return self.u * share, self.v * share


class HandPointer:
    """The state of one hand. Times in seconds."""

    def __init__(self) -> None:
        self._reset()

    def _reset(self) -> None:
        self._filter = RayFilter()
        self._select = Threshold(PRESS, RELEASE)
        self._pull = Threshold(_PULL, _REST)
        self._down: dict[int, None] = {}
        self._captured = ""
        self._hold: _Hold | None = None
        self._offset: _Offset | None = None
        self._before: tuple[str, Hit | None] = ("", None)

    def step(self, state: HandState, surfaces: Sequence[Surface], now_s: float) -> Pointing:
        """One frame; of ``surfaces`` that overlap the first one is on top."""
        if not state.active or state.aim is None:
            return self._lost()
        ray = self._filter.step(ray_of(state.aim), now_s)
        found = self._caught_up(self._look(ray, surfaces), now_s)
        presses = self._presses(state)
        found = self._held(found, ray, surfaces, now_s)
        began = self._pull.is_on
        if (self._pull.step(state.select) and not began) or any(press.down for press in presses):
            found = self._stop(found, ray, surfaces, now_s)
        self._before = found
        if not self._captured and any(press.down for press in presses):
            self._captured = found[0]
        pressed = bool(self._down)
        held = pressed or self._hold is not None
        name, at = found
        if not pressed:
            self._captured = ""
        if at is None:
            return Pointing(ray, held=held, pressed=pressed, presses=presses)
        return Pointing(ray, name, at.u, at.v, at.distance_m, held, pressed, presses)

    def _lost(self) -> Pointing:
        presses = tuple(Press(button, down=False) for button in self._down)
        self._reset()
        return Pointing(presses=presses)

    def _presses(self, state: HandState) -> tuple[Press, ...]:
        presses = []
        for button, down in ((LEFT, self._select.step(state.select)), (RIGHT, state.secondary)):
            if down and button not in self._down:
                self._down[button] = None
                presses.append(Press(button, down=True))
            elif not down and button in self._down:
                del self._down[button]
                presses.append(Press(button, down=False))
        return tuple(presses)

    def _look(self, ray: Ray, surfaces: Sequence[Surface]) -> tuple[str, Hit | None]:
        """What the ray meets; while a button is down only what it went down on, up to its edge."""
        if self._down:
            return self._captured, _at_edge(self._captured, ray, surfaces)
        for surface in surfaces:
            if (found := hit(surface.placement, ray)) is not None:
                return surface.name, found
        return "", None

    def _caught_up(self, found: tuple[str, Hit | None], now_s: float) -> tuple[str, Hit | None]:
        name, at = found
        if self._offset is None or at is None or name != self._offset.on:
            self._offset = None
            return found
        du, dv = self._offset.left(now_s)
        return name, Hit(_clamped(at.u + du), _clamped(at.v + dv), at.distance_m)

    def _held(
        self, found: tuple[str, Hit | None], ray: Ray, surfaces: Sequence[Surface], now_s: float
    ) -> tuple[str, Hit | None]:
        hold = self._hold
        if hold is None:
            return found
        there = _at_edge(hold.on, ray, surfaces)
        strayed = angle_between(ray.direction, subtract(hold.aimed, ray.origin)) > SLOP
        if there is None or strayed or (now_s >= hold.until_s and not self._down):
            self._hold = None
            self._offset = there and _Offset(hold.on, hold.u - there.u, hold.v - there.v, now_s)
            return found if there is None or found[0] != hold.on else (hold.on, Hit(hold.u, hold.v, there.distance_m))
        return hold.on, Hit(hold.u, hold.v, there.distance_m)

    def _stop(
        self, found: tuple[str, Hit | None], ray: Ray, surfaces: Sequence[Surface], now_s: float
    ) -> tuple[str, Hit | None]:
        """Stand still where the pointer was before this frame, in which the finger may have moved the hand already."""
        name, at = found
        if at is None:
            return found
        aimed = self._hold.aimed if self._hold is not None else along(ray, at.distance_m)
        before, stood = self._before
        if self._hold is None and before == name and stood is not None:
            placement = next(surface.placement for surface in surfaces if surface.name == name)
            there = point(placement, stood.u, stood.v)
            if angle_between(ray.direction, subtract(there, ray.origin)) < SLOP / 2:
                at, aimed = stood, there
        self._hold = _Hold(name, at.u, at.v, aimed, now_s + HOLD_S)
        return name, at


def _at_edge(name: str, ray: Ray, surfaces: Sequence[Surface]) -> Hit | None:
    for surface in surfaces:
        if surface.name == name and (found := reach(surface.placement, ray)) is not None:
            return Hit(_clamped(found.u), _clamped(found.v), found.distance_m)
    return None


def _clamped(share: float) -> float:
    return min(max(share, 0.0), 1.0)
