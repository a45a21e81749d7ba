"""The only crossing between the GUI thread and the media thread.

Commands go down as calls into the media loop; views come up through one slot each, newest wins, which the scene's
refresh empties; pictures go through the mailboxes of :mod:`loco_kiosk.ui.frame_presenter`.
"""

import concurrent.futures
import contextlib
import logging
from collections.abc import Callable, Coroutine, Mapping
from threading import Lock
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from backend.contract.control import PictureWish, Tier
from backend.contract.errors import LocoError
from backend.contract.input import InputMessage
from loco_kiosk.client.backend_view import BackendView
from loco_kiosk.client.lan_view import LanView
from loco_kiosk.client.tile import TileView
from loco_kiosk.media.frames import FrameSink
from loco_kiosk.media.mixer import Mixer
from loco_kiosk.media.thread import MediaThread

if TYPE_CHECKING:
    from loco_kiosk.client.wall import Wall

log = logging.getLogger(__name__)

STOP_S = 5.0
"""Closing nine sessions takes one round trip each; longer than this means that the other side hangs."""


class Bridge(QObject):
    """Runs the wall in the media thread, and speaks with it. ``failed`` carries a sentence for the visitor.

    Threading: GUI thread, except where a method says otherwise.
    """

    failed = Signal(str)

    def __init__(self, media: MediaThread, sink: Callable[[str], FrameSink], mixer: Mixer, viewer_name: str) -> None:
        super().__init__()
        self._media = media
        self._sink = sink
        self._mixer = mixer
        self._viewer_name = viewer_name
        self._url = ""
        self._wall: Wall | None = None
        self._running: concurrent.futures.Future[None] | None = None
        self._tiers: Mapping[str, Tier] = {}
        self._shown_px = (0, 0)
        self._wish = PictureWish()
        self._lock = Lock()
        self._tiles: tuple[TileView, ...] | None = None
        self._backend: BackendView | None = None
        self._lan: LanView | None = None
        self._lan_watched = False

    @property
    def wall(self) -> "Wall | None":
        """The wall, for ``--check``; None before the first backend. Use it in the media thread only."""
        return self._wall

    def follow(self, url: str) -> None:
        """Show the machines of this backend; another URL replaces the wall."""
        if url != self._url:
            self.leave()
            self._url = url
            self._running = self._media.submit(self._run(url))
            self._running.add_done_callback(self._on_end)

    def leave(self) -> None:
        """Close the wall and wait, for at most :data:`STOP_S`."""
        running, self._running, self._url = self._running, None, ""
        if running is not None:
            running.cancel()
            with contextlib.suppress(concurrent.futures.CancelledError, Exception):
                running.result(STOP_S)

    # Up: emptied by the refresh of the scene

    def take_tiles(self) -> tuple[TileView, ...] | None:
        """The newest views, once."""
        with self._lock:
            tiles, self._tiles = self._tiles, None
        return tiles

    def take_backend(self) -> BackendView | None:
        """The newest news of the backend, once."""
        with self._lock:
            backend, self._backend = self._backend, None
        return backend

    def take_lan(self) -> LanView | None:
        """The newest news of the machines' network, once."""
        with self._lock:
            lan, self._lan = self._lan, None
        return lan

    # Down

    def watch_lan(self, watched: bool) -> None:
        """Whether somebody looks at the machines' network."""
        if watched != self._lan_watched:
            self._lan_watched = watched
            self._tell(lambda wall: wall.watch_lan(watched))

    def set_tiers(self, tiers: Mapping[str, Tier]) -> None:
        """How each stream is shown."""
        self._tiers = dict(tiers)
        self._tell(lambda wall: wall.set_tiers(self._tiers))

    def set_shown_size(self, width_px: int, height_px: int) -> None:
        """How large a picture of the grid is."""
        self._shown_px = (width_px, height_px)
        self._tell(lambda wall: wall.set_shown_size(*self._shown_px))

    def set_wish(self, wish: PictureWish) -> None:
        """How the pictures of all streams are wanted."""
        self._wish = wish
        self._tell(lambda wall: wall.set_wish(wish))

    def request_control(self, instance: str) -> None:
        """Ask for keyboard and mouse."""
        self._tell(lambda wall: wall.request_control(instance))

    def release_control(self, instance: str) -> None:
        """Give them back."""
        self._tell(lambda wall: wall.release_control(instance))

    def send(self, instance: str, message: InputMessage) -> None:
        """Input for a guest."""
        self._tell(lambda wall: wall.send(instance, message))

    def recover(self, instance: str, level: str) -> None:
        """Start a guest anew; a refusal comes back by ``failed``."""
        self._ask(instance, lambda wall: wall.recover(instance, level))

    def _tell(self, call: Callable[["Wall"], object]) -> None:
        self._media.call(self._with_wall, call)

    def _ask(self, instance: str, call: Callable[["Wall"], Coroutine[Any, Any, None]]) -> None:
        if self._wall is not None:
            self._media.submit(self._guarded(instance, call(self._wall)))

    # In the media thread

    def _with_wall(self, call: Callable[["Wall"], object]) -> None:
        if self._wall is not None:
            call(self._wall)

    async def _guarded(self, instance: str, asked: Coroutine[Any, Any, None]) -> None:
        try:
            await asked
        except LocoError as error:
            log.warning("%s: %s", instance, error)
            self.failed.emit(str(error))

    async def _run(self, url: str) -> None:
        # aiortc takes a third of a second to import, which the first picture of the window must not wait for.
        from loco_kiosk.client.wall import Wall  # noqa: PLC0415

        self._wall = Wall(
            url,
            sink=self._sink,
            mixer=self._mixer,
            viewer_name=self._viewer_name,
            on_tiles=self._put_tiles,
            on_backend=self._put_backend,
            on_lan=self._put_lan,
        )
        self._wall.set_tiers(self._tiers)
        self._wall.set_shown_size(*self._shown_px)
        self._wall.set_wish(self._wish)
        self._wall.watch_lan(self._lan_watched)
        try:
            await self._wall.run()
        finally:
            self._wall = None

    def _put_tiles(self, tiles: tuple[TileView, ...]) -> None:
        with self._lock:
            self._tiles = tiles

    def _put_backend(self, backend: BackendView) -> None:
        with self._lock:
            self._backend = backend

    def _put_lan(self, lan: LanView) -> None:
        with self._lock:
            self._lan = lan

    def _on_end(self, running: "concurrent.futures.Future[None]") -> None:
        if not running.cancelled() and (error := running.exception()) is not None:
            log.error("the wall ended", exc_info=error)
            self.failed.emit(f"The wall broke down: {error}. Restart Loco Kiosk; its log says more.")
