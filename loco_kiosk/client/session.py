"""The session of one instance: a link that is made again for ever, and what its tile shows."""

import asyncio
import contextlib
import logging
import time
from collections import Counter
from collections.abc import Callable

from backend.contract import logs
from backend.contract.control import ControlRelease, ControlRequest, FocusTier, PictureWish, Tier, ViewerHello
from backend.contract.input import InputMessage
from backend.contract.instance import Instance, InstanceState
from backend.contract.retry import Backoff, forever
from loco_kiosk.client.errors import ClientError
from loco_kiosk.client.ice import IceClient
from loco_kiosk.client.link import Link
from loco_kiosk.client.meters import PictureMeter
from loco_kiosk.client.probe import Probe
from loco_kiosk.client.readings import Readings
from loco_kiosk.client.steady import Steady
from loco_kiosk.client.tile import SessionStatus, TileView, condition
from loco_kiosk.client.whep import WhepClient
from loco_kiosk.input.merge import InputMerge
from loco_kiosk.media.errors import MediaError
from loco_kiosk.media.frames import FrameSink, FrameTiming
from loco_kiosk.media.mixer import MixerInput
from loco_kiosk.media.video_receiver import Picture

log = logging.getLogger(__name__)

_BACKOFF = Backoff(initial_s=0.2, maximum_s=3.0)
"""A restarted streamer is to be back within seconds, and one request each 3 s costs nothing."""
_ABSENT = (InstanceState.PENDING, InstanceState.TERMINATING, InstanceState.GONE)
"""There is nobody to connect to, and the backend says when there is."""
_RETRY_S = {InstanceState.BOOTING: 0.5, InstanceState.LOST: 3.0}
"""Where a failure is no news, for the backend knows; a change of its mind is tried out at once."""


