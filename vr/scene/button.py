"""A field of a panel, which drawing and pointing must see in the same place."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Button:
    """One button; lengths are fractions of the panel, ``y`` down."""

    name: str
    label: str
    x: float
    y: float
    width: float
    height: float

    def contains(self, u: float, v: float) -> bool:
        """Whether a point of the panel lies on it."""
        return self.x <= u < self.x + self.width and self.y <= v < self.y + self.height


def at(buttons: Iterable[Button], u: float, v: float) -> str:
    """Name of the button at a point of the panel; empty between them."""
    return next((button.name for button in buttons if button.contains(u, v)), "")
