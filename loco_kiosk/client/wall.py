"""All instances of one backend: the roster, one session each, and the views of their tiles."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping

from backend.contract.control import FocusTier, PictureWish, Tier
from backend.contract.input import InputMessage
from backend.contract.instance import Instance
from backend.contract.tasks import TaskScope
from loco_kiosk.client.backend_client import BackendClient
from loco_kiosk.client.backend_view import BackendView
from loco_kiosk.client.errors import ClientError
from loco_kiosk.client.ice import IceClient
from loco_kiosk.client.lan_client import LanClient
from loco_kiosk.client.lan_view import LanView
from loco_kiosk.client.session import Session
from loco_kiosk.client.tile import TileView
from loco_kiosk.client.whep import WhepClient, http_session
from loco_kiosk.media import hardware
from loco_kiosk.media.frames import FrameSink
from loco_kiosk.media.mixer import SILENCE_DBFS, Mixer

__all__ = ["BackendView", "Wall"]

log = logging.getLogger(__name__)

_FASTEST_S = 0.1
"""Tiles are published at most this often."""
_NUMBERS_S = 0.5
"""Numbers alone need not change faster than a person reads."""


class Wall:
    """Owns the backend client and one session per instance. Threading: everything in the media loop."""

    def __init__(
        self,
        backend_url: str,
        *,
        sink: Callable[[str], FrameSink],
        mixer: Mixer,
        viewer_name: str,
        on_tiles: Callable[[tuple[TileView, ...]], None],
        on_backend: Callable[[BackendView], None],
        on_lan: Callable[[LanView], None] | None = None,
        headers: Mapping[str, str] | None = None,
        relay_only: bool = False,
    ) -> None:
        """Build; no I/O yet.

        Args:
            backend_url: such as ``http://127.0.0.1:8480``.
            sink: makes the frame sink of an instance.
            mixer: gets the sound of all instances.
            viewer_name: what other viewers see while this one has control.
            on_tiles: gets the views of all tiles, by slot, at most ten times a second.
            on_backend: gets the state of the backend whenever it changes.
            on_lan: gets the machines' network, once a second while it is watched.
            headers: go with every request to the backend; where authentication goes.
            relay_only: media goes through the backend's TURN server even where it could go directly.
        """
        self._url = backend_url
        self._sink = sink
        self._mixer = mixer
        self._viewer_name = viewer_name
        self._on_tiles = on_tiles
        self._on_backend = on_backend
        self._on_lan = on_lan
        self._headers = dict(headers or {})
        self._relay_only = relay_only
        self._decoder_device: str | None = None
        self._ice: IceClient | None = None
        self._wish = PictureWish()
        self._tiers: dict[str, Tier] = {}
        self._headset_tiers: dict[str, Tier] = {}
        self._shown_px = (0, 0)
        self._sessions: dict[str, Session] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._scope = TaskScope("wall")
        self._whep: WhepClient | None = None
        self._changed = asyncio.Event()
        self._lan: LanClient | None = None
        self._lan_watched = False
        self._lan_asked: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Follow the backend and show its instances, until cancelled; then every session is closed."""
        # A moment even where there are such devices, and nothing where there are none.
        self._decoder_device = await asyncio.to_thread(hardware.quickest)
        async with http_session(self._headers) as http:
            self._whep = WhepClient(http, self._url)
            self._ice = IceClient(http, self._url)
            if self._on_lan is not None:
                self._lan = LanClient(http, self._url, self._on_lan)
                self._follow_lan()
            backend = BackendClient(http, self._url, lambda: self._roster_changed(backend))
            self._on_backend(backend.view)
            try:
                async with asyncio.TaskGroup() as tasks:
                    tasks.create_task(backend.run(), name="wall: roster")
                    tasks.create_task(self._publish(), name="wall: tiles")
            finally:
                self._sessions.clear()
                await self._scope.close()

    def set_tiers(self, tiers: Mapping[str, Tier]) -> None:
        """Say how each instance is shown; one that is not named is shown in the grid."""
        self._tiers = dict(tiers)
        self._follow_tiers()

    def set_shown_size(self, width_px: int, height_px: int) -> None:
        """Say how large the window shows a picture that is not zoomed; zeros where that is not known."""
        self._shown_px = (width_px, height_px)
        self._follow_tiers()

    def set_wish(self, wish: PictureWish) -> None:
        """Say how the pictures of all instances are wanted."""
        self._wish = wish
        for session in self._sessions.values():
            session.set_wish(wish)

    def set_headset_tiers(self, tiers: Mapping[str, Tier]) -> None:
        """Say how a headset shows each instance, beside the window; one that is not named is not shown there."""
        if tiers != self._headset_tiers:
            self._headset_tiers = dict(tiers)
            self._follow_tiers()

    def watch_lan(self, watched: bool) -> None:
        """Say whether somebody looks at the machines' network."""
        self._lan_watched = watched
        self._follow_lan()

    def request_control(self, id: str, hand: str = "") -> None:  # noqa: A002 - the contract's word
        """Ask for keyboard and mouse of an instance, until released; ``hand`` as with :meth:`send`."""
        if (session := self._sessions.get(id)) is not None:
            session.request_control(hand)

    def release_control(self, id: str, hand: str = "") -> None:  # noqa: A002
        """Give keyboard and mouse back, unless another hand wants them."""
        if (session := self._sessions.get(id)) is not None:
            session.release_control(hand)

    def send(self, id: str, message: InputMessage, hand: str = "") -> None:  # noqa: A002
        """Send input; what cannot be sent is counted on the tile.

        ``hand`` tells apart whose it is: the window's, or a headset's. Each counts its messages and movements from 0.
        """
        if (session := self._sessions.get(id)) is not None:
            session.send(message, hand)

    def add_probe(self, id: str, on_change: Callable[[int], None]) -> int:  # noqa: A002
        """Call ``on_change(decoded_us)`` when the probe area of the guest changes.

        Raises:
            ClientError: no such instance.
        """
        return self._session(id).add_probe(on_change)

    def remove_probe(self, id: str, number: int) -> None:  # noqa: A002
        """Stop a probe."""
        if (session := self._sessions.get(id)) is not None:
            session.remove_probe(number)

    async def recover(self, id: str, level: str = "reset") -> None:  # noqa: A002
        """Reset the guest, or with level ``restart`` the whole emulator.

        Raises:
            BackendError: refused, or nobody answers.
        """
        if self._whep is None:
            raise ClientError("There is no backend yet.")
        await self._whep.recover(id, level)

    def views(self) -> tuple[TileView, ...]:
        """All tiles, by slot."""
        levels = self._mixer.levels_dbfs()
        sessions = sorted(self._sessions.items(), key=lambda item: (item[1].instance.slot, item[0]))
        return tuple(session.view(levels.get(identity, SILENCE_DBFS)) for identity, session in sessions)

    def _follow_lan(self) -> None:
        if self._lan_watched and self._lan is not None and self._lan_asked is None:
            self._lan_asked = self._scope.spawn(self._lan.run(), "network of the machines")
        elif not self._lan_watched and self._lan_asked is not None:
            self._lan_asked.cancel()
            self._lan_asked = None

    def _follow_tiers(self) -> None:
        for identity, session in self._sessions.items():
            session.set_focus(self._focus(identity))

    def _focus(self, identity: str) -> FocusTier:
        """The most that anybody needs; a headset shows everything large."""
        headset = self._headset_tiers.get(identity, Tier.HIDDEN)
        wanted = {self._tiers.get(identity, Tier.GRID), headset}
        tier = next(tier for tier in Tier if tier in wanted)
        large = tier is Tier.ZOOMED or headset is not Tier.HIDDEN
        return FocusTier(tier) if large else FocusTier(tier, *self._shown_px)

    def _session(self, identity: str) -> Session:
        session = self._sessions.get(identity)
        if session is None:
            raise ClientError(f"There is no instance '{identity}'.")
        return session

    def _roster_changed(self, backend: BackendClient) -> None:
        roster = backend.roster.instances
        for identity in self._sessions.keys() - roster.keys():
            self._remove(identity)
        for identity, instance in roster.items():
            if identity in self._sessions:
                self._sessions[identity].describe(instance)
            else:
                self._add(instance)
        self._changed.set()
        self._on_backend(backend.view)

    def _add(self, instance: Instance) -> None:
        assert self._whep is not None
        session = Session(
            instance,
            whep=self._whep,
            sink=self._sink(instance.id),
            sound=self._mixer.stream(instance.id),
            viewer_name=self._viewer_name,
            on_change=self._changed.set,
            ice=self._ice,
            relay_only=self._relay_only,
            decoder_device=self._decoder_device,
        )
        session.set_focus(self._focus(instance.id))
        session.set_wish(self._wish)
        self._sessions[instance.id] = session
        self._tasks[instance.id] = self._scope.spawn(session.run(), instance.id)

    def _remove(self, identity: str) -> None:
        del self._sessions[identity]
        self._tasks.pop(identity).cancel()
        self._mixer.remove(identity)

    async def _publish(self) -> None:
        shown: tuple[TileView, ...] = ()
        while True:
            started_s = time.monotonic()
            self._changed.clear()
            views = self.views()
            if views != shown:
                shown = views
                self._on_tiles(views)
            await asyncio.sleep(_FASTEST_S - (time.monotonic() - started_s))
            await self._changed_or(_NUMBERS_S - _FASTEST_S)

    async def _changed_or(self, timeout_s: float) -> None:
        try:
            async with asyncio.timeout(timeout_s):
                await self._changed.wait()
        except TimeoutError:
            return
