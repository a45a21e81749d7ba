"""The streamer of one guest, without its HTTP face: guest -> pictures and sound -> viewers, and input back."""

import asyncio
import logging
import secrets
from collections import Counter
from collections.abc import Callable
from typing import Protocol

from backend.contract.control import (
    ClockPing,
    ClockPong,
    ControlRelease,
    ControlRequest,
    ControlState,
    FocusTier,
    GuestStateChanged,
    PathReport,
    PictureFormat,
    PictureWish,
    StreamerHello,
    StreamerStatistics,
    Tier,
    ToStreamer,
    ToViewer,
    ViewerHello,
)
from backend.contract.input import InputMessage
from backend.contract.status import GuestReport, StreamerStatus
from backend.contract.tasks import TaskScope
from backend.streamer import rtc
from backend.streamer.bell import Bell
from backend.streamer.clock import monotonic_us
from backend.streamer.counters import Drops
from backend.streamer.errors import BusyError
from backend.streamer.fan_out import FanOut
from backend.streamer.input_gate import InputGate
from backend.streamer.metrics import MediaFigures
from backend.streamer.offer import read_offer
from backend.streamer.picture_loop import PictureLoop
from backend.streamer.renditions import Renditions
from backend.streamer.settings import StreamerSettings
from backend.streamer.sound_loop import SILENCE_DBFS, SoundLoop
from backend.streamer.source import Guest
from backend.streamer.stage_times import SecondSummary
from backend.streamer.viewer import Viewer, ViewerEvents

log = logging.getLogger(__name__)

_CONNECT_S = 15.0
"""A session whose media does not connect in this time is ended: its viewer went away or cannot be reached."""
_CLOSE_S = 3.0


class GuestFactory(Protocol):
    """Makes the guest with the callbacks that it gets; see :class:`backend.qemu.guest.Guest`."""

    def __call__(
        self,
        *,
        on_picture: Callable[[], None],
        on_sound: Callable[[], None],
        on_report: Callable[[GuestReport], None],
    ) -> Guest:
        """Make it."""


