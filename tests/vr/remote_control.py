"""Moves the head and the controllers of a Monado whose remote driver runs."""

import math
import socket
import time
from dataclasses import replace
from typing import Any, Literal, Self

from tests.vr.remote_state import SIZE, ControllerState, Quaternion, RemoteState, Triple

PORT = 4242
LATE_S = 5.0
EYE_HEIGHT_M = 1.6
"""The driver counts from the floor, LOCAL space from here."""
Side = Literal["left", "right"]


class RemoteControl:
    """The only client of the remote driver; what it says stays true after it has gone.

    ``sent`` holds everything with its monotonic time, for a recording.
    """

    def __init__(self, port: int = PORT) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=LATE_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._read(2 * SIZE)  # what the driver would reset to, and what is true now
        self.sent: list[tuple[float, RemoteState]] = []
        self.state = RemoteState()
        self.send(self.state)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Leave; the next client may come."""
        self._socket.close()

    def send(self, state: RemoteState) -> None:
        """Make this the truth, from the next frame on."""
        self.state = state
        self.sent.append((time.monotonic(), state))
        self._socket.sendall(state.pack())

    def hand(self, side: Side) -> ControllerState:
        """As it was sent last."""
        return self.state.left if side == "left" else self.state.right

    def hold(self, side: Side, **changes: Any) -> None:
        """Change fields of one controller, such as ``trigger=1.0``."""
        self._put(side, replace(self.hand(side), **changes))

    def aim(self, side: Side, at: Triple, origin: Triple = (0.0, -0.2, 0.0)) -> None:
        """Point from ``origin`` at a point, both in metres of LOCAL space as it was before any recentring."""
        offset = (at[0] - origin[0], at[1] - origin[1], at[2] - origin[2])
        self._put(side, pointing(self.hand(side), origin, offset))

    def press(self, side: Side, *buttons: str) -> None:
        """Have exactly these buttons down, such as ``a_click``; none: let go."""
        self._put(side, self.hand(side).buttons(*buttons))

    def pinch(self, side: Side, closed: float) -> None:
        """Show a tracked hand whose thumb and index finger are bent so far, 0..1."""
        flags = self.hand(side).flags | {"hand_tracking"}
        self._put(side, replace(self.hand(side), curl=(0.0, 0.0, 0.0, closed, closed), flags=flags))

    def head(self, **changes: Any) -> None:
        """Change ``head_position`` or ``head_rotation``."""
        self.send(replace(self.state, **changes))

    def _put(self, side: Side, hand: ControllerState) -> None:
        self.send(replace(self.state, left=hand) if side == "left" else replace(self.state, right=hand))

    def _read(self, size: int) -> None:
        while size > 0:
            got = len(self._socket.recv(size))
            if got == 0:
                raise ConnectionError("the remote driver serves one client, and there is another")
            size -= got


def pointing(hand: ControllerState, origin: Triple, direction: Triple, **changes: Any) -> ControllerState:
    """The hand at a point of LOCAL space, pointing along a direction."""
    above_floor = (origin[0], origin[1] + EYE_HEIGHT_M, origin[2])
    return replace(hand, position=above_floor, rotation=turned_to(direction), **changes)


def turned_to(direction: Triple) -> Quaternion:
    """The rotation, first up or down and then left or right, that turns -Z to ``direction``."""
    yaw = math.atan2(-direction[0], -direction[2]) / 2
    pitch = math.atan2(direction[1], math.hypot(direction[0], direction[2])) / 2
    return (
        math.cos(yaw) * math.sin(pitch),
        math.sin(yaw) * math.cos(pitch),
        -math.sin(yaw) * math.sin(pitch),
        math.cos(yaw) * math.cos(pitch),
    )
