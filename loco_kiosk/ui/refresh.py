"""Brings news of the media thread into the models, so that whatever changed together is one redraw.

A slow tick does it while the wall is still; while pictures flow it happens in their own flush.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from loco_kiosk.client.backend_view import BackendView
from loco_kiosk.client.tile import TileView
from loco_kiosk.look import wording
from loco_kiosk.media.mixer import Mixer
from loco_kiosk.models import vr_words
from loco_kiosk.models.controller import Controller
from loco_kiosk.models.status_model import StatusModel
from loco_kiosk.models.vr_model import VrModel
from loco_kiosk.models.wall_model import WallModel
from loco_kiosk.ui.frame_presenter import FramePresenter

TICK_MS = 100
"""Ten looks a second: as fast as a level meter is read."""
_LEAST_S = 0.1
_FIGURES_S = 1.0


class News(Protocol):
    """Where views come from: the bridge."""

    def take_tiles(self) -> tuple[TileView, ...] | None:
        """The newest views, once."""

    def take_backend(self) -> BackendView | None:
        """The newest news of the backend, once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """What is kept fresh."""

    controller: Controller
    wall: WallModel
    status: StatusModel
    mixer: Mixer
    presenter: FramePresenter
    headset: VrModel


class Refresh(QObject):
    """The GUI's heartbeat. ``ticked_us`` is its newest beat, ``shown`` carries new views. Threading: GUI thread."""

    shown = Signal(tuple)

    def __init__(self, targets: Targets, news: News, on_backend: Callable[[BackendView], None]) -> None:
        super().__init__()
        self.ticked_us = 0
        self._targets = targets
        self._news = news
        self._on_backend = on_backend
        self._done = 0.0
        self._figures_done = 0.0
        self._presented: dict[str, int] = {}
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self.refresh)
        targets.presenter.flushing.connect(self._with_pictures)

    def start(self) -> None:
        """Begin."""
        self.refresh()
        self._timer.start()

    def stop(self) -> None:
        """End."""
        self._timer.stop()

    def refresh(self) -> None:
        """Look at everything."""
        self._done = time.monotonic()
        self.ticked_us = time.monotonic_ns() // 1000
        targets = self._targets
        if (tiles := self._news.take_tiles()) is not None:
            targets.controller.show(tiles)
            targets.status.show(tiles)
            self.shown.emit(tiles)
        if (backend := self._news.take_backend()) is not None:
            self._on_backend(backend)
        targets.wall.set_levels(targets.mixer.levels_dbfs())
        targets.status.set(clock=time.strftime("%H:%M"))
        if targets.controller.overlay and self._done - self._figures_done >= _FIGURES_S:
            self._refresh_figures()

    def _with_pictures(self) -> None:
        if time.monotonic() - self._done >= _LEAST_S:
            self._timer.start()  # the next slow tick counts from here
            self.refresh()

    def _refresh_figures(self) -> None:
        passed, self._figures_done = time.monotonic() - self._figures_done, time.monotonic()
        targets = self._targets
        front = targets.controller.picked_instance or next(iter(targets.controller.places.values()), "")
        view = next((view for view in targets.wall.views.values() if view.id == front), None)
        if view is None:
            targets.status.show_figures("No machine yet", [])
            return
        shown = targets.presenter.shown(front)
        fps = (shown.presented - self._presented.get(front, shown.presented)) / passed
        self._presented = {front: shown.presented}
        swap_ms = shown.capture_to_swap_ms[-1] if shown.capture_to_swap_ms else None
        rows = wording.figures(view, fps, swap_ms, shown.drops)
        targets.status.show_figures(
            f"{view.slot + 1} · {view.name}", rows + vr_words.figure_rows(targets.headset.figures)
        )
