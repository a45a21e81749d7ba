"""Brings news of the media thread into the models, so that whatever changed together is one redraw.

A slow tick does it while the wall is still; while pictures flow it happens in their own flush.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from loco_kiosk.client.backend_view import BackendView
from loco_kiosk.client.lan_view import LanView
from loco_kiosk.client.tile import TileView
from loco_kiosk.look import figures
from loco_kiosk.media.mixer import Mixer
from loco_kiosk.models import vr_words
from loco_kiosk.models.controller import Controller
from loco_kiosk.models.history import Measured
from loco_kiosk.models.lan_model import LanModel
from loco_kiosk.models.quality_model import QualityModel
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

    def take_lan(self) -> LanView | None:
        """The newest news of the machines' network, once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """What is kept fresh."""

    controller: Controller
    wall: WallModel
    status: StatusModel
    mixer: Mixer
    presenter: FramePresenter
    headset: VrModel
    quality: QualityModel
    lan: LanModel


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
        self._measured_s = 0.0
        self._presented: dict[str, int] = {}
        self._newest: dict[str, Measured] = {}
        self._front: str | None = None
        """Whose figures the overlay shows; None where they are to be shown anew, or the overlay is closed."""
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
        if (lan := self._news.take_lan()) is not None:
            targets.lan.take(lan, {view.id: view.name for view in targets.wall.views.values()})
        targets.wall.set_levels(targets.mixer.levels_dbfs())
        targets.status.set(clock=time.strftime("%H:%M"))
        if self._done - self._measured_s >= _FIGURES_S:
            self._measure()
        self._follow_front()

    def _with_pictures(self) -> None:
        if time.monotonic() - self._done >= _LEAST_S:
            self._timer.start()  # the next slow tick counts from here
            self.refresh()

    def _measure(self) -> None:
        """One second of every stream."""
        passed_s, self._measured_s = self._done - self._measured_s, self._done
        targets = self._targets
        views = sorted((view for view in targets.wall.views.values() if view.id), key=lambda view: view.slot)
        shown = {view.id: targets.presenter.shown(view.id) for view in views}
        before, self._presented = self._presented, {name: each.presented for name, each in shown.items()}
        self._newest = {
            view.id: Measured(
                view,
                (shown[view.id].presented - before.get(view.id, shown[view.id].presented)) / passed_s,
                shown[view.id].capture_to_swap_ms[-1] if shown[view.id].capture_to_swap_ms else None,
            )
            for view in views
        }
        targets.quality.take(self._newest.values(), self._done)
        self._front = None

    def _follow_front(self) -> None:
        """The overlay shows the machine in front: at once when that is another, and every second."""
        controller = self._targets.controller
        front = (
            (controller.picked_instance or next(iter(controller.places.values()), "")) if controller.overlay else None
        )
        if front != self._front:
            self._front = front
            if front is not None:
                self._show_figures(self._newest.get(front))

    def _show_figures(self, measured: Measured | None) -> None:
        targets = self._targets
        if measured is None:
            targets.status.show_figures("No machine yet", [])
            return
        view = measured.view
        drops = targets.presenter.shown(view.id).drops
        rows = targets.quality.with_traces(
            view.id,
            figures.rows(view, measured.shown_fps, measured.swap_ms, drops)
            + vr_words.figure_rows(targets.headset.figures),
        )
        targets.status.show_figures(f"{view.slot + 1} · {view.name}", rows)
