"""Feeds one VR process: pictures and sound into shared memory, news and commands over a socket."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from av.video.frame import VideoFrame

from backend.contract.control import Tier
from backend.contract.errors import LocoError, WireError
from backend.contract.tasks import TaskScope
from loco_kiosk.client.taps import Taps
from loco_kiosk.client.tile import TileView
from loco_kiosk.client.vr_ends import FeedEnds
from loco_kiosk.client.vr_hand import Hand
from loco_kiosk.client.vr_messages import (
    MAX_LINE_BYTES,
    NO_PLACE,
    Control,
    Focus,
    FromVr,
    Input,
    Recover,
    Roster,
    ScreenView,
    SoundState,
    Stop,
    ToVr,
    Visible,
    from_vr_from_line,
    to_line,
)
from loco_kiosk.client.vr_places import Places
from loco_kiosk.media.audio_receiver import Pcm
from loco_kiosk.media.errors import ScalerError
from loco_kiosk.media.frames import FrameTiming
from loco_kiosk.media.mixer import Mixer
from loco_kiosk.media.shared_wall import SharedWall
from loco_kiosk.media.shared_writer import PictureWriter, SoundWriter

if TYPE_CHECKING:
    from loco_kiosk.client.wall import Wall

log = logging.getLogger(__name__)

_MAX_WAITING_BYTES = 512 * 1024
"""A process that does not read for a second is busy or hangs; what it misses is old by then."""
_REFUSAL_S = 8.0
"""Time to read a sentence twice."""


class VrFeed:
    """One run of a VR process. Threading: made in any thread, everything else in the media thread.

    The wall may come, go and be replaced meanwhile.
    """

    def __init__(
        self,
        ends: FeedEnds,
        *,
        taps: Taps,
        mixer: Mixer,
        wall: "Callable[[], Wall | None]",
        on_message: Callable[[FromVr], None],
    ) -> None:
        """Map the memory; nothing moves before :meth:`run`.

        Args:
            ends: socket and memory; the feed closes them when it ends.
            taps: where pictures come from.
            mixer: where sound comes from.
            wall: the wall of now, for commands.
            on_message: gets everything that the VR process says, after it was done here what can be done here.

        Raises:
            WireError: the memory is of another version.
        """
        self.counts: Counter[str] = Counter()
        """Pictures and lines, and what was dropped, by cause."""
        self.convert_us = 0
        """Sum over all pictures."""
        self._ends = ends
        memory = SharedWall(ends.memory)
        self._pictures = PictureWriter(memory)
        self._sounds = SoundWriter(memory)
        self._taps = taps
        self._mixer = mixer
        self._wall = wall
        self._hand = Hand(wall)
        self._on_message = on_message
        self._places = Places()
        self._tiles: tuple[TileView, ...] = ()
        self._notice = self._refusal = ""
        self._sound = SoundState()
        self._focus: str | None = None
        self._stop: Stop | None = None
        self._tasks = TaskScope("vr feed")
        self._writer: asyncio.StreamWriter | None = None

    # Life

    async def run(self) -> None:
        """Feed until the process hangs up; then whatever it held goes up."""
        try:
            reader, self._writer = await asyncio.open_unix_connection(sock=self._ends.near, limit=MAX_LINE_BYTES)
            self._tell(self._sound)
            self._tell(Focus(self._focus))
            self._tell_roster()
            if self._stop is not None:
                self._tell(self._stop)
            self._taps.listener = self._picture
            self._mixer.listener = self._heard
            await self._listen(reader)
        finally:
            self._finish()
            await self._tasks.close()
            self._ends.handed_over()

    def _finish(self) -> None:
        if self._taps.listener == self._picture:
            self._taps.listener = None
        if self._mixer.listener == self._heard:
            self._mixer.listener = None
        self._hand.let_go()
        if (wall := self._wall()) is not None:
            wall.set_headset_tiers({})
        if self._writer is not None:
            self._writer.transport.abort()  # closes the socket
            self._writer = None

    # To the headset

    def show_tiles(self, tiles: tuple[TileView, ...]) -> None:
        """What is known of all machines, by slot."""
        self._tiles = tiles
        self._follow_tiers()
        self._tell_roster()

    def show_notice(self, sentence: str) -> None:
        """A sentence about the wall as a whole; empty when all is well."""
        self._notice = sentence
        self._tell_roster()

    def focus_on(self, identity: str | None) -> None:
        """Another machine came to the front on the desktop, or none."""
        if identity != self._focus:
            self._focus = identity
            self._follow_tiers()
            self._tell(Focus(identity))

    def set_sound(self, sound: SoundState) -> None:
        """Loudness was changed on the desktop."""
        if sound != self._sound:
            self._sound = sound
            self._tell(sound)

    def stop(self, reason: str = "") -> None:
        """The process shall end; ``reason`` is a sentence for the wearer, empty where it was asked for."""
        self._stop = Stop(reason)
        self._tell(self._stop)

    def _tell(self, message: ToVr) -> None:
        if self._writer is None:
            return
        if self._writer.transport.get_write_buffer_size() > _MAX_WAITING_BYTES:
            self.counts["line not sent"] += 1
        else:
            self._writer.write(to_line(message))

    def _tell_roster(self) -> None:
        self._tell(Roster(tuple(self._screen(tile) for tile in self._tiles), self._refusal or self._notice))

    def _screen(self, tile: TileView) -> ScreenView:
        place = self._places.place(tile.id)
        return ScreenView(
            place=NO_PLACE if place is None else place,
            tenancy=self._places.tenancy(tile.id),
            slot=tile.slot,
            id=tile.id,
            name=tile.name,
            state=tile.state,
            reason=tile.reason,
            next_step=tile.next_step,
            pointer=tile.pointer,
            mine=tile.mine,
            holder=tile.holder,
            fps=tile.fps,
            delay_ms=tile.delay_ms,
            level_dbfs=tile.level_dbfs,
            width_px=tile.width_px,
            height_px=tile.height_px,
        )

    # Pictures and sound

    def _picture(self, identity: str, frame: VideoFrame, timing: FrameTiming) -> None:
        place = self._places.place(identity)
        if place is None:
            return
        started_ns = time.perf_counter_ns()
        try:
            self._pictures.write(place, self._places.tenancy(identity), frame, timing)
        except ScalerError as error:
            if not self.counts["picture not converted"]:
                log.warning("%s: %s", identity, error)
            self.counts["picture not converted"] += 1
        else:
            self.counts["picture"] += 1
            self.convert_us += (time.perf_counter_ns() - started_ns) // 1000

    def _heard(self, identity: str, pcm: Pcm) -> None:
        place = self._places.place(identity)
        if place is not None:
            self._sounds.write(place, pcm)

    # From the headset

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        while True:
            try:
                line = await reader.readline()
            except ValueError:  # longer than the limit; asyncio has thrown it away
                self.counts["long line"] += 1
                continue
            except ConnectionError:
                return
            if not line.endswith(b"\n"):
                return
            self._take_line(line)

    def _take_line(self, line: bytes) -> None:
        try:
            message = from_vr_from_line(line)
        except WireError as error:
            if not self.counts["malformed line"]:
                log.warning("a line of the VR process is malformed: %s", error)
            self.counts["malformed line"] += 1
            return
        if message is None:
            self.counts["unknown line"] += 1
            return
        self._take(message)
        self._on_message(message)

    def _take(self, message: FromVr) -> None:
        match message:
            case Input():
                self._hand.send(message.id, message.message)
            case Visible():
                self._show(message)
            case Focus():
                self._focus = message.id
                self._follow_tiers()
            case Control():
                self._hand.control(message.id, wanted=message.wanted)
            case Recover():
                self._tasks.spawn(self._recover(message), f"recover {message.id}")
            case SoundState():
                self._sound = message
            case _:
                pass  # reports, which are the desktop's alone

    def _show(self, message: Visible) -> None:
        for identity in self._places.show(message.ids):
            if (kept := self._taps.newest.get(identity)) is not None:
                # Offered now: how long ago it was decoded says nothing of how fast it reaches the headset.
                self._picture(identity, kept.frame, replace(kept.timing, decoded_us=time.monotonic_ns() // 1000))
        self._follow_tiers()
        self._tell_roster()

    def _follow_tiers(self) -> None:
        wall = self._wall()
        if wall is not None:
            shown = self._places.shown
            wall.set_headset_tiers({each: Tier.ZOOMED if each == self._focus else Tier.GRID for each in shown})

    async def _recover(self, message: Recover) -> None:
        wall = self._wall()
        try:
            if wall is not None:
                await wall.recover(message.id, message.level)
        except LocoError as error:
            log.warning("%s: %s", message.id, error)
            self._refusal = str(error)
            self._tell_roster()
            await asyncio.sleep(_REFUSAL_S)
            self._refusal = ""
            self._tell_roster()
