"""The page about the machines' network."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal

from loco_kiosk.client.lan_view import LanView
from loco_kiosk.models import lan_words
from loco_kiosk.models.bindable import bindable


class LanModel(QObject):
    """Takes what the backend tells once a second while the page is open."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._view = LanView()
        self._rooms: list[dict[str, Any]] = []

    @bindable(list, notify=changed)
    def rooms(self) -> list[dict[str, Any]]:
        """Each network with its machines."""
        return self._rooms

    @bindable(str, notify=changed)
    def summary(self) -> str:
        """All of it in one line; why there is nothing where there is nothing."""
        status = self._view.status
        return "Asking the switch." if status is None else lan_words.summary(status)

    @bindable(str, notify=changed)
    def trouble(self) -> str:
        """Why what shows is old or missing; "" where it is fresh."""
        return self._view.reason

    @bindable(bool, notify=changed)
    def known(self) -> bool:
        """Whether the switch has told anything yet."""
        return self._view.status is not None

    @bindable(list)
    def legend(self) -> list[dict[str, str]]:
        """What the glyphs of the matrix say."""
        return lan_words.legend()

    def take(self, view: LanView, names: Mapping[str, str]) -> None:
        """Show this; ``names`` of machines by instance."""
        self._view = view
        self._rooms = [] if view.status is None else lan_words.rooms(view.status, names)
        self.changed.emit()
