"""What the wearer's hands do, as every frame tells it."""

import enum
from dataclasses import dataclass
from typing import Literal

from vr.scene.geometry import Pose


class Hand(enum.StrEnum):
    """The two sides."""

    LEFT = "left"
    RIGHT = "right"

    @property
    def other(self) -> "Hand":
        """The other side."""
        return Hand.RIGHT if self is Hand.LEFT else Hand.LEFT


@dataclass(frozen=True, slots=True)
class HandState:
    """One hand in one frame; poses are in LOCAL space."""

    active: bool
    """Whether it is tracked, and the session in focus."""
    aim: Pose | None
    """Its -Z is the ray."""
    grip: Pose | None
    """Where the palm holds."""
    select: float
    """Trigger, or pinch of thumb and index finger: 0 to 1."""
    secondary: bool
    """The right mouse button."""
    grab: float
    """Grip: 0 to 1."""
    stick: tuple[float, float]
    """Right and up, -1 to 1."""
    menu: bool
    """Opens the wrist menu."""
    kind: Literal["controller", "hand"]


ABSENT = HandState(
    active=False, aim=None, grip=None, select=0.0, secondary=False, grab=0.0, stick=(0.0, 0.0), menu=False,
    kind="controller",
)  # fmt: skip
"""A hand that is not there."""
