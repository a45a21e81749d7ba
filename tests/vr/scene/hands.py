"""Hands for tests: where they point and what they press."""

import dataclasses
import math
from typing import Any

from vr.scene.controllers import ABSENT, HandState
from vr.scene.geometry import (
    ORIGIN,
    Placement,
    Pose,
    Vector,
    about_x,
    about_y,
    bearing,
    compose,
    normalized,
    point,
    subtract,
    turn,
)

FRAME_S = 1 / 72
HELD_AT = Vector(0.2, -0.3, -0.2)
"""Where a seated wearer's right hand is."""


def aimed(target: Vector, origin: Vector = HELD_AT, **more: Any) -> HandState:
    """A hand that points at a point in space."""
    right, up = bearing(normalized(subtract(target, origin)))
    pose = Pose(turn(about_y(-right), about_x(up)), origin)
    return dataclasses.replace(ABSENT, active=True, aim=pose, grip=pose, **more)


def at(placement: Placement, u: float, v: float, **more: Any) -> HandState:
    """A hand that points at a point of a surface."""
    return aimed(point(placement, u, v), **more)


def shaken(state: HandState, sideways: float, upwards: float) -> HandState:
    """The hand turned by two small angles in degrees."""
    assert state.aim is not None
    shake = turn(about_y(-math.radians(sideways)), about_x(math.radians(upwards)))
    return dataclasses.replace(state, aim=compose(state.aim, Pose(shake, ORIGIN.position)))
