"""The bars around the grid: stages of the start, backend, drawing, counts by state, clock, figures of the overlay."""

import time
from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QObject, Signal

from loco_kiosk.client.backend_view import BackendView
from loco_kiosk.client.tile import TileView
from loco_kiosk.look import wording
from loco_kiosk.models import discovery_words
from loco_kiosk.models.bindable import bindable


class StatusModel(QObject):
    """What goes on around the tiles. Every setter is silent where nothing changed."""

    changed = Signal()
    figuresChanged = Signal()  # noqa: N815 - Qt's spelling
    discoveryChanged = Signal()  # noqa: N815
    detailsChanged = Signal()  # noqa: N815

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._values: dict[str, Any] = {
            "stage": "",
            "trouble": "",
            "notice": "",
            "drawing": "",
            "blocked": "",
            "clock": "",
            "summary": [],
        }
        self._line = {"word": "", "glyph": "booting", "colour": "#ffffff", "text": ""}
        self._details: list[dict[str, str]] = []
        self._machines: list[dict[str, str]] = []
        self._figures: list[dict[str, Any]] = []
        self._title = ""

    @bindable(str, notify=changed)
    def stage(self) -> str:
        """What the start is busy with; "" once the wall stands."""
        return str(self._values["stage"])

    @bindable(str, notify=changed)
    def trouble(self) -> str:
        """Why the backend does not answer and what happens next; "" while it does."""
        return str(self._values["trouble"])

    @bindable(str, notify=changed)
    def notice(self) -> str:
        """A sentence for the visitor that goes away by itself."""
        return str(self._values["notice"])

    @bindable(str, notify=changed)
    def drawing(self) -> str:
        """How the window draws where that is worth knowing."""
        return str(self._values["drawing"])

    @bindable(str, notify=changed)
    def blocked(self) -> str:
        """Why no video can be shown at all here; "" where it can."""
        return str(self._values["blocked"])

    @bindable(str, notify=changed)
    def clock(self) -> str:
        """Hours and minutes."""
        return str(self._values["clock"])

    @bindable(list, notify=changed)
    def summary(self) -> list[dict[str, str | int]]:
        """Tiles by state."""
        return list(self._values["summary"])

    @bindable("QVariantMap", notify=discoveryChanged)
    def discovery(self) -> dict[str, str]:
        """The line about where the machines come from: glyph, colour, word, text."""
        return self._line

    @bindable(list, notify=detailsChanged)
    def details(self) -> list[dict[str, str]]:
        """The same at length: label and value."""
        return self._details

    @bindable(list, notify=detailsChanged)
    def machines(self) -> list[dict[str, str]]:
        """Every machine that the backend knows."""
        return self._machines

    @bindable(list, notify=figuresChanged)
    def figures(self) -> list[dict[str, Any]]:
        """Rows of the overlay."""
        return self._figures

    @bindable(str, notify=figuresChanged)
    def figuresTitle(self) -> str:  # noqa: N802 - QML's spelling
        """Whose figures they are."""
        return self._title

    def set(self, **values: str) -> None:
        """Set any of the texts above by name."""
        self._put(values)

    def show(self, views: Iterable[TileView]) -> None:
        """Count tiles by state."""
        self._put({"summary": wording.summary(views)})

    def show_discovery(self, view: BackendView, now_s: float) -> None:
        """Tell where the machines come from, as of a monotonic time."""
        line = discovery_words.line(view, now_s)
        if line != self._line:
            self._line = line
            self.discoveryChanged.emit()

    def show_details(self, view: BackendView, now_s: float) -> None:
        """The same at length, while somebody reads it."""
        shown = (discovery_words.details(view, now_s), discovery_words.machines(view, time.time()))
        if shown != (self._details, self._machines):
            self._details, self._machines = shown
            self.detailsChanged.emit()

    def show_figures(self, title: str, rows: list[dict[str, Any]]) -> None:
        """Fill the overlay."""
        if (title, rows) != (self._title, self._figures):
            self._title, self._figures = title, rows
            self.figuresChanged.emit()

    def _put(self, values: dict[str, Any]) -> None:
        unknown = values.keys() - self._values.keys()
        if unknown:
            raise KeyError(*unknown)
        if any(self._values[name] != value for name, value in values.items()):
            self._values.update(values)
            self.changed.emit()
