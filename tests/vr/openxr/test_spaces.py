"""Where things are, on a real runtime."""

import math
from collections.abc import Iterator

import pytest

from tests.vr.monado import Monado
from tests.vr.openxr.parts import Parts, opened
from tests.vr.remote_control import EYE_HEIGHT_M, RemoteControl
from vr.scene.geometry import ORIGIN, Pose, Rotation

pytestmark = pytest.mark.monado
TURN = math.radians(40.0)
TURNED = (0.0, math.sin(TURN / 2), 0.0, math.cos(TURN / 2))


@pytest.fixture
def parts(monado_null: Monado) -> Iterator[Parts]:
    with opened() as made:
        yield made


def head(parts: Parts) -> Pose:
    found = parts.spaces.locate(parts.spaces.head, parts.now())
    return found if found is not None else ORIGIN


def moved(parts: Parts, remote: RemoteControl) -> None:
    """The wearer steps aside and looks to the left."""
    remote.head(head_position=(0.5, EYE_HEIGHT_M - 0.1, 1.0), head_rotation=TURNED)
    parts.until(lambda: abs(head(parts).position.x - 0.5) < 1e-3, "head")


def test_the_head_is_where_the_runtime_says(parts: Parts, remote: RemoteControl) -> None:
    moved(parts, remote)
    assert head(parts).position == pytest.approx((0.5, -0.1, 1.0), abs=1e-3)
    assert head(parts).rotation == pytest.approx(TURNED, abs=1e-3)


def test_recentring_puts_the_origin_where_the_wearer_looks_from(parts: Parts, remote: RemoteControl) -> None:
    moved(parts, remote)
    assert parts.spaces.recentre(parts.now())
    assert head(parts).position == pytest.approx((0.0, 0.0, 0.0), abs=1e-3)
    assert head(parts).rotation == pytest.approx(Rotation(0.0, 0.0, 0.0, 1.0), abs=1e-3)


def test_recentring_keeps_the_floor_level(parts: Parts, remote: RemoteControl) -> None:
    nod = math.radians(30.0)
    remote.head(head_position=(0.5, EYE_HEIGHT_M, 0.0), head_rotation=(math.sin(nod / 2), 0.0, 0.0, math.cos(nod / 2)))
    parts.until(lambda: abs(head(parts).position.x - 0.5) < 1e-3, "head")
    assert parts.spaces.recentre(parts.now())
    assert head(parts).rotation == pytest.approx((math.sin(nod / 2), 0.0, 0.0, math.cos(nod / 2)), abs=1e-3)


def test_recentring_twice_leaves_the_wearer_at_the_origin(parts: Parts, remote: RemoteControl) -> None:
    moved(parts, remote)
    assert parts.spaces.recentre(parts.now())
    assert parts.spaces.recentre(parts.now())
    assert head(parts).position == pytest.approx((0.0, 0.0, 0.0), abs=1e-3)


def test_the_runtimes_own_origin_returns_when_the_offset_is_forgotten(parts: Parts, remote: RemoteControl) -> None:
    moved(parts, remote)
    own = parts.spaces.world
    assert parts.spaces.recentre(parts.now())
    assert parts.spaces.world is not own
    parts.spaces.forget_offset()
    parts.spaces.forget_offset()
    assert parts.spaces.world is own
    assert head(parts).position == pytest.approx((0.5, -0.1, 1.0), abs=1e-3)
