"""The life of a session as the runtime tells it (OpenXR 1.1, section 9.3), as a pure state machine with its words."""

from enum import StrEnum
from typing import NamedTuple


class Phase(StrEnum):
    """Where a session stands; the names are those of XrSessionState, LOST stands for LOSS_PENDING too."""

    IDLE = "idle"
    READY = "ready"
    SYNCHRONIZED = "synchronized"
    VISIBLE = "visible"
    FOCUSED = "focused"
    STOPPING = "stopping"
    EXITING = "exiting"
    LOST = "lost"


class Step(StrEnum):
    """What the program owes the runtime on a change."""

    NONE = "none"
    BEGIN = "begin"
    END = "end"
    LEAVE = "leave"


class Change(NamedTuple):
    """The phase after an event, and what to do about it."""

    phase: Phase
    step: Step


# XrSessionState by number; UNKNOWN (0) is never sent by a sane runtime.
_STATES = {
    1: Phase.IDLE,
    2: Phase.READY,
    3: Phase.SYNCHRONIZED,
    4: Phase.VISIBLE,
    5: Phase.FOCUSED,
    6: Phase.STOPPING,
    7: Phase.LOST,
    8: Phase.EXITING,
}
_STEPS = {Phase.READY: Step.BEGIN, Phase.STOPPING: Step.END, Phase.EXITING: Step.LEAVE, Phase.LOST: Step.LEAVE}
_ENDED = frozenset({Phase.EXITING, Phase.LOST})
_RUNNING = frozenset({Phase.READY, Phase.SYNCHRONIZED, Phase.VISIBLE, Phase.FOCUSED})

SENTENCES = {
    Phase.IDLE: "The headset is not being worn. Put it on and the wall appears.",
    Phase.READY: "The headset is starting.",
    Phase.SYNCHRONIZED: "The headset is ready, but shows something else.",
    Phase.VISIBLE: "The headset's own menu is open. Close it to use the wall.",
    Phase.FOCUSED: "The wall is in the headset.",
    Phase.STOPPING: "The headset is going to rest.",
    Phase.EXITING: "VR was ended from the headset. Start it again from the kiosk.",
    Phase.LOST: "The connection to the headset was lost.",
}


def follow(phase: Phase, state: int, running: bool) -> Change:
    """The phase after the runtime said ``state``, an XrSessionState, and what is owed.

    ``running`` tells whether the session has begun: a second READY must not begin it twice, nor a stray STOPPING end
    one that never began. After EXITING or LOST nothing counts any more; an unknown state changes nothing.
    """
    if phase in _ENDED:
        return Change(phase, Step.NONE)
    new = _STATES.get(state, phase)
    step = _STEPS.get(new, Step.NONE)
    if (step is Step.BEGIN and running) or (step is Step.END and not running):
        step = Step.NONE
    return Change(new, step if new is not phase else Step.NONE)


def runs(phase: Phase) -> bool:
    """Whether frames are to be waited for, begun and ended in this phase."""
    return phase in _RUNNING


def shows(phase: Phase) -> bool:
    """Whether the wearer sees what is submitted."""
    return phase in (Phase.VISIBLE, Phase.FOCUSED)


def listens(phase: Phase) -> bool:
    """Whether the controllers are ours."""
    return phase is Phase.FOCUSED
