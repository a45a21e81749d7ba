"""The page about the quality of all streams: a row each, their graphs, alerts, and the file with all of it."""

import datetime
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from backend.contract.control import PictureWish
from loco_kiosk.look import figures, palette, wording
from loco_kiosk.models import quality_export
from loco_kiosk.models.alerts import Alerts
from loco_kiosk.models.bindable import bindable
from loco_kiosk.models.history import History, Measured

log = logging.getLogger(__name__)

_GOOD, _POOR, _REDUCED = ("live", "Good"), ("stale", "Poor"), ("pending", "Reduced")
"""Name of glyph and colour, and the word."""


class QualityModel(QObject):
    """Takes what was measured once a second.

    Signals: ``alerted`` with the complaints by instance when they change, ``said`` with a sentence for the visitor.
    """

    changed = Signal()
    alerted = Signal(dict)
    said = Signal(str)

    def __init__(self, directory: Path, wish: Callable[[], PictureWish], parent: QObject | None = None) -> None:
        """``directory`` takes the files; ``wish`` tells how pictures are asked for now."""
        super().__init__(parent)
        self._directory = directory
        self._wish = wish
        self._measured: dict[str, Measured] = {}
        self._history = History()
        self._alerts = Alerts()
        self._active: dict[str, str] = {}

    # What the scene binds to

    @bindable(list, notify=changed)
    def rows(self) -> list[dict[str, Any]]:
        """Streams by slot."""
        return [self._row(each) for each in self._measured.values()]

    @bindable(str, notify=changed)
    def summary(self) -> str:
        """All streams in one line."""
        playable = [each.view for each in self._measured.values() if each.view.state.playable]
        if not playable:
            return "No stream yet."
        sum_bps = sum(view.bit_rate_bps for view in playable)
        streams = "One stream" if len(playable) == 1 else f"{len(playable)} streams"
        return f"{streams} · {figures.bit_rate(sum_bps)} together · {_poor_words(len(self._active))}"

    @bindable(str, notify=changed)
    def newestAlert(self) -> str:  # noqa: N802 - QML's spelling
        """The newest alert and when it began; "" while there was none."""
        if not self._alerts.log:
            return ""
        alert = self._alerts.log[-1]
        began = datetime.datetime.now() - datetime.timedelta(seconds=time.monotonic() - alert.since_s)
        return f"Newest alert, {began:%H:%M:%S}, {alert.name}: {alert.words}"

    # What happens

    def take(self, measured: Iterable[Measured], now_s: float) -> None:
        """Note one second of all streams."""
        self._measured = {each.view.id: each for each in measured if each.view.id}
        self._history.add(self._measured)
        self._alerts.look((each.view for each in self._measured.values()), now_s)
        self._tell(self._alerts.active)
        self.changed.emit()

    def with_traces(self, instance: str, rows: Iterable[Mapping[str, str]]) -> list[dict[str, Any]]:
        """Rows of the overlay with the graphs of the series that they name."""
        return [{**row, "trace": self._history.trace(instance, row.get("series", ""))} for row in rows]

    @Slot()
    def export(self) -> None:
        """Write everything to a file, and say where it is."""
        now = datetime.datetime.now().astimezone()
        document = quality_export.document(
            self._measured, self._history, self._alerts.log, self._wish(), now=now, now_s=time.monotonic()
        )
        try:
            self.said.emit(f"Written to {quality_export.write(self._directory, document)}.")
        except quality_export.ExportError as error:
            self.said.emit(str(error))

    def _tell(self, active: dict[str, str]) -> None:
        if active == self._active:
            return
        for instance in active.keys() - self._active.keys():
            log.warning("%s: %s", instance, active[instance])
        for instance in self._active.keys() - active.keys():
            log.info("%s: the stream is good again, or gone", instance)
        self._active = active
        self.alerted.emit(active)

    def _row(self, measured: Measured) -> dict[str, Any]:
        view = measured.view
        glyph, word = self._verdict(measured)
        return {
            "title": f"{view.slot + 1} · {view.name}",
            "glyph": glyph,
            "word": word,
            "colour": palette.STATES[glyph],
            "trace": self._history.trace(view.id, "delay_ms"),
            "delay": wording.delay(view),
            "fps": f"{measured.shown_fps:.0f} fps" if view.state.playable else "-",
            "rate": figures.bit_rate(view.bit_rate_bps) if view.state.playable else "-",
            "loss": figures.percent(view.loss) if view.state.playable else "-",
            "freezes": figures.freezes(view),
            "key": "-" if view.key_to_picture_ms is None else figures.ms(view.key_to_picture_ms),
            "said": self._active.get(view.id) or wording.reason(view) or view.quality_reason,
        }

    def _verdict(self, measured: Measured) -> tuple[str, str]:
        view = measured.view
        if view.id in self._active:
            return _POOR
        if not view.state.playable or view.reason:
            return view.state.value, wording.state_word(view.state)
        return _REDUCED if view.quality_reason else _GOOD


def _poor_words(count: int) -> str:
    return "none is poor" if not count else "one is poor" if count == 1 else f"{count} are poor"
