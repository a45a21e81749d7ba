"""The running kiosk as the check sees it."""

import logging
from collections.abc import Callable, Sequence
from typing import Protocol

from backend.contract.errors import LocoError
from loco_kiosk.check.runner import Presented
from loco_kiosk.client.tile import TileView
from loco_kiosk.input.router import Router

log = logging.getLogger(__name__)


class Control(Protocol):
    """Who asks for keyboard and mouse: the bridge."""

    def request_control(self, instance: str) -> None:
        """Ask for them."""

    def release_control(self, instance: str) -> None:
        """Give them back."""


class Probes(Protocol):
    """Who sees the decoded pictures: the wall. Threading: the media thread."""

    def add_probe(self, id: str, on_change: Callable[[int], None]) -> int:  # noqa: A002 - the wall's word
        """Watch the probe area of an instance; raises LocoError if there is none."""

    def remove_probe(self, id: str, number: int) -> None:  # noqa: A002
        """Stop."""


class KioskSubject:
    """Ties the check to router, bridge and wall; a :class:`loco_kiosk.check.runner.Subject`.

    Threading: GUI thread; the probes are set in the media thread, through ``in_media``.
    """

    def __init__(
        self,
        *,
        views: Callable[[], Sequence[TileView]],
        router: Router,
        control: Control,
        presented: Callable[[str], Presented],
        in_media: Callable[[Callable[[], None]], None],
        probes: Callable[[], Probes | None],
    ) -> None:
        """``in_media`` calls a function in the media thread; ``probes`` gives the wall there, if there is one."""
        self.views = views
        self.presented = presented
        self._router = router
        self._control = control
        self._in_media = in_media
        self._probes = probes
        self._numbers: dict[str, int] = {}

    def press(self, instance: str, code: str, down: bool) -> None:
        """Move a key in one guest."""
        self._router.key_to(instance, code, down)

    def request_control(self, instance: str) -> None:
        """Ask for keyboard and mouse."""
        self._control.request_control(instance)

    def release_control(self, instance: str) -> None:
        """Give them back."""
        self._control.release_control(instance)

    def watch(self, instance: str, on_change: Callable[[int], None]) -> None:
        """Watch the probe area of a guest."""
        self._in_media(lambda: self._add(instance, on_change))

    def unwatch(self, instance: str) -> None:
        """Stop watching."""
        self._in_media(lambda: self._remove(instance))

    def _add(self, instance: str, on_change: Callable[[int], None]) -> None:
        wall = self._probes()
        if wall is None:
            return
        try:
            self._numbers[instance] = wall.add_probe(instance, on_change)
        except LocoError as error:
            log.warning("cannot watch %s: %s", instance, error)

    def _remove(self, instance: str) -> None:
        number, wall = self._numbers.pop(instance, None), self._probes()
        if wall is not None and number is not None:
            wall.remove_probe(instance, number)
