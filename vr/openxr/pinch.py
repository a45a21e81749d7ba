"""Bare hands read from joints: pinches as buttons, a fist as grip, and a ray to point with. Pure.

Joint numbers are those of XR_EXT_hand_tracking.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from vr.scene import geometry
from vr.scene.geometry import Pose, Vector

PALM = 0
THUMB_TIP, INDEX_KNUCKLE, INDEX_TIP, MIDDLE_TIP, RING_TIP, LITTLE_TIP = 5, 7, 10, 15, 20, 25
COUNT = 26

# Distance between finger tips in metres: skin touches at about 15 mm between joint centres; 40 mm is plainly open.
_CLOSED_M, _OPEN_M = 0.015, 0.040
# Finger tip to palm: a closed fist, and fingers no longer curled.
_FIST_M, _FLAT_M = 0.045, 0.085
# Shoulders of a grown person, from between the eyes.
_SHOULDER_ACROSS_M, _SHOULDER_BELOW_M = 0.18, 0.25


class Gesture(NamedTuple):
    """How far the fingers of one hand are closed, each 0 to 1."""

    select: float
    secondary: float
    menu: float
    grab: float


def gesture(joints: Sequence[Vector]) -> Gesture:
    """What the 26 joints of one hand say.

    Thumb to index selects, to the middle finger is the second button, to the ring finger the menu, a fist grabs. In a
    fist the tips lie at the thumb as well, so it silences the pinches.
    """
    thumb = joints[THUMB_TIP]
    fist = min(_closed(joints[tip], joints[PALM], _FIST_M, _FLAT_M) for tip in (MIDDLE_TIP, RING_TIP, LITTLE_TIP))
    open_hand = 0.0 if fist > 0.5 else 1.0
    index, middle, ring = (
        open_hand * _closed(joints[tip], thumb, _CLOSED_M, _OPEN_M) for tip in (INDEX_TIP, MIDDLE_TIP, RING_TIP)
    )
    # Neighbouring fingers come along in a pinch; the most closed one is meant.
    strongest = max(index, middle, ring)
    return Gesture(
        select=index if index >= strongest else 0.0,
        secondary=middle if middle >= strongest else 0.0,
        menu=ring if ring >= strongest else 0.0,
        grab=fist,
    )


def aim(joints: Sequence[Vector], head: Pose, side: int) -> Pose:
    """A ray to point with: from the knuckle of the index finger, along the line from the shoulder to it.

    ``side`` is -1 for the left hand, +1 for the right. A line from the shoulder trembles far less than a finger's own
    direction, and a pinch does not bend it.
    """
    outward = Vector(side * _SHOULDER_ACROSS_M, -_SHOULDER_BELOW_M, 0.0)
    shoulder = geometry.to_world(upright(head), outward)
    knuckle = joints[INDEX_KNUCKLE]
    right, up = geometry.bearing(geometry.subtract(knuckle, shoulder))
    return Pose(geometry.turn(geometry.about_y(-right), geometry.about_x(up)), knuckle)


def upright(head: Pose) -> Pose:
    """Where the wearer stands and faces, without the tilt of the head."""
    x, y, z, w = head.rotation
    yaw = math.atan2(2.0 * (w * y + x * z), 1.0 - 2.0 * (x * x + y * y))
    return Pose(geometry.about_y(yaw), head.position)


def _closed(tip: Vector, other: Vector, closed_m: float, open_m: float) -> float:
    distance = math.dist(tip, other)
    return min(1.0, max(0.0, (open_m - distance) / (open_m - closed_m)))
