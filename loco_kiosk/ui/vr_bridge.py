"""The headset's part of the crossing between the GUI thread and the media thread, beside :mod:`loco_kiosk.ui.bridge`.

Commands go down as calls into the media loop. What the wearer does comes up: pointers through one slot, newest wins,
the rest by a queued signal; pictures, sound and input never come this way.
"""

import concurrent.futures
import logging
from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from loco_kiosk.client.taps import Taps
from loco_kiosk.client.tile import TileView
from loco_kiosk.client.vr_ends import FeedEnds
from loco_kiosk.client.vr_messages import Focus, FromVr, Leave, Pointer, Pointers, SoundState, Statistics, Status
from loco_kiosk.media.mixer import Mixer
from loco_kiosk.media.thread import MediaThread

if TYPE_CHECKING:
    from loco_kiosk.client.vr_feed import VrFeed
    from loco_kiosk.client.wall import Wall

log = logging.getLogger(__name__)

Heard = Focus | SoundState | Status | Statistics | Leave
"""What the desktop must follow, each in its turn."""


class VrBridge(QObject):
    """Feeds one run of the headset's program after another.

    Signals: ``heard`` with a message of :data:`Heard`, ``pointed`` when :meth:`take_pointers` has something again.
    Threading: GUI thread, except where a method says otherwise.
    """

    heard = Signal(object)
    pointed = Signal()

    def __init__(self, media: MediaThread, taps: Taps, mixer: Mixer, wall: "Callable[[], Wall | None]") -> None:
        super().__init__()
        self._media = media
        self._taps = taps
        self._mixer = mixer
        self._wall = wall
        self._ends: FeedEnds | None = None
        self._feed: VrFeed | None = None
        self._running: concurrent.futures.Future[None] | None = None
        self._lock = Lock()
        self._pointers: tuple[Pointer, ...] | None = None

    # One run

    def open(self) -> tuple[int, int]:
        """Make the feed of one run; its descriptors, socket and memory, to hand to the program.

        Raises:
            OSError: the system gives no memory or descriptors.
        """
        from loco_kiosk.client.vr_feed import VrFeed  # noqa: PLC0415 - nobody else waits for it at the start

        assert self._ends is None, "close the feed before the next"
        self._ends = FeedEnds.open()
        self._feed = VrFeed(
            self._ends, taps=self._taps, mixer=self._mixer, wall=self._wall, on_message=self._on_message
        )
        return self._ends.descriptors()

    def run(self) -> None:
        """The program has its descriptors: feed it."""
        assert self._ends is not None, "open the feed first"
        assert self._feed is not None
        self._ends.handed_over()
        self._running = self._media.submit(self._feed.run())
        self._running.add_done_callback(self._on_end)

    def close(self) -> None:
        """The program is gone, or never came; what its wearer held goes up."""
        ends, self._ends, self._feed = self._ends, None, None
        running, self._running = self._running, None
        if running is not None:
            running.cancel()
        elif ends is not None:
            ends.close()
        with self._lock:
            self._pointers = None

    # Down

    def stop(self, reason: str = "") -> None:
        """The program shall end; ``reason`` is a sentence for the wearer."""
        self._tell(lambda feed: feed.stop(reason))

    def show_tiles(self, tiles: tuple[TileView, ...]) -> None:
        """What is known of all machines."""
        self._tell(lambda feed: feed.show_tiles(tiles))

    def show_notice(self, sentence: str) -> None:
        """What the wearer should know of the wall as a whole."""
        self._tell(lambda feed: feed.show_notice(sentence))

    def focus_on(self, instance: str) -> None:
        """Another machine is picked here; "" for none."""
        self._tell(lambda feed: feed.focus_on(instance or None))

    def set_sound(self, sound: SoundState) -> None:
        """The loudness was changed here."""
        self._tell(lambda feed: feed.set_sound(sound))

    def _tell(self, call: "Callable[[VrFeed], None]") -> None:
        if self._feed is not None:
            self._media.call(call, self._feed)

    # Up

    def take_pointers(self) -> tuple[Pointer, ...] | None:
        """Where the wearer points, once; None where nothing is new."""
        with self._lock:
            pointers, self._pointers = self._pointers, None
        return pointers

    # In the media thread

    def _on_message(self, message: FromVr) -> None:
        match message:
            case Pointers():
                with self._lock:
                    waiting, self._pointers = self._pointers is not None, message.pointers
                if not waiting:
                    self.pointed.emit()
            case Focus() | SoundState() | Status() | Statistics() | Leave():
                self.heard.emit(message)
            case _:
                pass  # input and control go from the feed to the wall

    def _on_end(self, running: "concurrent.futures.Future[None]") -> None:
        if not running.cancelled() and (error := running.exception()) is not None:
            log.error("the feed of the headset broke down", exc_info=error)
