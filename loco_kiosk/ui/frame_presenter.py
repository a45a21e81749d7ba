"""From decoded pictures to the tiles of the window: newest wins, one redraw for all that came together.

A picture waits in the mailbox of its instance until the next flush, which hands the newest of every tile to its
screen. Where no GPU draws, flushes keep a least distance; the first picture after a pause still goes out at once.
"""

import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import NamedTuple, Protocol

import av
from PySide6.QtCore import QObject, Qt, QTimer, Signal

from loco_kiosk.media.frames import FrameTiming
from loco_kiosk.ui.scaler import Scaler

SAMPLES = 4096
"""Kept capture-to-swap times of a tile: two minutes at 30 fps."""


@dataclass(slots=True)
class Shown:
    """What one instance got onto the screen."""

    presented: int = 0
    """Pictures that reached a swap."""
    capture_to_swap_ms: deque[float] = field(default_factory=lambda: deque(maxlen=SAMPLES))
    drops: Counter[str] = field(default_factory=Counter)


class Screen(Protocol):
    """Shows the pictures of one tile."""

    @property
    def scaler(self) -> Scaler | None:
        """Makes of a picture, in the media thread, what the tile shows; None where a GPU does."""

    def show_frame(self, frame: av.VideoFrame | None, scaled: av.VideoFrame | None = None) -> None:
        """Show this picture from the next redraw on; None for none."""


class Waiting(NamedTuple):
    """A picture that nobody has taken yet."""

    frame: av.VideoFrame
    scaled: av.VideoFrame | None
    timing: FrameTiming


class Mailbox:
    """One slot for the newest picture of one instance; a :class:`~loco_kiosk.media.frames.FrameSink`.

    Threading: ``put`` in the media thread, the rest in the GUI thread.
    """

    def __init__(self, wake: Callable[[], None]) -> None:
        self.shown = Shown()
        self.last: av.VideoFrame | None = None
        self.scaler: Scaler | None = None
        """Of the tile that shows it; None where a GPU scales, or nothing shows it."""
        self._wake = wake
        self._lock = Lock()
        self._waiting: Waiting | None = None

    def put(self, frame: av.VideoFrame, timing: FrameTiming) -> None:
        """Leave a picture; it replaces one that nobody has taken yet."""
        scaler = self.scaler
        waiting = Waiting(frame, None if scaler is None else scaler(frame), timing)
        with self._lock:
            replaced, self._waiting = self._waiting is not None, waiting
            if replaced:
                self.shown.drops["newer_picture"] += 1
        if not replaced:
            self._wake()

    def take(self) -> Waiting | None:
        """The newest picture, once."""
        with self._lock:
            waiting, self._waiting = self._waiting, None
        return waiting


class FramePresenter(QObject):
    """Owns the mailboxes and decides when the window redraws.

    Signals: ``flushing`` before pictures are handed over, for whatever else shall be in the same redraw.
    Threading: GUI thread, but :meth:`mailbox`, which any thread may call.
    """

    flushing = Signal()
    _woken = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.swaps = 0
        self.swapped_us = 0
        self._least_distance_s = 0.0
        self._lock = Lock()
        self._mailboxes: dict[str, Mailbox] = {}
        self._screens: dict[int, Screen] = {}
        self._places: dict[int, str] = {}
        self._under_way = False
        self._flushed = 0.0
        self._handed: list[tuple[Mailbox, FrameTiming]] = []
        self._syncing: deque[list[tuple[Mailbox, FrameTiming]]] = deque()
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.flush)
        self._woken.connect(self._schedule, Qt.ConnectionType.QueuedConnection)

    def stop(self) -> None:
        """Hand nothing over any more: the window goes."""
        self._timer.stop()
        self._screens.clear()
        self._places.clear()

    def limit(self, swaps_per_s: float) -> None:
        """At most this many redraws for pictures a second; 0: as the display asks."""
        self._least_distance_s = 1 / swaps_per_s if swaps_per_s else 0.0

    def mailbox(self, instance: str) -> Mailbox:
        """The mailbox of an instance, made on first use."""
        with self._lock:
            if instance not in self._mailboxes:
                self._mailboxes[instance] = Mailbox(self._wake)
            return self._mailboxes[instance]

    def shown(self, instance: str) -> Shown:
        """Counts and times of one instance."""
        return self.mailbox(instance).shown

    def register(self, position: int, screen: Screen) -> None:
        """The window made the video item of a position."""
        self._screens[position] = screen
        self._show_last(position)

    def place(self, places: dict[int, str]) -> None:
        """Which instance shows at which position; a changed place gets the last picture of its instance at once."""
        changed = [position for position in self._screens if places.get(position) != self._places.get(position)]
        self._places = dict(places)
        for position in changed:
            self._mailboxes_let_go(self._screens[position])
        for position in changed:
            self._show_last(position)

    def flush(self) -> None:
        """Hand over what waits."""
        self._under_way = False
        self._flushed = time.monotonic()
        self.flushing.emit()
        for position, instance in self._places.items():
            self._show(position, self.mailbox(instance))

    def before_sync(self) -> None:
        """The window collects the next redraw: everything handed over until now is in it."""
        if self._handed:
            self._syncing.append(self._handed)
            self._handed = []

    def after_swap(self) -> None:
        """A redraw reached the screen."""
        now_us = time.monotonic_ns() // 1000
        self.swaps += 1
        self.swapped_us = now_us
        for mailbox, timing in self._syncing.popleft() if self._syncing else ():
            mailbox.shown.presented += 1
            if timing.captured_us is not None:
                mailbox.shown.capture_to_swap_ms.append((now_us - timing.captured_us) / 1000)

    def _show_last(self, position: int) -> None:
        instance = self._places.get(position)
        mailbox = self.mailbox(instance) if instance else None
        self._screens[position].show_frame(None if mailbox is None else mailbox.last)
        if mailbox is not None:
            mailbox.scaler = self._screens[position].scaler
            self._show(position, mailbox)

    def _show(self, position: int, mailbox: Mailbox) -> None:
        screen = self._screens.get(position)
        waiting = mailbox.take() if screen is not None else None
        if screen is None or waiting is None:
            return
        mailbox.last = waiting.frame
        screen.show_frame(waiting.frame, waiting.scaled)
        self._handed.append((mailbox, waiting.timing))

    def _mailboxes_let_go(self, screen: Screen) -> None:
        for mailbox in self._mailboxes.values():
            if mailbox.scaler is screen.scaler:
                mailbox.scaler = None

    def _wake(self) -> None:
        if not self._under_way:
            self._under_way = True
            self._woken.emit()

    def _schedule(self) -> None:
        wait_s = self._flushed + self._least_distance_s - time.monotonic()
        if wait_s <= 0:
            self.flush()
        else:
            self._timer.start(max(1, round(wait_s * 1000)))