class Streamer:
    """Owns the guest's connection, the encoders and the viewers. One event loop only.

    Args:
        settings: of this streamer.
        make_guest: makes its guest.
        device: hardware that encodes, of :func:`backend.streamer.hardware.quickest`; None: x264.
    """

    def __init__(self, settings: StreamerSettings, make_guest: GuestFactory, *, device: str | None = None) -> None:
        self._settings = settings
        self._drops = Drops()
        self._viewers: dict[str, Viewer] = {}
        self._scope = TaskScope("streamer")
        self._sessions: set[asyncio.Task[None]] = set()
        self._started_us = monotonic_us()
        self._summary = SecondSummary()
        self._dropped: dict[str, int] = {}
        self._drops_before: dict[str, int] = {}
        self._level_dbfs = SILENCE_DBFS
        self._moves = self._retransmitted = 0
        self._format: PictureFormat | None = None
        self._probe: tuple[int, int, int, int] | None = None
        self._origin = secrets.randbits(32)
        self.changes = Bell()
        """Rings whenever :meth:`status` changed, and every second."""
        # The guest may call back from within its constructor, before there is anything to call.
        self._ready = False
        self.guest = make_guest(
            on_picture=self._picture_changed, on_sound=self._sound_changed, on_report=self._guest_changed
        )
        self._fan_out = FanOut(self._viewers.values(), on_moved=self._moved, drops=self._drops)
        self._loop = PictureLoop(
            self.guest.screen,
            rtp_origin=self._origin,
            on_picture=self._fan_out.picture,
            on_resize=lambda _width, _height: self._resized(),
        )
        self._renditions = Renditions(
            self._viewers.values(), loop=self._loop, settings=settings, drops=self._drops, device=device
        )
        self._sound = SoundLoop(
            self.guest.sound,
            rtp_origin=secrets.randbits(32),
            now_s=lambda: asyncio.get_running_loop().time(),
            heard=lambda: self._fan_out.heard,
            near=lambda: self._fan_out.near,
            on_encoded=lambda packet, timestamp, first: self._fan_out.sound(packet, timestamp, first=first),
        )
        self._gate = InputGate(
            self.guest, screen_size=lambda: self._loop.size, drops=self._drops, on_control=self._control_changed
        )
        self._events = ViewerEvents(
            connected=self._connected,
            key_frame=self._key_frame_wanted,
            drained=self._drained,
            control=self._control,
            input=self._input,
        )
        self._ready = True

    async def run(self) -> None:
        """Serve until cancelled; then every viewer is disconnected."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self.guest.run(), name="guest")
                tasks.create_task(self._tick_for_ever(), name="statistics")
        finally:
            self._loop.stop()
            for viewer in self._viewers.values():
                viewer.end()
            # Cancelled half way, a peer connection would leave its own tasks behind.
            if self._sessions:
                await asyncio.wait(self._sessions, timeout=_CLOSE_S)
            await self._scope.close()

    async def join(self, sdp: str) -> tuple[str, str]:
        """Take a viewer with its SDP offer; session id and SDP answer.

        Raises:
            OfferError, UnsupportedError: see :func:`read_offer` and :meth:`Viewer.answer`.
            BusyError: there are too many viewers.
        """
        offer = read_offer(sdp)
        if len(self._viewers) >= self._settings.max_viewers:
            raise BusyError(f"This streamer already has {len(self._viewers)} viewers; try again when one has left.")
        settings = self._settings
        peer = rtc.connection(settings.ice_servers, settings.ice_username, settings.ice_credential)
        viewer = Viewer(secrets.token_urlsafe(16), peer, events=self._events, drops=self._drops)
        self._viewers[viewer.session] = viewer
        try:
            answer = await viewer.answer(offer, settings.media_addresses)
        except BaseException:
            await self._leave(viewer)
            raise
        task = self._scope.spawn(self._attend(viewer), f"viewer {viewer.session[:4]}")
        self._sessions.add(task)
        task.add_done_callback(self._sessions.discard)
        return viewer.session, answer

    def viewer(self, session: str) -> Viewer | None:
        """The viewer of a session."""
        return self._viewers.get(session)

    def status(self) -> StreamerStatus:
        """How things stand."""
        changed_us = self._loop.changed_us
        holder = self._viewers.get(self._gate.holder or "")
        return StreamerStatus(
            instance=self._settings.instance,
            guest=self.guest.report,
            viewers=self._connected_count(),
            controller=holder.name or "a viewer" if holder else "",
            picture_age_s=round((monotonic_us() - changed_us) / 1e6, 1) if changed_us else -1.0,
            fps=self._summary.fps,
            audio_dbfs=self._level_dbfs,
            uptime_s=round((monotonic_us() - self._started_us) / 1e6, 1),
            encode_ms=self._summary.stages_ms.get("encode", -1.0),
            drops=self._dropped,
        )

    def drops(self) -> dict[str, int]:
        """What was dropped since the start, by cause."""
        sound = {f"sound_{cause}": count for cause, count in self.guest.sound.drops.items()}
        return self._drops.totals() | sound | {f"input_{cause}": n for cause, n in self.guest.drops.items()}

    def pictures(self) -> int:
        """Pictures encoded since the start."""
        return self._loop.pictures

    def media(self) -> MediaFigures:
        """What the encoders do and how the ways to the viewers are."""
        viewers = [viewer for viewer in self._viewers.values() if viewer.wants_pictures]
        ladders = [viewer.ladder for viewer in viewers]
        return MediaFigures(
            renditions={rendition.name: rendition.second for rendition in self._renditions.running},
            rungs=Counter(ladder.level for ladder in ladders),
            moves=self._moves,
            retransmitted=self._retransmitted + sum(viewer.retransmitted for viewer in viewers),
            loss=max((ladder.loss for ladder in ladders), default=0.0),
            delay_ms=max((ladder.delay_ms for ladder in ladders), default=0.0),
            round_trip_ms=max((ladder.round_trip_ms for ladder in ladders), default=0.0),
        )

    async def _attend(self, viewer: Viewer) -> None:
        try:
            async with asyncio.timeout(_CONNECT_S):
                await viewer.settled.wait()
        except TimeoutError:
            self._drops.count("never_connected")
            log.warning("%s never connected its media; its session is ended", viewer.label)
        else:
            await viewer.gone.wait()
        finally:
            await self._leave(viewer)

    async def _leave(self, viewer: Viewer) -> None:
        if self._viewers.pop(viewer.session, None) is not None:
            self._retransmitted += viewer.retransmitted
        self._gate.leave(viewer.session)
        self._plan()
        self._control_changed()
        log.info("%s left; %d watch", viewer.label, self._connected_count())
        await viewer.close()

    def _connected(self, viewer: Viewer) -> None:
        log.info("%s watches; %d in all", viewer.label, self._connected_count())
        self._plan()
        self._control_changed()

    def _connected_count(self) -> int:
        return sum(viewer.settled.is_set() and not viewer.gone.is_set() for viewer in self._viewers.values())

    def _key_frame_wanted(self, viewer: Viewer) -> None:
        self._drops.count("key_frame_requests")
        if viewer.rendition is not None:
            viewer.rendition.request_key_frame()
            self._loop.wake()

    def _drained(self, viewer: Viewer) -> None:
        if viewer.wanted is not None:
            viewer.wanted.request_key_frame(urgent=True)
            self._loop.wake()

    def _moved(self) -> None:
        self._moves += 1
        self._plan()

    def _plan(self) -> None:
        tiers = {viewer.tier for viewer in self._viewers.values() if viewer.wants_pictures}
        self.guest.watch_closely(Tier.ZOOMED in tiers)
        self.guest.set_watched(not tiers <= {Tier.HIDDEN})
        self._renditions.plan()

    def _resized(self) -> None:
        self._tell_format()
        # Whether a viewer's tile is small depends on the guest's screen.
        self._plan()

    def _picture_changed(self) -> None:
        if self._ready:
            self._loop.changed()

    def _sound_changed(self) -> None:
        if self._ready:
            self._sound.changed()

    def _guest_changed(self, report: GuestReport) -> None:
        if self._ready:
            self._tell_probe()
            self._broadcast(GuestStateChanged(report))
            self.changes.ring()

    def _control(self, viewer: Viewer, message: ToStreamer) -> None:
        match message:
            case ViewerHello():
                viewer.name = "".join(filter(str.isprintable, message.name))
                self._greet(viewer)
            case ControlRequest():
                self._gate.request(viewer.session)
                viewer.channels.send(self._control_state(viewer))
            case ControlRelease():
                self._gate.release(viewer.session)
            case FocusTier():
                viewer.tier, viewer.shown_px = message.tier, (message.width_px, message.height_px)
                self._plan()
            case PictureWish():
                self._set_wish(viewer, message)
            case PathReport():
                if viewer.report(message, asyncio.get_running_loop().time()):
                    self._plan()
            case ClockPing():
                viewer.channels.send(ClockPong(message.viewer_us, monotonic_us(), self._origin))

    def _greet(self, viewer: Viewer) -> None:
        self._say_hello(viewer)
        if (picture_format := self._picture_format()) is not None:
            viewer.channels.send(picture_format)
        viewer.channels.send(self._control_state(viewer))
        viewer.channels.send(GuestStateChanged(self.guest.report))
        self._renditions.tell(viewer, again=True)
        self.changes.ring()

    def _set_wish(self, viewer: Viewer, wish: PictureWish) -> None:
        viewer.wish = wish
        viewer.ladder.prefer(wish.preference)
        self._plan()

    def _input(self, viewer: Viewer, message: InputMessage) -> None:
        now_us = monotonic_us()
        if self._gate.handle(viewer.session, message):
            viewer.inputs.note(message.sequence, now_us)
            if viewer.rendition is not None:
                viewer.rendition.expect_answer(asyncio.get_running_loop().time())

    def _control_changed(self) -> None:
        for viewer in self._viewers.values():
            viewer.channels.send(self._control_state(viewer))
        self.changes.ring()

    def _control_state(self, viewer: Viewer) -> ControlState:
        holder = self._viewers.get(self._gate.holder or "")
        name = holder.name or "a viewer" if holder else ""
        return ControlState(holder.session if holder else None, name, holder is viewer, self._connected_count())

    def _picture_format(self) -> PictureFormat | None:
        size = self._loop.size
        return None if size is None else PictureFormat(*size, self.guest.pointer)

    def _tell_format(self) -> None:
        picture_format = self._picture_format()
        if picture_format is not None and picture_format != self._format:
            self._format = picture_format
            self._broadcast(picture_format)

    def _say_hello(self, viewer: Viewer) -> None:
        viewer.channels.send(StreamerHello(self._settings.instance, viewer.session, self.guest.probe))

    def _tell_probe(self) -> None:
        """Viewers who came before QEMU was there could not be told of its guest's probe area."""
        if self.guest.probe != self._probe:
            self._probe = self.guest.probe
            for viewer in self._viewers.values():
                self._say_hello(viewer)

    def _broadcast(self, message: ToViewer) -> None:
        for viewer in self._viewers.values():
            viewer.channels.send(message)

    async def _tick_for_ever(self) -> None:
        loop = asyncio.get_running_loop()
        last_s = loop.time()
        while True:
            await asyncio.sleep(1.0)
            now_s = loop.time()
            self._summary = self._renditions.close_second(now_s - last_s)
            last_s = now_s
            self._level_dbfs = self._sound.level_dbfs()
            drops, before = self.drops(), self._drops_before
            self._dropped = {cause: n - before.get(cause, 0) for cause, n in drops.items() if n > before.get(cause, 0)}
            self._drops_before = drops
            self._tell_format()
            self._tell_statistics()
            self.changes.ring()

    def _tell_statistics(self) -> None:
        drops = self.drops()
        for viewer in self._viewers.values():
            summary = self._summary if viewer.rendition is None else viewer.rendition.second
            statistics = StreamerStatistics(
                newest_rtp_timestamp=viewer.newest_timestamp,
                pictures=self._loop.pictures,
                fps=summary.fps,
                bit_rate_bps=summary.bit_rate_bps,
                audio_dbfs=self._level_dbfs,
                stages_ms=summary.stages_ms,
                drops=drops,
            )
            viewer.channels.send(statistics)
