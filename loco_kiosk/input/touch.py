"""A finger as a mouse: tap clicks, long press is the right button, drag drags.

On a guest that takes movements only, the finger moves the pointer as on a touch pad, and nothing is dragged.
Pure: positions in window units and the time come in, mouse actions go out.
"""

import enum
import math
from dataclasses import dataclass

LONG_PRESS_US = 600_000
"""Longer than a slow tap of a visitor, shorter than their patience."""
SLOP = 12.0
"""A resting finger trembles; less than this is no movement. Window units, about 3 mm on a 24 inch screen."""

LEFT, RIGHT = 0, 2


@dataclass(frozen=True, slots=True)
class TouchMove:
    """The pointer goes to a position; ``dx`` and ``dy`` are what it moved by."""

    x: float
    y: float
    dx: float = 0.0
    dy: float = 0.0


@dataclass(frozen=True, slots=True)
class TouchButton:
    """A mouse button goes down or up at a position."""

    x: float
    y: float
    button: int
    down: bool


TouchAction = TouchMove | TouchButton


class _Phase(enum.Enum):
    IDLE = enum.auto()
    DOWN = enum.auto()
    DRAG = enum.auto()
    LONG = enum.auto()


class Touch:
    """State of the first finger; further fingers are not for the mouse."""

    def __init__(self) -> None:
        self._phase = _Phase.IDLE
        self._relative = False
        self._began_us = 0
        self._start = (0.0, 0.0)
        self._last = (0.0, 0.0)

    @property
    def due_us(self) -> int | None:
        """When :meth:`tick` must be called for the long press; None while none can come."""
        return self._began_us + LONG_PRESS_US if self._phase is _Phase.DOWN else None

    def down(self, x: float, y: float, now_us: int, *, relative: bool) -> list[TouchAction]:
        """The finger touches."""
        actions = self.cancel()
        self._phase, self._relative = _Phase.DOWN, relative
        self._began_us, self._start, self._last = now_us, (x, y), (x, y)
        return [*actions, TouchMove(x, y)]

    def move(self, x: float, y: float, now_us: int) -> list[TouchAction]:
        """The finger moves."""
        if self._phase is _Phase.IDLE:
            return []
        actions = self.tick(now_us)
        if self._phase is _Phase.DOWN:
            if math.dist((x, y), self._start) < SLOP:
                return actions
            self._phase = _Phase.DRAG
            if not self._relative:
                actions.append(TouchButton(*self._start, LEFT, down=True))
        actions.append(TouchMove(x, y, x - self._last[0], y - self._last[1]))
        self._last = (x, y)
        return actions

    def up(self, x: float, y: float, now_us: int) -> list[TouchAction]:
        """The finger leaves."""
        actions = self.move(x, y, now_us)
        if self._phase is _Phase.DOWN:
            self._phase = _Phase.IDLE
            return [*actions, TouchButton(*self._start, LEFT, down=True), TouchButton(*self._start, LEFT, down=False)]
        return [*actions, *self._let_go()]

    def tick(self, now_us: int) -> list[TouchAction]:
        """Time passed; a finger that rested long enough presses the right button."""
        if self._phase is not _Phase.DOWN or now_us - self._began_us < LONG_PRESS_US:
            return []
        self._phase = _Phase.LONG
        return [TouchButton(*self._start, RIGHT, down=True)]

    def cancel(self) -> list[TouchAction]:
        """The window system took the finger away, or another one began: nothing is clicked, nothing stays down."""
        return self._let_go()

    def _let_go(self) -> list[TouchAction]:
        phase, self._phase = self._phase, _Phase.IDLE
        if phase is _Phase.LONG:
            return [TouchButton(*self._last, RIGHT, down=False)]
        if phase is _Phase.DRAG and not self._relative:
            return [TouchButton(*self._last, LEFT, down=False)]
        return []
