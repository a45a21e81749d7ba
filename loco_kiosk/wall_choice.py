"""Which wall this kiosk shows where several answer: the remembered one, else the nearest, until the visitor chooses."""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from backend.contract.errors import SettingsError
from backend.contract.tasks import TaskScope
from loco_kiosk.models.walls_model import WallRow, WallsModel
from loco_kiosk.settings import KioskSettings

if TYPE_CHECKING:
    from loco_kiosk.client.finder import FoundBackend

log = logging.getLogger(__name__)

_PATIENCE_S = 2.0
"""A visitor who asks to look again can wait longer than the start can."""


class WallChoice:
    """Finds walls, follows one, and remembers the visitor's choice. Threading: GUI thread.

    ``ask`` opens the page of walls; None where nobody may choose: the nearest is shown and told.
    """

    def __init__(
        self,
        settings: KioskSettings,
        model: WallsModel,
        *,
        follow: Callable[[str], None],
        say: Callable[[str], None],
        remember: Callable[[str], None],
        ask: Callable[[], None] | None,
    ) -> None:
        self._settings = settings
        self._model = model
        self._follow = follow
        self._say = say
        self._remember = remember
        self._ask = ask
        self._wanted = settings.wall
        self._found: tuple[FoundBackend, ...] = ()
        self._current = ""
        self._tasks = TaskScope("walls")
        model.chosen.connect(self._choose)
        model.asked.connect(lambda: self._tasks.spawn(self._look_again(), "look for walls"))

    async def find(self) -> bool:
        """Find a wall and follow it; False where none answers."""
        # zeroconf takes a fifth of a second to import, which the window's first picture must not wait for.
        from loco_kiosk.client import finder  # noqa: PLC0415

        self._found = await self._look(self._settings.find_timeout_s)
        if not self._found:
            return False
        chosen = finder.choose(self._found, self._wanted, self._settings.zone)
        log.info("the backend is at %s%s", chosen.url, f", in zone {chosen.zone}" if chosen.zone else "")
        self._show(chosen)
        if len(self._found) > 1 and chosen.name != self._wanted:
            self._tell(finder.told_choice(chosen, self._found))
        elif self._wanted not in ("", chosen.name) and not self._settings.backend:
            self._say(f"The wall '{self._wanted}' does not answer; this is {chosen.name}.")
        return True

    async def close(self) -> None:
        """End a search that still runs."""
        await self._tasks.close()

    def _tell(self, words: str) -> None:
        if self._ask is None:
            log.warning("%s", words)
            self._say(words)
        else:
            self._ask()

    async def _look(self, timeout_s: float) -> "tuple[FoundBackend, ...]":
        from loco_kiosk.client import finder  # noqa: PLC0415

        settings = self._settings
        return await finder.find(
            configured=settings.backend, zeroconf=settings.zeroconf, timeout_s=timeout_s, wanted=self._wanted
        )

    async def _look_again(self) -> None:
        self._show_rows(looking=True)
        self._found = await self._look(max(_PATIENCE_S, self._settings.find_timeout_s))
        self._show_rows()

    def _choose(self, index: int) -> None:
        chosen = self._found[index]
        self._wanted = chosen.name
        if chosen.url != self._current:
            self._show(chosen)
        try:
            self._remember(chosen.name)
        except SettingsError as error:
            log.warning("the chosen wall is not remembered: %s", error)
            self._say(str(error))

    def _show(self, chosen: "FoundBackend") -> None:
        self._current = chosen.url
        self._show_rows()
        self._follow(chosen.url)

    def _show_rows(self, *, looking: bool = False) -> None:
        rows = [WallRow(each.name, each.url, each.machines) for each in self._found]
        self._model.show(rows, self._current, looking=looking)
