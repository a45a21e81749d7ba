"""A hand that trembles, swings over and pulls triggers slowly, as hands do: what the recorded sessions are made of.

``python -m tests.vr.hand_model`` writes them anew into ``tests/vr/sessions/``.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from tests.vr.recording import SESSIONS, Moment, write
from tests.vr.remote_control import Side, pointing
from tests.vr.remote_state import ControllerState, RemoteState, Triple
from tests.vr.scenery import spot

RATE_HZ = 90
TREMOR_HZ = (9.1, 8.3)
"""Of a healthy hand, up and sideways; not in step, so that every phase comes."""
PULL_S = 0.04
"""How long a finger takes for the whole way of a trigger."""
Finger = Literal["trigger", "squeeze"]


@dataclass
class Hand:
    """Where one hand is and points."""

    origin: Triple
    at: Triple
    state: ControllerState = field(default_factory=lambda: ControllerState((0.0, 0.0, 0.0)))

    def trembling(self, at_s: float, degrees: float, phases: tuple[float, float] = (0.0, 0.0)) -> ControllerState:
        """The controller at a time; its direction swings by so much to each side."""
        offset = [target - origin for target, origin in zip(self.at, self.origin, strict=True)]
        up, aside = (
            math.radians(degrees) * math.sin(math.tau * hertz * at_s + phase)
            for hertz, phase in zip(TREMOR_HZ, phases, strict=True)
        )
        pitch = math.atan2(offset[1], math.hypot(offset[0], offset[2])) + up
        yaw = math.atan2(offset[0], -offset[2]) + aside
        direction = (math.cos(pitch) * math.sin(yaw), math.sin(pitch), -math.cos(pitch) * math.cos(yaw))
        return pointing(self.state, self.origin, direction)


class Story:
    """What both hands do, step by step; ``moments`` is the session."""

    def __init__(self, right_at: Triple, left_at: Triple, tremor_degrees: float = 0.3) -> None:
        self.moments: list[Moment] = []
        self.phases = (0.0, 0.0)
        self._tremor_degrees = tremor_degrees
        self._step = 0
        self._hands: dict[Side, Hand] = {
            "left": Hand((-0.2, -0.3, -0.3), left_at),
            "right": Hand((0.2, -0.3, -0.3), right_at),
        }

    def rest(self, seconds: float) -> "Story":
        """Only tremble."""
        for _ in range(round(seconds * RATE_HZ)):
            self._tick()
        return self

    def aim(self, side: Side, at: Triple, seconds: float = 0.5) -> "Story":
        """Turn to another point, faster in the middle than at the ends."""
        hand, before = self._hands[side], self._hands[side].at
        steps = round(seconds * RATE_HZ)
        for step in range(1, steps + 1):
            share = (1 - math.cos(math.pi * step / steps)) / 2
            x, y, z = (old + (new - old) * share for old, new in zip(before, at, strict=True))
            hand.at = (x, y, z)
            self._tick()
        return self

    def pull(self, side: Side, seconds: float = 0.1, finger: Finger = "trigger") -> "Story":
        """Pull the trigger or squeeze, and hold it."""
        return self._finger(side, finger, 1.0).rest(seconds)

    def let_go(self, side: Side, seconds: float = 0.1, finger: Finger = "trigger") -> "Story":
        """The opposite of :meth:`pull`."""
        return self._finger(side, finger, 0.0).rest(seconds)

    def click(self, side: Side, pause_s: float = 0.16) -> "Story":
        """Pull and let go; a second one after a pause makes a double click."""
        return self.pull(side, 0.12).let_go(side, pause_s - PULL_S)

    def press(self, side: Side, button: str, seconds: float = 0.3) -> "Story":
        """Hold a button for a while, such as ``a_click``."""
        hand = self._hands[side]
        hand.state = hand.state.buttons(button)
        self.rest(seconds)
        hand.state = hand.state.buttons()
        return self.rest(0.1)

    def stick(self, side: Side, x: float, y: float, seconds: float) -> "Story":
        """Push the stick for a while."""
        hand = self._hands[side]
        hand.state = replace(hand.state, stick=(x, y))
        self.rest(seconds)
        hand.state = replace(hand.state, stick=(0.0, 0.0))
        return self.rest(0.1)

    def _finger(self, side: Side, finger: Finger, end: float) -> "Story":
        hand, begin = self._hands[side], 1.0 - end
        steps = round(PULL_S * RATE_HZ)
        for step in range(1, steps + 1):
            amount = begin + (end - begin) * step / steps
            trigger = finger == "trigger"
            hand.state = replace(hand.state, trigger=amount) if trigger else replace(hand.state, squeeze=amount)
            self._tick()
        return self

    def _tick(self) -> None:
        at_s = self._step / RATE_HZ
        self._step += 1
        hands = {side: hand.trembling(at_s, self._tremor_degrees, self.phases) for side, hand in self._hands.items()}
        self.moments.append(Moment(at_s, RemoteState(left=hands["left"], right=hands["right"])))


def screen(number: int, u: float = 0.5, v: float = 0.5) -> Triple:
    """A point of a screen of the wall of nine."""
    return spot(9, number, u, v)


DOWN: Triple = (0.3, -2.0, -0.6)
"""At the floor."""

STORIES: Mapping[str, Callable[[], Story]] = {
    "click": lambda: Story(DOWN, DOWN).aim("right", screen(4)).rest(0.3).click("right").rest(0.3),
    "double-click": lambda: (
        Story(DOWN, DOWN, 0.5).aim("right", screen(4)).rest(0.3).click("right").click("right").rest(0.4)
    ),
    "drag": lambda: (
        Story(DOWN, DOWN)
        .aim("right", screen(3, 0.25, 0.5))
        .rest(0.3)
        .pull("right")
        .aim("right", screen(3, 0.75, 0.5), 0.8)
        .rest(0.3)
        .let_go("right")
        .rest(0.3)
    ),
    "right-click": lambda: Story(DOWN, DOWN).aim("right", screen(5)).rest(0.3).press("right", "a_click").rest(0.3),
    "wheel": lambda: (
        Story(DOWN, DOWN)
        .aim("right", screen(4))
        .rest(0.3)
        .click("right")
        .rest(1.2)  # it comes near
        .stick("right", 0.0, -1.0, 1.5)
        .rest(0.3)
    ),
    "both-hands": lambda: (
        Story(DOWN, DOWN)
        .aim("right", screen(5))
        .aim("left", screen(3))
        .rest(0.3)
        .click("right")
        .rest(0.7)
        .click("left")
        .rest(0.3)
    ),
    "grab": lambda: (
        Story(DOWN, DOWN)
        .aim("right", screen(4))
        .rest(0.3)
        .pull("right", finger="squeeze")
        .aim("right", (0.6, 0.2, -2.0), 0.8)
        .rest(0.2)
        .let_go("right", finger="squeeze")
        .aim("right", DOWN)
    ),
}


if __name__ == "__main__":
    SESSIONS.mkdir(exist_ok=True)
    for name, story in STORIES.items():
        write(SESSIONS / f"{name}.jsonl", story().moments)
