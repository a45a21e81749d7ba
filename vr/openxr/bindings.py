"""What each button of each known controller does: the table behind xrSuggestInteractionProfileBindings.

Path names are those of OpenXR 1.1, section 6.4, and of the extensions named beside them. A runtime maps controllers
that are not listed to a listed one. Two paths for one action are both heard: booleans by or, numbers by the larger.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from vr.openxr import extensions


class Action(StrEnum):
    """What the wall wants to know of a hand."""

    AIM = "aim"
    GRIP = "grip"
    SELECT = "select"
    SECONDARY = "secondary"
    GRAB = "grab"
    STICK = "stick"
    MENU = "menu"
    HAPTIC = "haptic"


_BOTH = ("left", "right")
_POSES = {Action.AIM: "input/aim/pose", Action.GRIP: "input/grip/pose"}
_HELD = _POSES | {Action.HAPTIC: "output/haptic"}


@dataclass(frozen=True, slots=True)
class Profile:
    """One interaction profile: what both hands have alike, and what one hand has for itself."""

    path: str
    both: Mapping[Action, str]
    left: Mapping[Action, str]
    right: Mapping[Action, str]
    extension: str = ""
    hand: bool = False
    """Bare hands, not a controller."""

    def bindings(self) -> Iterator[tuple[Action, str]]:
        """Action and full input path, such as ``/user/hand/left/input/aim/pose``."""
        for side, own in zip(_BOTH, (self.left, self.right), strict=True):
            for mapping in (self.both, own):
                for action, path in mapping.items():
                    yield action, f"/user/hand/{side}/{path}"


def _with_letters(path: str, extension: str = "") -> Profile:
    """A controller with X and Y left, A and B right, and a menu button where the system leaves one."""
    return Profile(
        path,
        _HELD
        | {
            Action.SELECT: "input/trigger/value",
            Action.GRAB: "input/squeeze/value",
            Action.STICK: "input/thumbstick",
        },
        left={Action.SECONDARY: "input/x/click", Action.MENU: "input/y/click"},
        right={Action.SECONDARY: "input/a/click", Action.MENU: "input/b/click"},
        extension=extension,
    )


PROFILES = (
    Profile(
        "/interaction_profiles/khr/simple_controller",
        _HELD | {Action.SELECT: "input/select/click", Action.MENU: "input/menu/click"},
        {},
        {},
    ),
    _with_letters("/interaction_profiles/oculus/touch_controller"),
    _with_letters("/interaction_profiles/bytedance/pico4_controller", extensions.PICO),
    _with_letters("/interaction_profiles/bytedance/pico_neo3_controller", extensions.PICO),
    _with_letters("/interaction_profiles/hp/mixed_reality_controller", extensions.HP),
    Profile(
        "/interaction_profiles/valve/index_controller",
        _HELD
        | {
            Action.SELECT: "input/trigger/value",
            # The value is 1 as soon as the hand rests on the strapped controller; the force must be meant.
            Action.GRAB: "input/squeeze/force",
            Action.STICK: "input/thumbstick",
            Action.SECONDARY: "input/a/click",
            Action.MENU: "input/b/click",
        },
        {},
        {},
    ),
    Profile(
        "/interaction_profiles/htc/vive_controller",
        _HELD
        | {
            Action.SELECT: "input/trigger/value",
            Action.GRAB: "input/squeeze/click",
            Action.STICK: "input/trackpad",
            Action.SECONDARY: "input/trackpad/click",
            Action.MENU: "input/menu/click",
        },
        {},
        {},
    ),
    Profile(
        "/interaction_profiles/microsoft/motion_controller",
        _HELD
        | {
            Action.SELECT: "input/trigger/value",
            Action.GRAB: "input/squeeze/click",
            Action.STICK: "input/thumbstick",
            Action.SECONDARY: "input/trackpad/click",
            Action.MENU: "input/menu/click",
        },
        {},
        {},
    ),
    Profile(
        "/interaction_profiles/ext/hand_interaction_ext",
        _POSES | {Action.SELECT: "input/pinch_ext/value", Action.GRAB: "input/grasp_ext/value"},
        {},
        {},
        extension=extensions.HAND_INTERACTION,
        hand=True,
    ),
)


def offered(switched_on: extensions.Extensions) -> Iterator[Profile]:
    """The profiles whose extension, if they need one, is switched on."""
    return (profile for profile in PROFILES if not profile.extension or profile.extension in switched_on)
