"""The life of graphics: opened, closed, lost with the runtime and opened anew."""

import pytest
import xr

from tests.vr.graphics.pictures import HEIGHT_PX, MIDDLE, RED, WIDTH_PX, at, close, plain
from tests.vr.graphics.stage import KINDS, staged
from tests.vr.monado import Monado
from vr.errors import NoGraphicsError

pytestmark = [pytest.mark.monado, pytest.mark.parametrize("kind", list(KINDS))]


def test_what_draws_is_known_once_it_is_open(kind: str, headset: Monado) -> None:
    graphics = KINDS[kind]()
    assert "(" not in graphics.name
    with staged(graphics):
        assert "llvmpipe" in graphics.name or not graphics.software


def test_nothing_is_made_before_it_is_open(kind: str, headset: Monado) -> None:
    with pytest.raises(NoGraphicsError, match="before it was opened"):
        KINDS[kind]().canvas(xr.Session(), 10, 10)


def test_closing_twice_harms_nothing(kind: str, headset: Monado) -> None:
    graphics = KINDS[kind]()
    graphics.close()
    with staged(graphics):
        pass
    graphics.close()


def test_a_lost_runtime_leaves_nothing_that_stands_in_the_way_of_the_next(kind: str, headset: Monado) -> None:
    with staged(KINDS[kind]()) as stage:
        canvas, projector = stage.canvas(WIDTH_PX, HEIGHT_PX), stage.projector()
        canvas.upload(plain(RED))
        state = stage.wait()
        projector.draw(stage.locate(state), [(canvas, MIDDLE, True)])
        stage.end(state, [stage.layer((canvas, MIDDLE, True))])
        headset.kill()
        try:
            with pytest.raises(xr.exception.ErrorResult):
                canvas.upload(plain(RED))
        finally:
            stage.close()
            headset.start()
    with staged(KINDS[kind]()) as stage:
        again = stage.canvas(WIDTH_PX, HEIGHT_PX)
        again.upload(plain(RED))
        layer = stage.layer((again, MIDDLE, True))
        stage.show(lambda _: [layer], headset, lambda picture: close(at(picture, 0, 0), RED))