class Session:
    """Watches one instance as long as :meth:`run` runs. Threading: one event loop."""

    def __init__(
        self,
        instance: Instance,
        *,
        whep: WhepClient,
        sink: FrameSink,
        sound: MixerInput,
        viewer_name: str,
        on_change: Callable[[], None],
        ice: IceClient | None = None,
        relay_only: bool = False,
        decoder_device: str | None = None,
    ) -> None:
        self.instance = instance
        """As the backend last described it."""
        self._whep = whep
        self._sink = sink
        self._sound = sound
        self._viewer_name = viewer_name
        self._on_change = on_change
        self._ice = ice
        self._relay_only = relay_only
        self._decoder_device = decoder_device
        self._focus = FocusTier(Tier.GRID)
        self._wish = PictureWish()
        self._control_wishes: set[str] = set()
        self._link: Link | None = None
        self._described = asyncio.Event()
        self._steady = Steady()
        self._error = ""
        self._retry_s = 0.0
        self._shown: Picture | None = None
        self._pictures = PictureMeter()
        self._readings = Readings()
        self._drops: Counter[str] = Counter()
        self._probes: dict[int, Probe] = {}
        self._merge = InputMerge()

    async def run(self) -> None:
        """Connect, watch, connect again, until cancelled."""
        logs.instance.set(self.instance.id)
        await forever(
            f"session of {self.instance.id}",
            self._attempt,
            failures=(ClientError, MediaError),
            backoff=_BACKOFF,
            on_failure=self._failed,
        )

    def describe(self, instance: Instance) -> None:
        """Take what the backend says of the instance now."""
        if instance.state is not self.instance.state:
            self._described.set()
        self.instance = instance
        if instance.state is not InstanceState.READY and self._link is not None:
            self._link.suspect()

    def set_focus(self, focus: FocusTier) -> None:
        """Tell the streamer how much is needed; hidden pictures are decoded but not shown."""
        if focus != self._focus:
            self._focus = focus
            if self._link is not None:
                self._link.tell(focus)

    def set_wish(self, wish: PictureWish) -> None:
        """Tell the streamer how pictures are wanted, now and after each reconnect."""
        if wish != self._wish:
            self._wish = wish
            if self._link is not None:
                self._link.tell(wish)

    def request_control(self, hand: str = "") -> None:
        """Ask for keyboard and mouse, now and after each reconnect, until :meth:`release_control`."""
        self._control_wishes.add(hand)
        if self._link is not None:
            self._link.tell(ControlRequest())

    def release_control(self, hand: str = "") -> None:
        """Give keyboard and mouse back, unless another hand wants them."""
        self._control_wishes.discard(hand)
        if self._link is not None and not self._control_wishes:
            self._link.tell(ControlRelease())

    def send(self, message: InputMessage, hand: str = "") -> None:
        """Send input of one hand to the guest; without a connection it is dropped and counted."""
        if self._link is None:
            self._drops["input without connection"] += 1
        else:
            self._link.send(self._merge.merged(message, hand))

    def add_probe(self, on_change: Callable[[int], None]) -> int:
        """Call ``on_change(decoded_us)`` when the guest's probe area changes; returns a number for removing it."""
        number = max(self._probes, default=0) + 1
        self._probes[number] = probe = Probe(on_change)
        if self._shown is not None:  # on a still screen no other picture may come before the change
            probe.look(self._shown.frame, self._probe_area(), self._shown.decoded_us, self._screen())
        return number

    def remove_probe(self, number: int) -> None:
        """Stop a probe."""
        self._probes.pop(number, None)

    def view(self, level_dbfs: float) -> TileView:
        """What the tile shows now."""
        link = self._link
        now_us = time.monotonic_ns() // 1000
        known = condition(self.instance, self._status(link), link.facts.guest if link else None)
        state = self._steady.settle(known, now_us / 1e6)
        return self._readings.view(
            self.instance,
            state,
            link,
            self._pictures,
            self._drops,
            level_dbfs=level_dbfs,
            sound_buffer_ms=self._sound.buffered_ms,
            now_us=now_us,
        )

    def _probe_area(self) -> tuple[int, int, int, int] | None:
        hello = self._link.facts.hello if self._link else None
        return hello.probe if hello else None

    def _screen(self) -> tuple[int, int] | None:
        """Size of the guest's screen, where it is told; it never is 0."""
        known = self._link.facts.format if self._link else None
        return (known.width_px, known.height_px) if known and known.width_px and known.height_px else None

    def _status(self, link: Link | None) -> SessionStatus:
        if link is None:
            return SessionStatus(error=self._error, retry_in_s=self._retry_s)
        return SessionStatus(
            connected=True, has_picture=self._shown is not None, silent_s=link.silent_s, behind_s=link.behind_s
        )

    async def _attempt(self, healthy: Callable[[], None]) -> None:
        while self.instance.state in _ABSENT:
            await self._news()
        asked = self.instance.state
        try:
            await self._connect(healthy)
        except (ClientError, MediaError) as error:
            now = self.instance.state
            if not {asked, now} & (_ABSENT | _RETRY_S.keys()):
                raise
            log.debug("not connected, as expected: %s", error)
            # An answer to a machine that was still starting says nothing of one that has started since: ask at once.
            retry_s = _RETRY_S.get(now, 0.0)
            self._failed(error, 1, retry_s)
            if retry_s:
                await self._news(retry_s)

    async def _news(self, timeout_s: float | None = None) -> None:
        """Wait until the backend says something else of the instance."""
        self._described.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await self._described.wait()

    async def _connect(self, healthy: Callable[[], None]) -> None:
        link = Link(
            on_picture=self._picture,
            on_sound=self._sound.push,
            on_change=self._on_change,
            ice_servers=await self._ice.servers() if self._ice else (),
            relay_only=self._relay_only,
            decoder_device=self._decoder_device,
        )
        try:
            resource = await self._whep.open(self.instance.id, await link.peer.offer())
            try:
                await link.peer.accept(resource.answer)
                self._greet(link)
                healthy()
                await link.watch()
            finally:
                await self._whep.close(resource)
        finally:
            self._forget(link)
            await link.peer.close()

    def _greet(self, link: Link) -> None:
        self._link = link
        self._merge.restart()
        self._error = ""
        link.tell(ViewerHello(self._viewer_name))
        link.tell(self._focus)
        link.tell(self._wish)
        if self._control_wishes:
            link.tell(ControlRequest())
        self._on_change()

    def _forget(self, link: Link) -> None:
        self._drops.update(link.drops)
        self._drops.update(link.peer.video.losses())
        self._link = None
        self._shown = None
        self._pictures.pause()

    def _failed(self, error: Exception, _failures: int, delay_s: float) -> None:
        self._error, self._retry_s = str(error), delay_s
        self._on_change()

    def _picture(self, picture: Picture, captured_us: int | None) -> None:
        self._pictures.add(captured_us, picture.decoded_us, picture.rtp_timestamp, picture.losses)
        for probe in list(self._probes.values()) if self._probes else ():
            probe.look(picture.frame, self._probe_area(), picture.decoded_us, self._screen())
        first, self._shown = self._shown is None, picture
        if first:
            self._on_change()
        if self._focus.tier is not Tier.HIDDEN:
            timing = FrameTiming(picture.rtp_timestamp, captured_us, picture.received_us, picture.decoded_us)
            self._sink.put(picture.frame, timing)
