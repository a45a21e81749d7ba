"""How each picture of a frame reaches the eyes. Pure."""

from enum import StrEnum
from typing import NamedTuple


class Wish(StrEnum):
    """The setting ``path``."""

    AUTO = "auto"
    CYLINDER = "cylinder"
    QUAD = "quad"
    PROJECTION = "projection"


class Path(StrEnum):
    """What one picture becomes."""

    CYLINDER = "cylinder"
    QUAD = "quad"
    DRAWN = "drawn"


class Share(NamedTuple):
    """How many pictures of a frame, from the back on, are drawn into one projection layer; the others are layers."""

    drawn: int
    own: int


def path_of(wish: Wish, *, bent: bool, cylinders: bool) -> Path:
    """The path of one picture that may have a layer of its own.

    A bent picture without XR_KHR_composition_layer_cylinder becomes flat: a quad at the middle of the arc.
    """
    if wish is Wish.PROJECTION:
        return Path.DRAWN
    return Path.CYLINDER if bent and cylinders and wish is not Wish.QUAD else Path.QUAD


def share(wish: Wish, pictures: int, limit: int) -> Share:
    """How ``pictures`` fit into ``limit`` layers: what does not is drawn, from the back, so that the order stays."""
    if wish is Wish.PROJECTION:
        return Share(pictures, 0)
    if pictures <= limit:
        return Share(0, pictures)
    own = max(0, limit - 1)
    return Share(pictures - own, own)
