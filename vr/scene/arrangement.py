"""Which screen hangs where now: the wall's places, those that the wearer chose, and the way from one to the other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from vr.scene.geometry import Placement
from vr.scene.layout import Sizes, wall
from vr.scene.spot import Spot

EASE_S = 0.35
"""Of a screen that goes to another place: long enough for the eye to follow, short enough not to wait for."""


class Shown(NamedTuple):
    """A screen of the page."""

    id: str
    aspect: float
    """Width by height of its picture."""


@dataclass(slots=True)
class _Screen:
    spot: Spot
    target: Spot
    aspect: float
    placement: Placement
    start: Spot
    began_s: float | None = None
    """None while it rests, or waits to set out."""


class Arrangement:
    """Owns where every screen is. Nothing is computed while nothing moves. Times in seconds."""

    def __init__(self, chosen: Mapping[str, Spot], *, sizes: Sizes | None = None, flat: bool = False) -> None:
        """``chosen`` are places that the wearer gave screens before."""
        self._chosen = dict(chosen)
        self._sizes = sizes or Sizes()
        self._flat = flat
        self._screens: dict[str, _Screen] = {}
        self._shown: tuple[Shown, ...] = ()
        self._near: str | None = None

    @property
    def placements(self) -> Mapping[str, Placement]:
        """By screen, in the order of the page."""
        return {name: screen.placement for name, screen in self._screens.items()}

    @property
    def chosen(self) -> Mapping[str, Spot]:
        """Places that the wearer gave screens, also those that are not shown."""
        return self._chosen

    def show(self, screens: Sequence[Shown], near: str | None) -> None:
        """Which screens there are, and which one is near; new ones appear in their place."""
        shown = tuple(screens)
        if (shown, near) == (self._shown, self._near):
            return
        self._shown, self._near = shown, near
        self._settle()

    def spot(self, id: str) -> Spot:  # noqa: A002 - the wire's word
        """Where a screen is now."""
        return self._screens[id].spot

    def choose(self, id: str, spot: Spot) -> None:  # noqa: A002
        """The wearer holds a screen there; it stays."""
        self._chosen[id] = spot
        screen = self._screens.get(id)
        if screen is not None:
            screen.target = spot
            self._put(screen, spot)

    def put_back(self) -> None:
        """Every screen to its place on the wall."""
        self._chosen.clear()
        self._settle()

    def step(self, now_s: float, *, still: bool) -> None:
        """One frame; while ``still``, screens stay where they are, because somebody clicks on one."""
        for screen in self._screens.values():
            if screen.spot == screen.target:
                continue
            if still:
                screen.began_s = None
            elif screen.began_s is None:
                screen.start, screen.began_s = screen.spot, now_s
            else:
                share = min((now_s - screen.began_s) / EASE_S, 1.0)
                self._put(screen, screen.start.towards(screen.target, _eased(share)) if share < 1.0 else screen.target)

    def _settle(self) -> None:
        """Give every shown screen its target; those of other pages go away."""
        near = next((index for index, shown in enumerate(self._shown) if shown.id == self._near), None)
        spots = wall(len(self._shown), near, self._sizes)
        before, self._screens = self._screens, {}
        for shown, place in zip(self._shown, spots, strict=True):
            target = self._chosen.get(shown.id, place)
            screen = before.get(shown.id)
            if screen is None:
                placement = target.placement(shown.aspect, flat=self._flat)
                screen = _Screen(target, target, shown.aspect, placement, target)
            elif (screen.target, screen.aspect) != (target, shown.aspect):
                screen.target, screen.began_s, screen.aspect = target, None, shown.aspect
                self._put(screen, screen.spot)
            self._screens[shown.id] = screen

    def _put(self, screen: _Screen, spot: Spot) -> None:
        screen.spot = spot
        screen.placement = spot.placement(screen.aspect, flat=self._flat)


def _eased(share: float) -> float:
    """Slow, fast, slow."""
    return share * share * (3.0 - 2.0 * share)
