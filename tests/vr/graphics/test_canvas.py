"""What a canvas shows on a real headset, by each kind of graphics."""

import numpy as np
import pytest

from tests.vr.graphics.pictures import (
    BLUE,
    GREEN,
    HEIGHT_PX,
    MIDDLE,
    RED,
    WIDTH_PX,
    YELLOW,
    at,
    close,
    corners,
    middle_is,
    plain,
)
from tests.vr.graphics.stage import Stage
from tests.vr.monado import Monado
from vr.graphics.canvas import Canvas

pytestmark = pytest.mark.monado
GREY = (128, 128, 128)


@pytest.fixture
def canvas(stage: Stage) -> Canvas:
    return stage.canvas(WIDTH_PX, HEIGHT_PX)


def test_the_picture_stands_upright_in_its_own_colours(stage: Stage, headset: Monado, canvas: Canvas) -> None:
    canvas.upload(corners())
    layer = stage.layer((canvas, MIDDLE, True))
    seen = stage.show(lambda _: [layer], headset, lambda picture: close(at(picture, -0.3, 0.2), RED))
    assert close(at(seen, 0.3, 0.2), GREEN)
    assert close(at(seen, -0.3, -0.2), BLUE)
    assert close(at(seen, 0.3, -0.2), YELLOW)


def test_the_newest_picture_is_shown(stage: Stage, headset: Monado, canvas: Canvas) -> None:
    layer = stage.layer((canvas, MIDDLE, True))
    for colour in (RED, GREEN, BLUE, YELLOW, GREY):
        assert canvas.upload(plain(colour))
        stage.show(lambda _: [layer], headset, middle_is(colour))


def test_a_transparent_picture_lets_light_through(stage: Stage, headset: Monado, canvas: Canvas) -> None:
    glass = stage.canvas(WIDTH_PX, HEIGHT_PX)
    canvas.upload(plain((0, 0, 0)))
    glass.upload(plain((255, 255, 255), alpha=128))
    layers = [stage.layer((canvas, MIDDLE, True)), stage.layer((glass, MIDDLE, False))]
    # Half of the light is more than half of the number that stands for it.
    stage.show(lambda _: layers, headset, lambda picture: close(at(picture, 0, 0), (188, 188, 188)))


def test_a_canvas_without_pixels_says_so(canvas: Canvas) -> None:
    assert not canvas.filled
    canvas.upload(plain(RED))
    assert canvas.filled


def test_pixels_may_lie_apart_and_be_reused_at_once(stage: Stage, headset: Monado, canvas: Canvas) -> None:
    wide = np.zeros((HEIGHT_PX, WIDTH_PX + 7, 4), np.uint8)
    wide[:, :WIDTH_PX] = plain(GREEN)
    canvas.upload(wide[:, :WIDTH_PX])
    wide[...] = 0
    layer = stage.layer((canvas, MIDDLE, True))
    stage.show(lambda _: [layer], headset, lambda picture: close(at(picture, 0, 0), GREEN))


def test_pixels_of_another_size_are_refused(canvas: Canvas) -> None:
    with pytest.raises(ValueError, match="broadcast"):
        canvas.upload(np.zeros((HEIGHT_PX, WIDTH_PX + 1, 4), np.uint8))
    assert canvas.upload(plain(RED))


def test_a_picture_from_before_the_first_layer_is_shown(stage: Stage, headset: Monado, canvas: Canvas) -> None:
    for colour in (RED, GREEN, YELLOW, BLUE):
        canvas.upload(plain(colour))
    layer = stage.layer((canvas, MIDDLE, True))
    stage.show(lambda _: [layer], headset, middle_is(BLUE))


def test_a_closed_canvas_serves_again_without_what_it_showed(stage: Stage, headset: Monado, canvas: Canvas) -> None:
    canvas.upload(plain(RED))
    layer = stage.layer((canvas, MIDDLE, True))
    stage.show(lambda _: [layer], headset, middle_is(RED))
    canvas.close()
    canvas.close()
    again, other = stage.canvas(WIDTH_PX, HEIGHT_PX), stage.canvas(WIDTH_PX, HEIGHT_PX)
    assert again is canvas is not other
    assert not again.filled
    again.upload(plain(GREEN))
    stage.show(lambda _: [layer], headset, middle_is(GREEN))
