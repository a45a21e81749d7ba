"""Drawn geometry looks as the runtime's own layers do, by each kind of graphics."""

import ctypes
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import pytest
import xr

from tests.vr.graphics.pictures import (
    GREEN,
    HEIGHT_PX,
    MIDDLE,
    RED,
    WIDTH_PX,
    YELLOW,
    alike,
    aside,
    at,
    close,
    detailed,
    middle_is,
    plain,
)
from tests.vr.graphics.stage import Shown, Stage
from tests.vr.monado import Monado
from vr.graphics.canvas import Projector
from vr.scene.geometry import Pose, Rotation, Vector

pytestmark = pytest.mark.monado
AROUND = Rotation(0.0, 1.0, 0.0, 0.0)


@pytest.fixture
def projector(stage: Stage) -> Projector:
    return stage.projector()


def drawn(stage: Stage, projector: Projector, items: Sequence[Shown], state: xr.FrameState) -> list[ctypes.Structure]:
    layer = projector.draw(stage.locate(state), items)
    assert layer is not None
    layer.space = stage.space
    return [layer]


def wall(stage: Stage) -> list[Shown]:
    """Four bent screens with detail, and a pane of glass before them."""
    places = [aside(yaw, up) for yaw in (-0.25, 0.25) for up in (-0.4, 0.4)]
    items: list[Shown] = [(stage.canvas(WIDTH_PX, HEIGHT_PX), place, True) for place in places]
    near = replace(MIDDLE, pose=Pose(MIDDLE.pose.rotation, Vector(0.0, 0.0, -1.4)), radius_m=1.4)
    items.append((stage.canvas(WIDTH_PX, HEIGHT_PX), near, False))
    for canvas, _, opaque in items:
        canvas.upload(detailed() if opaque else plain(GREEN, alpha=100))
    return items


@pytest.mark.parametrize("flat", [False, True], ids=["cylinders", "quads"])
def test_drawn_screens_look_as_layers_do(stage: Stage, headset: Monado, projector: Projector, flat: bool) -> None:
    items = [(c, replace(p, radius_m=None) if flat else p, o) for c, p, o in wall(stage)]
    layers = [stage.layer(item, flat=flat) for item in items]
    reference = stage.still(lambda _: layers, headset)
    only_drawn = [(c, replace(p, radius_m=None) if flat else p, o) for c, p, o in wall(stage)]
    other = stage.canvas(WIDTH_PX, HEIGHT_PX)
    other.upload(plain(YELLOW))
    between = stage.layer((other, MIDDLE, True))
    stage.show(lambda _: [between], headset, lambda picture: close(at(picture, 0.1, 0), YELLOW))
    stage.show(
        lambda state: drawn(stage, projector, only_drawn, state), headset, lambda picture: alike(picture, reference)
    )


def test_a_canvas_with_a_layer_can_be_drawn_too_and_keeps_up(
    stage: Stage, headset: Monado, projector: Projector
) -> None:
    canvas = stage.canvas(WIDTH_PX, HEIGHT_PX)
    for colour in (RED, GREEN):
        canvas.upload(plain(colour))
        stage.show(
            partial(drawn, stage, projector, [(canvas, MIDDLE, True)]),
            headset,
            middle_is(colour),
        )


def test_later_items_lie_on_top_and_an_opaque_one_has_no_alpha(
    stage: Stage, headset: Monado, projector: Projector
) -> None:
    below, above = (stage.canvas(WIDTH_PX, HEIGHT_PX) for _ in range(2))
    below.upload(plain(RED))
    above.upload(plain(YELLOW, alpha=0))
    items = [(below, MIDDLE, True), (above, replace(MIDDLE, width_m=0.5), True)]
    seen = stage.show(
        lambda state: drawn(stage, projector, items, state),
        headset,
        lambda picture: close(at(picture, 0, 0), YELLOW),
    )
    assert close(at(seen, 0.4, 0), RED)


def test_a_surface_is_seen_from_its_front_only(stage: Stage, headset: Monado, projector: Projector) -> None:
    front, back = (stage.canvas(WIDTH_PX, HEIGHT_PX) for _ in range(2))
    front.upload(plain(RED))
    back.upload(plain(GREEN))
    turned = replace(MIDDLE, pose=Pose(AROUND, Vector(0.0, 0.0, -2.0)), radius_m=None, width_m=0.5)
    items = [(front, MIDDLE, True), (back, turned, True)]
    seen = stage.show(
        lambda state: drawn(stage, projector, items, state), headset, lambda picture: close(at(picture, 0.4, 0), RED)
    )
    assert close(at(seen, 0, 0), RED)


def test_a_canvas_without_pixels_is_left_out(stage: Stage, headset: Monado, projector: Projector) -> None:
    empty, full = (stage.canvas(WIDTH_PX, HEIGHT_PX) for _ in range(2))
    full.upload(plain(GREEN))
    items = [(full, MIDDLE, True), (empty, MIDDLE, True)]
    stage.show(
        lambda state: drawn(stage, projector, items, state), headset, lambda picture: close(at(picture, 0, 0), GREEN)
    )


def test_a_closed_canvas_makes_room_for_another(stage: Stage, headset: Monado, projector: Projector) -> None:
    for colour in (RED, GREEN, YELLOW):
        canvas = stage.graphics.canvas(stage.session, WIDTH_PX, HEIGHT_PX)
        canvas.upload(plain(colour))
        stage.show(
            partial(drawn, stage, projector, [(canvas, MIDDLE, True)]),
            headset,
            middle_is(colour),
        )
        canvas.close()
