"""The VR process's end of a feed: shared memory for pictures and sound, a socket for everything else."""

import contextlib
import math
import socket
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from backend.contract.errors import WireError
from backend.contract.input import InputMessage
from loco_kiosk.client.vr_messages import (
    NO_PLACE,
    Control,
    Focus,
    FromVr,
    Input,
    Leave,
    Pointer,
    Pointers,
    Recover,
    Roster,
    ScreenView,
    SoundState,
    Statistics,
    Status,
    Stop,
    ToVr,
    Visible,
    to_line,
    to_vr_from_line,
)
from loco_kiosk.media.shared_reader import Picture, PictureReader, SoundReader
from loco_kiosk.media.shared_wall import SharedWall
from vr.errors import FeedEndedError
from vr.feed.lines import LineSocket

__all__ = ["Feed", "Picture", "Pointer", "ScreenView", "SoundState"]


class Feed:
    """One wall, seen from the headset. Threading: the frame loop's; no call waits."""

    def __init__(self, connection: socket.socket, memory: int) -> None:
        """Take over the connected stream socket ``connection`` and map the shared memory ``memory`` (a descriptor).

        Raises:
            WireError: the memory is not of this version.
        """
        self.screens: tuple[ScreenView, ...] = ()
        """The newest roster, by slot."""
        self.notice = ""
        """A sentence about the wall as a whole; empty when all is well."""
        self.sound = SoundState()
        self.focus: str | None = None
        """The machine in front by the feed's last word; None for none."""
        self.drops: Counter[str] = Counter()
        """Lines and pictures that were dropped, by cause."""
        wall = SharedWall(memory)
        self._pictures = PictureReader(wall)
        self._sounds = SoundReader(wall)
        self._lines = LineSocket(connection, self.drops)
        self._tenancies: dict[int, int] = {}
        self._shown: tuple[str, ...] = ()
        self._resting = False

    @property
    def picture_counts(self) -> Mapping[str, int]:
        """Pictures taken, skipped for newer ones, and torn."""
        return self._pictures.counts

    def poll(self) -> None:
        """Take what came, and send what waits. Call once a frame.

        Raises:
            FeedEndedError: the other side has gone, or tells this program to stop; the text says why.
        """
        for line in self._lines.receive():
            try:
                message = to_vr_from_line(line)
            except WireError:
                self.drops["malformed line"] += 1
            else:
                self._take(message)
        if self._lines.ended:
            raise FeedEndedError("The program that sends the pictures has ended.")
        self._lines.flush()

    # Pictures and sound

    def newest(self, place: int) -> Picture | None:
        """The newest picture of a place, once; None where nothing is new. Use it in ``with``."""
        if place == NO_PLACE:
            return None
        return self._pictures.newest(place, self._tenancies.get(place, 0))

    def repeat(self, place: int) -> None:
        """Offer the newest picture of a place once more: its canvas was made anew."""
        if place != NO_PLACE:
            self._pictures.again(place)

    def samples(self, place: int, frames: int) -> NDArray[np.int16] | None:
        """At most ``frames`` new samples of a place, mono at 48 kHz; None where nothing is new."""
        return None if place == NO_PLACE else self._sounds.take(place, frames)

    # Commands

    def send(self, id: str, message: InputMessage) -> None:  # noqa: A002 - the contract's word
        """Keyboard and mouse for a guest."""
        self._tell(Input(id, message))

    def focus_on(self, id: str | None) -> None:  # noqa: A002
        """Another machine comes to the front, or none."""
        self.focus = id
        self._tell(Focus(id))

    def show(self, ids: Sequence[str]) -> None:
        """Which machines are shown; only their pictures and sound come."""
        self._shown = tuple(ids)
        if not self._resting:
            self._tell(Visible(self._shown))

    def rest(self) -> None:
        """Nobody looks: no pictures and no sound until :meth:`wake`, so that nothing is made for nobody."""
        if not self._resting:
            self._resting = True
            self._tell(Visible(()))

    def wake(self) -> None:
        """Somebody looks again; call it every frame, it says so once."""
        if self._resting:
            self._resting = False
            self._tell(Visible(self._shown))

    def request_control(self, id: str) -> None:  # noqa: A002
        """Ask for keyboard and mouse of a guest."""
        self._tell(Control(id, wanted=True))

    def release_control(self, id: str) -> None:  # noqa: A002
        """Give keyboard and mouse back; everything goes up in the guest."""
        self._tell(Control(id, wanted=False))

    def recover(self, id: str, level: str = "reset") -> None:  # noqa: A002
        """Start a guest anew: level ``reset``, or ``restart`` for its whole emulator."""
        self._tell(Recover(id, level))

    def set_sound(self, volume: float, *, muted: bool, mono: bool) -> None:
        """The wearer changed the loudness; ``volume`` is 0 to 1."""
        self.sound = SoundState(volume, muted, mono)
        self._tell(self.sound)

    # Reports

    def report_pointers(self, pointers: Iterable[Pointer]) -> None:
        """Where the rays hit, for the mirror on the desktop; call on change, at most 60 times a second."""
        self._tell(Pointers(tuple(pointers)))

    def report_statistics(self, figures: Mapping[str, float]) -> None:
        """Figures of this process, by name with unit; one that is no number is left out."""
        self._tell(Statistics({name: float(value) for name, value in figures.items() if math.isfinite(value)}))

    def report_status(self, state: str, sentence: str = "") -> None:
        """How the headset is, in one word and a sentence."""
        self._tell(Status(state, sentence))

    def leave(self) -> None:
        """The wearer chose to leave."""
        self._tell(Leave())

    def close(self) -> None:
        """Send what waits, as far as it goes at once, and hang up."""
        with contextlib.suppress(FeedEndedError):
            self._lines.flush()
        self._lines.close()

    def _tell(self, message: FromVr) -> None:
        self._lines.send(to_line(message))

    def _take(self, message: ToVr | None) -> None:
        match message:
            case Roster():
                self._learn(message)
            case SoundState():
                self.sound = message
            case Focus():
                self.focus = message.id
            case Stop():
                raise FeedEndedError(message.reason)
            case None:
                self.drops["unknown line"] += 1

    def _learn(self, roster: Roster) -> None:
        self.screens, self.notice = roster.screens, roster.notice
        tenancies = {screen.place: screen.tenancy for screen in roster.screens if screen.place != NO_PLACE}
        for place, tenancy in tenancies.items():
            if tenancy != self._tenancies.get(place):
                self._sounds.skip(place)
                self._pictures.again(place)
        self._tenancies = tenancies
