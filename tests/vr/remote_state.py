"""What Monado's remote driver is told: pose of the head, and pose, buttons and fingers of two controllers.

376 bytes, little endian, no framing (``r_interface.h`` of Monado 25). The fields that a test does not set are neutral.
"""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

HEADER = b"mndrmt3\0"
UPRIGHT = (0.0, 0.0, 0.0, 1.0)
OPEN_HAND = (0.0,) * 5
_VIEW = struct.Struct("<4f 4f3f I")
_CENTER = struct.Struct("<4f3f 4?")
_CONTROLLER = struct.Struct("<4f3f3f3f 5f 3f2f f2f 16?")
SIZE = len(HEADER) + 2 * _VIEW.size + _CENTER.size + 2 * _CONTROLLER.size
_UNUSED_VIEW = _VIEW.pack(*[0.0] * 7, 1.0, 0.0, 0.0, 0.0, 0)
FLAGS = (
    *("hand_tracking", "active", "system_click", "system_touch", "a_click", "a_touch", "b_click", "b_touch"),
    *("trigger_click", "trigger_touch", "thumbstick_click", "thumbstick_touch", "trackpad_touch"),
)
PRESSED = 0.5
"""From here on the driver's own trigger counts as clicked."""

Triple = tuple[float, float, float]
Quaternion = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class ControllerState:
    """One hand: metres above the floor, rotation as xyzw, analogue values 0..1, curl from little finger to thumb."""

    position: Triple
    rotation: Quaternion = UPRIGHT
    trigger: float = 0.0
    squeeze: float = 0.0
    stick: tuple[float, float] = (0.0, 0.0)
    trackpad: tuple[float, float] = (0.0, 0.0)
    curl: tuple[float, ...] = OPEN_HAND
    flags: frozenset[str] = frozenset({"active"})

    def pack(self) -> bytes:
        """As the driver reads it."""
        flags = self.flags | ({"trigger_click", "trigger_touch"} if self.trigger > PRESSED else set())
        return _CONTROLLER.pack(
            *self.rotation,
            *self.position,
            *[0.0] * 6,  # velocities
            *self.curl,
            *(self.trigger, self.squeeze, self.squeeze),
            *self.stick,
            0.0,
            *self.trackpad,
            *(name in flags for name in FLAGS),
            *[False] * 3,
        )

    @classmethod
    def unpack(cls, data: bytes) -> "ControllerState":
        """The opposite of :meth:`pack`."""
        values = _CONTROLLER.unpack(data)
        return cls(
            rotation=values[0:4],
            position=values[4:7],
            curl=values[13:18],
            trigger=values[18],
            squeeze=values[19],
            stick=values[21:23],
            trackpad=values[24:26],
            flags=frozenset(name for name, on in zip(FLAGS, values[26:], strict=False) if on),
        )

    def buttons(self, *names: str) -> "ControllerState":
        """The same with exactly these buttons down, such as ``a_click``."""
        return replace(self, flags=frozenset({"active", *names}))


@dataclass(frozen=True, slots=True)
class RemoteState:
    """Everything of one moment."""

    head_position: Triple = (0.0, 1.6, 0.0)
    head_rotation: Quaternion = UPRIGHT
    left: ControllerState = field(default_factory=lambda: ControllerState((-0.2, 1.3, -0.3)))
    right: ControllerState = field(default_factory=lambda: ControllerState((0.2, 1.3, -0.3)))

    def pack(self) -> bytes:
        """As the driver reads it."""
        center = _CENTER.pack(*self.head_rotation, *self.head_position, *[False] * 4)
        return HEADER + 2 * _UNUSED_VIEW + center + self.left.pack() + self.right.pack()

    @classmethod
    def unpack(cls, data: bytes) -> "RemoteState":
        """The opposite of :meth:`pack`."""
        start = len(HEADER) + 2 * _VIEW.size
        center = _CENTER.unpack_from(data, start)
        hands = start + _CENTER.size
        return cls(
            head_rotation=center[0:4],
            head_position=center[4:7],
            left=ControllerState.unpack(data[hands : hands + _CONTROLLER.size]),
            right=ControllerState.unpack(data[hands + _CONTROLLER.size :]),
        )


def to_json(state: RemoteState) -> dict[str, Any]:
    """Readable in a diff; what is neutral is left out."""
    return {
        "head": _rounded([*state.head_position, *state.head_rotation]),
        "left": _hand_to_json(state.left),
        "right": _hand_to_json(state.right),
    }


def from_json(document: Mapping[str, Any]) -> RemoteState:
    """The opposite of :func:`to_json`."""
    head = document["head"]
    return RemoteState(
        head_position=(head[0], head[1], head[2]),
        head_rotation=(head[3], head[4], head[5], head[6]),
        left=_hand_from_json(document["left"]),
        right=_hand_from_json(document["right"]),
    )


def _hand_to_json(hand: ControllerState) -> dict[str, Any]:
    document: dict[str, Any] = {"pose": _rounded([*hand.position, *hand.rotation])}
    for name in ("trigger", "squeeze"):
        if getattr(hand, name):
            document[name] = round(getattr(hand, name), 6)
    for name in ("stick", "trackpad", "curl"):
        if any(getattr(hand, name)):
            document[name] = _rounded(getattr(hand, name))
    if hand.flags != {"active"}:
        document["flags"] = sorted(hand.flags)
    return document


def _hand_from_json(document: Mapping[str, Any]) -> ControllerState:
    x, y, z, *rotation = document["pose"]
    return ControllerState(
        position=(x, y, z),
        rotation=(rotation[0], rotation[1], rotation[2], rotation[3]),
        trigger=document.get("trigger", 0.0),
        squeeze=document.get("squeeze", 0.0),
        stick=tuple(document.get("stick", (0.0, 0.0))),
        trackpad=tuple(document.get("trackpad", (0.0, 0.0))),
        curl=tuple(document.get("curl", OPEN_HAND)),
        flags=frozenset(document.get("flags", ("active",))),
    )


def _rounded(values: Sequence[float]) -> list[float]:
    return [round(value, 6) for value in values]
