"""The headset, for the scene: how it is, in words, and where its wearer's hands point on the tiles."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal, Slot

from loco_kiosk.models.bindable import bindable
from loco_kiosk.models.vr_words import WORDS, VrPhase

HANDS = ("left", "right")
_NOWHERE = -1
_TOLD_BY_ITSELF = (VrPhase.OFF, VrPhase.WORN)
"""Phases whose strip shows only when asked for."""


class Pointing(NamedTuple):
    """Where one hand points: fractions of the picture of an instance, to the right and down."""

    hand: str
    instance: str
    u: float
    v: float
    pressed: bool


class HandModel(QObject):
    """One hand of the wearer on the tiles."""

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._place = _NOWHERE
        self._pointing = Pointing("", "", 0.0, 0.0, pressed=False)

    @bindable(int, notify=changed)
    def place(self) -> int:
        """Position of the tile that it points at, 0 to 8; -1 for none."""
        return self._place

    @bindable(float, notify=changed)
    def u(self) -> float:
        """From the left edge of the picture, 0 to 1."""
        return self._pointing.u

    @bindable(float, notify=changed)
    def v(self) -> float:
        """From its upper edge, 0 to 1."""
        return self._pointing.v

    @bindable(bool, notify=changed)
    def pressed(self) -> bool:
        """Whether the trigger is held."""
        return self._pointing.pressed

    def point(self, pointing: Pointing | None, places: Mapping[str, int]) -> None:
        """Take where it points now; nothing is said where nothing changed."""
        place = _NOWHERE if pointing is None else places.get(pointing.instance, _NOWHERE)
        known = self._pointing if pointing is None or place == _NOWHERE else pointing
        if (place, known) != (self._place, self._pointing):
            self._place, self._pointing = place, known
            self.changed.emit()


class VrModel(QObject):
    """What the scene shows of the headset."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._phase = VrPhase.OFF
        self._running = False
        self._sentence = ""
        self._open = False
        self.figures: Mapping[str, float] = {}
        """The newest figures of the VR process, by name with unit; empty while nobody wears the headset."""
        self._hands = {name: HandModel(self) for name in HANDS}

    # What the scene binds to

    @bindable(bool, notify=changed)
    def running(self) -> bool:
        """Whether the VR process lives."""
        return self._running

    @bindable(str, notify=changed)
    def word(self) -> str:
        """One word or two for the button."""
        return WORDS[self._phase].word

    @bindable(str, notify=changed)
    def title(self) -> str:
        """The state as a heading."""
        return WORDS[self._phase].title

    @bindable(str, notify=changed)
    def sentence(self) -> str:
        """Why it is so and what to do."""
        return self._sentence or WORDS[self._phase].hint

    @bindable(str, notify=changed)
    def colour(self) -> str:
        """Of word and glyph."""
        return WORDS[self._phase].colour

    @bindable(str, notify=changed)
    def glyph(self) -> str:
        """Name of the outline beside the title."""
        return WORDS[self._phase].state

    @bindable(bool, notify=changed)
    def open(self) -> bool:
        """Whether the strip with words and buttons shows."""
        return self._open and self._phase is not VrPhase.OFF

    @bindable(QObject)
    def left(self) -> HandModel:
        """The left hand."""
        return self._hands["left"]

    @bindable(QObject)
    def right(self) -> HandModel:
        """The right hand."""
        return self._hands["right"]

    # What happens

    @property
    def phase(self) -> VrPhase:
        """The phase that shows."""
        return self._phase

    def show(self, phase: VrPhase, sentence: str, *, running: bool) -> None:
        """Take the newest state; a strip that was put away comes back with the next phase."""
        if phase is not self._phase:
            self._open = phase not in _TOLD_BY_ITSELF
        elif (sentence, running) == (self._sentence, self._running):
            return
        self._phase, self._sentence, self._running = phase, sentence, running
        if phase is not VrPhase.WORN:
            self.figures = {}
        self.changed.emit()

    @Slot()
    def toggleOpen(self) -> None:  # noqa: N802 - QML's spelling
        """Open the strip or put it away."""
        self._open = not self._open
        self.changed.emit()

    def point(self, pointings: Iterable[Pointing], places: Mapping[int, str]) -> None:
        """Where the wearer's hands point now; ``places`` are the instances by position on the page."""
        positions = {instance: position for position, instance in places.items()}
        by_hand = {pointing.hand: pointing for pointing in pointings}
        for name, hand in self._hands.items():
            hand.point(by_hand.get(name), positions)
