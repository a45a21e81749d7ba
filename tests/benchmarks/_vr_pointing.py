"""How exactly a controller points, and whether a double click of a trembling hand lands. For ``./loco bench vr``.

A mark is drawn at a pixel of a guest and looked for on the composited picture. Through the middle of what an eye sees
of it goes a ray that owes nothing to the program under test; along it the controller points. The error is between the
mark's pixel and the one that the VR process says it points at.
"""

import math
import random
import time

from backend.contract.input import FULL_SCALE, Button
from loco_kiosk.client.vr_messages import Input, Pointer, Pointers
from tests.benchmarks._vr_composited import Compositor
from tests.vr import eyes
from tests.vr.hand_model import Story
from tests.vr.monado import until
from tests.vr.pretended_feed import SIZE_PX, PretendedFeed, magenta, marked
from tests.vr.recording import replay
from tests.vr.remote_control import RemoteControl
from tests.vr.remote_state import Triple
from tests.vr.scenery import spot

MARKS = ((320, 240), (120, 100), (520, 380))
AWAY: Triple = (0.0, -1.0, 1.0)
"""Behind the wearer: no ray crosses a screen."""
SETTLED_S = 0.6
SEEN_WITHIN_S = 30.0
FRAMES_APART = 2
"""Drawn by the compositor between two looks: the second of them was begun after the first look."""
MARGIN = 1 / 32
"""Farther the mark of a screen is never from where it is looked for, as a part of the height that an eye sees."""
TREMOR_DEGREES = 0.5


def ray_errors_px(composited: Compositor, feed: PretendedFeed, remote: RemoteControl, screens: int) -> list[float]:
    """Distance in pixels of the guest, for some marks on each screen, pointed at from both eyes."""
    errors = []
    for screen in range(screens):
        for mark in MARKS:
            for eye in ("left", "right"):
                target = _seen(composited, feed, remote, screen, mark, eye)
                if target is not None:
                    errors.append(_error_px(feed, remote, screen, mark, target))
    return errors


def double_clicks(feed: PretendedFeed, remote: RemoteControl, screen: int, times: int) -> list[float | None]:
    """Of each attempt how far apart its two clicks were, in pixels of the guest; None where there were not two."""
    chance = random.Random(7)
    for other in range(len(feed.screens)):
        feed.draw(other, marked([]))
    return [_double_click(feed, remote, screen, chance) for _ in range(times)]


def _seen(
    composited: Compositor,
    feed: PretendedFeed,
    remote: RemoteControl,
    screen: int,
    mark: tuple[int, int],
    eye: eyes.Eye,
) -> tuple[Triple, Triple] | None:
    """The ray through the mark as an eye sees it; None where the display ends before."""
    for side in ("left", "right"):
        remote.aim(side, AWAY)
    for other in range(len(feed.screens)):
        feed.draw(other, marked([mark] if other == screen else []))
    height, width, _ = eyes.half(composited.service.picture(), eye).shape
    margin_px = MARGIN * height
    expected = eyes.pixel(
        spot(len(feed.screens), screen, mark[0] / SIZE_PX[0], mark[1] / SIZE_PX[1]), eye, width, height
    )
    if not (margin_px < expected[0] < width - margin_px and margin_px < expected[1] < height - margin_px):
        return None
    found: list[tuple[float, float]] = []

    def settled() -> bool:
        """The mark is there, not that of the time before, and nothing moves any more."""
        colour = magenta(eyes.half(composited.service.picture(), eye))
        colour[colour < 0.1] = 0.0
        found.append(eyes.centroid(colour) if colour.sum() > 8 else (0.0, 0.0))
        looked_s = time.monotonic()
        until(lambda: composited.frames_between(looked_s, math.inf) >= FRAMES_APART, SEEN_WITHIN_S, lambda: "no frame")
        return math.dist(found[-1], expected) < margin_px and found[-3:] == [found[-1]] * 3

    until(settled, SEEN_WITHIN_S, lambda: f"no mark {mark} of screen {screen} near {expected}: {found[-3:]}")
    return eyes.ray(*found[-1], eye, width, height)


def _error_px(
    feed: PretendedFeed, remote: RemoteControl, screen: int, mark: tuple[int, int], target: tuple[Triple, Triple]
) -> float:
    origin, at = target
    remote.aim("right", at, origin)
    aimed_s = time.monotonic()
    id_ = feed.screens[screen].id

    def pointer() -> Pointer | None:
        said = feed.said(Pointers, aimed_s)
        return next((each for each in said[-1].pointers if each.id == id_), None) if said else None

    until(lambda: pointer() is not None, 10.0, lambda: f"no pointer on {id_} for {mark}: {feed.said(Pointers)[-2:]}")
    time.sleep(SETTLED_S)  # for the filter that calms the hand
    last = pointer()
    assert last is not None
    return math.hypot(last.u * SIZE_PX[0] - mark[0], last.v * SIZE_PX[1] - mark[1])


def _double_click(feed: PretendedFeed, remote: RemoteControl, screen: int, chance: random.Random) -> float | None:
    began_s = time.monotonic()
    story = Story(AWAY, AWAY, TREMOR_DEGREES)
    story.phases = (chance.uniform(0, math.tau), chance.uniform(0, math.tau))
    target = spot(len(feed.screens), screen, 0.5, 0.5)
    story.aim("right", target).rest(0.3).click("right").click("right").rest(0.3)
    replay(remote, story.moments)
    time.sleep(0.2)  # the last click is on its way
    downs = [
        message.message.position
        for message in feed.said(Input, began_s)
        if isinstance(message.message, Button) and message.message.down and message.id == feed.screens[screen].id
    ]
    places = [place for place in downs if place is not None]
    if len(downs) != 2 or len(places) != 2:
        return None
    (x1, y1), (x2, y2) = places
    return math.hypot((x1 - x2) * SIZE_PX[0] / FULL_SCALE, (y1 - y2) * SIZE_PX[1] / FULL_SCALE)
