"""Both hands: two rays at once, of which the one that clicked on a screen last moves the guest's mouse."""

from collections.abc import Mapping, Sequence

from vr.scene.controllers import ABSENT, Hand, HandState
from vr.scene.pointer import HandPointer, Pointing, Surface


class Hands:
    """Owns the state of both hands. Times in seconds."""

    def __init__(self, first: Hand) -> None:
        """``first`` is the hand that the wearer points with by habit."""
        self._pointers = {hand: HandPointer() for hand in (first, first.other)}
        self._owner = first
        self.pointing: Mapping[Hand, Pointing] = {hand: Pointing() for hand in self._pointers}
        self._states: Mapping[Hand, HandState] = {}

    @property
    def owner(self) -> Hand:
        """The hand that moves the mouse."""
        return self._owner

    @property
    def busy(self) -> bool:
        """Whether a hand clicks or drags, so that nothing may move away under it."""
        return any(pointing.held for pointing in self.pointing.values())

    def state(self, hand: Hand) -> HandState:
        """What a hand does in this frame."""
        return self._states.get(hand, ABSENT)

    def own(self, hand: Hand) -> bool:
        """The hand clicked on a screen; whether the mouse was the other one's before."""
        before, self._owner = self._owner, hand
        return before is not hand

    def step(self, states: Mapping[Hand, HandState], surfaces: Sequence[Surface], now_s: float) -> None:
        """One frame. A hand that is lost leaves the mouse to the other one."""
        self._states = states
        self.pointing = {
            hand: pointer.step(self.state(hand), surfaces, now_s) for hand, pointer in self._pointers.items()
        }
        other = self._owner.other
        if self.pointing[self._owner].ray is None and self.pointing[other].ray is not None:
            self._owner = other
