"""Several hands on one guest, the desktop's and the headset's: one sequence and one sum of movements. Pure."""

from dataclasses import replace
from typing import NamedTuple

from backend.contract.input import InputMessage, MoveBy
from loco_kiosk.input.pointer import wrapped


class _Hand(NamedTuple):
    """The last word of one hand."""

    sequence: int = -1
    x: int = 0
    y: int = 0


class InputMerge:
    """Renumbers the messages for one guest. A hand is told by a name of its own; it counts, and sums, from 0."""

    def __init__(self) -> None:
        self._hands: dict[str, _Hand] = {}
        self.restart()

    def restart(self) -> None:
        """A new session begins at the streamer, where all counts are 0; the hands may go on counting."""
        self._sequence = -1
        self._x = self._y = 0

    def merged(self, message: InputMessage, hand: str) -> InputMessage:
        """The message as the streamer shall see it."""
        self._sequence = max(self._sequence + 1, message.sequence)  # a hand alone keeps its numbers
        before = self._hands.get(hand, _Hand())
        if message.sequence <= before.sequence:
            before = _Hand()  # the hand began anew
        if not isinstance(message, MoveBy):
            self._hands[hand] = before._replace(sequence=message.sequence)
            return replace(message, sequence=self._sequence)
        self._hands[hand] = _Hand(message.sequence, message.x, message.y)
        self._x = wrapped(self._x + message.x - before.x)
        self._y = wrapped(self._y + message.y - before.y)
        return MoveBy(self._sequence, self._x, self._y)
