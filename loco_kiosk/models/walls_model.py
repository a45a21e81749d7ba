"""The walls that answer on the network, for the visitor to choose from."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot

from loco_kiosk.models.bindable import bindable


@dataclass(frozen=True, slots=True)
class WallRow:
    """One wall; ``machines`` is None where it does not tell how many it has."""

    name: str
    url: str
    machines: int | None = None


class WallsModel(QObject):
    """Rows for the page. ``chosen`` carries the index of the wall that the visitor wants, ``asked`` to look again."""

    changed = Signal()
    chosen = Signal(int)
    asked = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[WallRow, ...] = ()
        self._current = ""
        self._looking = False

    @bindable(list, notify=changed)
    def rows(self) -> list[dict[str, object]]:
        """Name, address and size of each, and which one shows."""
        return [
            {"title": f"{number} · {row.name}", "hint": _hint(row), "chosen": row.url == self._current}
            for number, row in enumerate(self._rows, 1)
        ]

    @bindable(bool, notify=changed)
    def looking(self) -> bool:
        """Whether the network is being asked."""
        return self._looking

    @Slot(int)
    def choose(self, index: int) -> None:
        """Show this wall, if there is one."""
        if index < len(self._rows):
            self.chosen.emit(index)

    @Slot()
    def look(self) -> None:
        """Ask the network again."""
        self.asked.emit()

    def show(self, rows: Sequence[WallRow], current: str, *, looking: bool = False) -> None:
        """These walls answered; ``current`` is the address of the one that shows."""
        self._rows, self._current, self._looking = tuple(rows), current, looking
        self.changed.emit()


def _hint(row: WallRow) -> str:
    told = "" if row.machines is None else f" · {row.machines} machine{'' if row.machines == 1 else 's'}"
    return row.url.removeprefix("http://") + told
