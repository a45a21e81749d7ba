"""What the wearer of a headset does to the guests: sent on, and taken back when the headset goes."""

from collections.abc import Callable
from typing import Protocol

from backend.contract.input import Button, InputMessage, Key, ReleaseAll
from loco_kiosk.input.ledger import Ledger

HAND = "headset"
"""Tells the wearer's input from the window's."""


class Guests(Protocol):
    """The part of :class:`loco_kiosk.client.wall.Wall` that takes commands."""

    def send(self, id: str, message: InputMessage, hand: str = "") -> None:  # noqa: A002
        """Send input."""

    def request_control(self, id: str, hand: str = "") -> None:  # noqa: A002
        """Ask for keyboard and mouse."""

    def release_control(self, id: str, hand: str = "") -> None:  # noqa: A002
        """Give them back."""


class Hand:
    """The wearer's keyboard and mouse. Threading: the media thread. ``guests`` gives None while there is no wall."""

    def __init__(self, guests: Callable[[], Guests | None]) -> None:
        self._guests = guests
        self._held: Ledger[tuple[str, str | int]] = Ledger()
        self._controlled: set[str] = set()
        self._sequence = 0

    def send(self, identity: str, message: InputMessage) -> None:
        """Send input to a guest."""
        self._sequence = message.sequence
        match message:
            case Key(code=what, down=down) | Button(button=what, down=down):
                note = self._held.press if down else self._held.release
                note((identity, what))
            case ReleaseAll():
                self._forget(identity)
        if (guests := self._guests()) is not None:
            guests.send(identity, message, HAND)

    def control(self, identity: str, *, wanted: bool) -> None:
        """Ask for keyboard and mouse of a guest, or give them back."""
        guests = self._guests()
        if wanted:
            self._controlled.add(identity)
        else:
            self._controlled.discard(identity)
            self._forget(identity)
        if guests is not None:
            change = guests.request_control if wanted else guests.release_control
            change(identity, HAND)

    def let_go(self) -> None:
        """Everything goes up, and what was controlled is given back; what the window holds stays down."""
        for identity, what in self._held.clear():
            self._sequence += 1
            up = Key(self._sequence, what, False) if isinstance(what, str) else Button(self._sequence, what, False)
            self.send(identity, up)
        for identity in sorted(self._controlled):
            self.control(identity, wanted=False)

    def _forget(self, identity: str) -> None:
        for held in self._held.held:
            if held[0] == identity:
                self._held.release(held)
