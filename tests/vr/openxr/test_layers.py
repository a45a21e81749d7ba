"""From pictures to the structs of a frame. Pure: the structs are looked at, not submitted."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

import numpy as np
import pytest
import xr
from numpy.typing import NDArray

from vr.openxr.layer_path import Wish
from vr.openxr.layers import Composer
from vr.openxr.session import FrameTime
from vr.openxr.spaces import Spaces
from vr.scene.geometry import ORIGIN, Placement, Pose, Vector
from vr.scene.layer import Layer

FRAME = FrameTime(display=1, period_s=1 / 60, should_render=True, waited_s=0.0)
AHEAD = Pose(ORIGIN.rotation, Vector(0.0, 0.0, -2.0))
FLAT = Placement(AHEAD, 1.0, 0.75, None)
BENT = Placement(AHEAD, 1.0, 0.75, 2.0)
FLAGS = xr.CompositionLayerFlags


@dataclass(eq=False)
class CanvasOfHandles:
    """A canvas as far as layers look at it."""

    width_px: int = 640
    height_px: int = 480
    filled: bool = True
    swapchain: xr.Swapchain = field(default_factory=xr.Swapchain)

    def upload(self, pixels: NDArray[np.uint8]) -> bool:
        return bool(pixels.size)

    def close(self) -> None:
        self.filled = False


@dataclass
class SpacesOfHandles:
    """The two spaces of a session that never was."""

    head: xr.Space = field(default_factory=xr.Space)
    world: xr.Space = field(default_factory=xr.Space)


class Drawer:
    """Draws as a projector would; remembers what."""

    def __init__(self, *, tracked: bool = True) -> None:
        self.drawn: list[list[Layer]] = []
        self.projection = xr.CompositionLayerProjection() if tracked else None

    def __call__(self, frame: FrameTime, layers: Sequence[Layer]) -> xr.CompositionLayerProjection | None:
        self.drawn.append(list(layers))
        return self.projection


def composer(
    wish: Wish = Wish.AUTO,
    *,
    cylinders: bool = True,
    limit: int = 16,
    draw: Drawer | None = None,
    spaces: SpacesOfHandles | None = None,
) -> Composer:
    found = cast(Spaces, spaces or SpacesOfHandles())
    return Composer(found, wish, cylinders=cylinders, limit=limit, draw=draw or Drawer())


def layer(placement: Placement = BENT, *, opaque: bool = True, filled: bool = True, head: bool = False) -> Layer:
    return Layer(CanvasOfHandles(filled=filled), placement, opaque, head_locked=head)


def test_a_bent_picture_is_a_cylinder_around_its_axis() -> None:
    (struct,) = composer().compose(FRAME, [layer(BENT)])
    assert isinstance(struct, xr.CompositionLayerCylinderKHR)
    # Its surface is 2 m ahead and bent around the wearer, who therefore is its axis.
    assert (struct.pose.position.x, struct.pose.position.y, struct.pose.position.z) == pytest.approx((0.0, 0.0, 0.0))
    assert struct.radius == pytest.approx(2.0)
    assert struct.central_angle == pytest.approx(0.5)
    assert struct.aspect_ratio == pytest.approx(4 / 3)


def test_a_flat_picture_is_a_quad_at_its_place() -> None:
    (struct,) = composer().compose(FRAME, [layer(FLAT)])
    assert isinstance(struct, xr.CompositionLayerQuad)
    assert struct.pose.position.z == pytest.approx(-2.0)
    assert (struct.size.width, struct.size.height) == pytest.approx((1.0, 0.75))


@pytest.mark.parametrize(("wish", "cylinders"), [(Wish.QUAD, True), (Wish.AUTO, False)])
def test_a_bent_picture_is_a_quad_where_cylinders_are_not_wished_or_not_offered(wish: Wish, cylinders: bool) -> None:
    (struct,) = composer(wish, cylinders=cylinders).compose(FRAME, [layer(BENT)])
    assert isinstance(struct, xr.CompositionLayerQuad)


def test_the_whole_picture_is_shown_to_both_eyes() -> None:
    (struct,) = composer().compose(FRAME, [layer()])
    rectangle = struct.sub_image.image_rect
    assert (rectangle.offset.x, rectangle.offset.y, rectangle.extent.width, rectangle.extent.height) == (0, 0, 640, 480)
    assert xr.EyeVisibility(struct.eye_visibility) is xr.EyeVisibility.BOTH


def test_only_pictures_with_transparency_are_blended_and_their_colours_are_not_multiplied() -> None:
    opaque, clear = composer().compose(FRAME, [layer(opaque=True), layer(opaque=False)])
    assert FLAGS(opaque.layer_flags) == FLAGS.NONE
    assert FLAGS(clear.layer_flags) == FLAGS.BLEND_TEXTURE_SOURCE_ALPHA_BIT | FLAGS.UNPREMULTIPLIED_ALPHA_BIT


def test_a_message_moves_with_the_head_and_a_screen_stays_in_the_room() -> None:
    spaces = SpacesOfHandles()
    screen, message = composer(spaces=spaces).compose(FRAME, [layer(), layer(head=True)])
    assert address(screen.space) == address(spaces.world)
    assert address(message.space) == address(spaces.head)


def address(handle: object) -> object:
    return getattr(handle, "value", handle)


def test_the_order_of_the_pictures_is_the_order_of_the_layers() -> None:
    widths = [0.1, 0.2, 0.3, 0.4]
    structs = composer().compose(FRAME, [layer(Placement(AHEAD, width, 1.0, None)) for width in widths])
    assert [struct.size.width for struct in structs] == pytest.approx(widths)


def test_a_picture_that_never_came_is_left_out() -> None:
    structs = composer().compose(FRAME, [layer(filled=False), layer(FLAT)])
    assert [type(struct) for struct in structs] == [xr.CompositionLayerQuad]


def test_the_struct_of_a_picture_that_hangs_still_is_used_again() -> None:
    composing, still, moving = composer(), layer(FLAT), layer(FLAT)
    first = composing.compose(FRAME, [still, moving])
    moving.placement = BENT
    second = composing.compose(FRAME, [still, moving])
    assert second[0] is first[0]
    assert second[1] is not first[1]
    assert isinstance(second[1], xr.CompositionLayerCylinderKHR)


def test_a_new_canvas_or_a_new_origin_never_gets_an_old_struct() -> None:
    spaces = SpacesOfHandles()
    composing, shown = composer(spaces=spaces), layer(FLAT)
    (first,) = composing.compose(FRAME, [shown])
    shown.canvas = CanvasOfHandles(width_px=320, height_px=200)
    (second,) = composing.compose(FRAME, [shown])
    assert second is not first
    assert second.sub_image.image_rect.extent.width == 320
    spaces.world = xr.Space()
    (third,) = composing.compose(FRAME, [shown])
    assert third is not second


def test_a_picture_that_left_and_came_back_has_a_struct_of_its_own() -> None:
    composing, one, other = composer(), layer(FLAT), layer(BENT)
    both = composing.compose(FRAME, [one, other])
    assert composing.compose(FRAME, [one]) == both[:1]
    assert [type(struct) for struct in composing.compose(FRAME, [other, one])] == [
        xr.CompositionLayerCylinderKHR,
        xr.CompositionLayerQuad,
    ]


def test_what_has_no_layer_is_drawn_behind_those_that_have() -> None:
    drawer = Drawer()
    pictures = [layer(FLAT) for _ in range(6)]
    structs = composer(limit=4, draw=drawer).compose(FRAME, pictures)
    assert structs[0] is drawer.projection
    assert len(structs) == 4
    assert drawer.drawn == [pictures[:3]]


def test_the_layers_of_others_count_against_the_limit() -> None:
    drawer = Drawer()
    pictures = [layer(FLAT) for _ in range(4)]
    structs = composer(limit=4, draw=drawer).compose(FRAME, pictures, reserved=1)
    assert len(structs) == 3
    assert drawer.drawn == [pictures[:2]]


def test_everything_is_drawn_on_wish_in_one_layer() -> None:
    drawer = Drawer()
    pictures = [layer(FLAT), layer(BENT)]
    assert composer(Wish.PROJECTION, draw=drawer).compose(FRAME, pictures) == [drawer.projection]
    assert drawer.drawn == [pictures]


def test_while_the_eyes_are_not_tracked_the_other_layers_still_show() -> None:
    structs = composer(limit=2, draw=Drawer(tracked=False)).compose(FRAME, [layer(FLAT) for _ in range(3)])
    assert [type(struct) for struct in structs] == [xr.CompositionLayerQuad]


def test_nothing_to_show_is_no_layer_and_draws_nothing() -> None:
    drawer = Drawer()
    assert composer(Wish.PROJECTION, draw=drawer).compose(FRAME, []) == []
    assert drawer.drawn == []
