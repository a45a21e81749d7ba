"""Which extensions of the runtime are switched on: all that the wall gains by, of those that it offers."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

CYLINDER = "XR_KHR_composition_layer_cylinder"
LOCATE_SPACES = "XR_KHR_locate_spaces"
HAND_TRACKING = "XR_EXT_hand_tracking"
HAND_AIM = "XR_FB_hand_tracking_aim"
HAND_INTERACTION = "XR_EXT_hand_interaction"
USER_PRESENCE = "XR_EXT_user_presence"
FB_PASSTHROUGH = "XR_FB_passthrough"
PICO = "XR_BD_controller_interaction"
HP = "XR_EXT_hp_mixed_reality_controller"

_WELCOME = (CYLINDER, LOCATE_SPACES, HAND_TRACKING, HAND_INTERACTION, USER_PRESENCE, FB_PASSTHROUGH, PICO, HP)


@dataclass(frozen=True, slots=True)
class Extensions:
    """The extensions that are switched on."""

    names: tuple[str, ...]

    def __contains__(self, name: str) -> bool:
        return name in self.names


def select(offered: Collection[str], graphics: Sequence[str]) -> Extensions:
    """What to switch on of the ``offered``; ``graphics`` are those of the chosen graphics, always included.

    XR_FB_hand_tracking_aim is switched on only with the joints that its answers are chained to.
    """
    names = [*graphics, *(name for name in _WELCOME if name in offered)]
    if HAND_TRACKING in names and HAND_AIM in offered:
        names.append(HAND_AIM)
    return Extensions(tuple(names))
