"""The panels that a hand can point at: the wrist menu and the keyboard, where they hang and what is under the ray."""

import math
from collections.abc import Iterable, Mapping, Sequence

from vr.scene import keyboard, menu
from vr.scene.button import Button
from vr.scene.button import at as button_at
from vr.scene.controllers import HandState
from vr.scene.geometry import NO_TURN, ORIGIN, Placement, Pose, Vector, add
from vr.scene.pointer import Pointing, Surface
from vr.scene.spot import CELL_ASPECT, Spot, spot_at

MENU, KEYBOARD = "menu:", "keyboard:"
"""Names of their surfaces; no machine's id has a colon at its end."""
_ASPECTS = {MENU: menu.ASPECT, KEYBOARD: keyboard.ASPECT}
_ABOVE_WRIST = Vector(0.0, 0.16, 0.0)
_MENU_WIDTH_M = 0.26
_MENU_NEAREST_M = 0.4
_MENU_LOWEST, _MENU_HIGHEST = math.radians(-38), math.radians(30)
"""A hand at the hip opens the menu too, and then it must be in sight."""
_MENU_AHEAD = Spot(0.0, math.radians(-20), 0.6, math.radians(30))
_KEYBOARD_M = 0.75
_KEYBOARD_ANGLE = math.radians(52)
_KEYBOARD_HIGHEST, _KEYBOARD_LOWEST = math.radians(-36), math.radians(-62)
_KEYBOARD_GAP = math.radians(13)
"""From the lower edge of the screen that it writes on to its own middle."""


class Panels:
    """Which are open, and where. They stay where they were opened, unless a hand moves them."""

    def __init__(self) -> None:
        self._spots: dict[str, tuple[Spot, Pose]] = {}
        self._placements: dict[str, Placement] = {}

    @property
    def placements(self) -> Mapping[str, Placement]:
        """Of the open ones; the menu is on top."""
        return self._placements

    @property
    def surfaces(self) -> list[Surface]:
        """To point at, the topmost first."""
        return [Surface(name, self._placements[name]) for name in (MENU, KEYBOARD) if name in self._placements]

    def open_menu(self, hand: HandState, head: Pose | None) -> None:
        """Above the wrist, looking at the face; then it stays, so that the same hand can use it too."""
        anchor = Pose(NO_TURN, head.position) if head else ORIGIN
        held = hand.grip or hand.aim
        if held is None:
            self.put(MENU, _MENU_AHEAD, anchor)
            return
        spot = spot_at(add(held.position, _ABOVE_WRIST), anchor, 0.0)
        distance = max(spot.distance_m, _MENU_NEAREST_M)
        width = _MENU_WIDTH_M * max(1.0, CELL_ASPECT / menu.ASPECT)
        up = min(max(spot.up, _MENU_LOWEST), _MENU_HIGHEST)
        self.put(MENU, Spot(spot.right, up, distance, 2 * math.atan(width / 2 / distance)), anchor)

    def open_keyboard(self, below: Spot | None) -> None:
        """Within reach under the screen that it writes on."""
        up, right = _KEYBOARD_HIGHEST, 0.0
        if below is not None:
            up, right = below.up - below.angle / CELL_ASPECT / 2 - _KEYBOARD_GAP, below.right
        up = min(max(up, _KEYBOARD_LOWEST), _KEYBOARD_HIGHEST)
        self.put(KEYBOARD, Spot(right, up, _KEYBOARD_M, _KEYBOARD_ANGLE), ORIGIN)

    def close(self, name: str) -> None:
        """Put one away; nothing where it is not open."""
        self._spots.pop(name, None)
        self._placements.pop(name, None)

    def put(self, name: str, spot: Spot, anchor: Pose) -> None:
        """Hang one there, seen from the anchor."""
        self._spots[name] = spot, anchor
        self._placements[name] = spot.placement(_ASPECTS[name], anchor=anchor, flat=True)

    def spot(self, name: str) -> tuple[Spot, Pose]:
        """Where an open one hangs, and from where that is seen."""
        return self._spots[name]


def hovered(name: str, buttons: Sequence[Button], pointings: Iterable[Pointing]) -> frozenset[str]:
    """Names of the buttons of a panel that rays point at."""
    found = (button_at(buttons, pointing.u, pointing.v) for pointing in pointings if pointing.on == name)
    return frozenset(button for button in found if button)
