import numpy as np
import pytest

from loco_kiosk.look import palette
from tests.vr.panels.reading import LEAST_CAP_ARCMIN, reading
from vr.panels.wrist_menu import ANGLE_DEG, HEIGHT, WIDTH, MenuPanel
from vr.scene.menu import MenuAction, MenuModel

MODELS = [
    MenuModel(),
    MenuModel(focused="A machine with quite a long name", near=True, mine=True, mono=True, muted=True, moved=True),
    MenuModel(focused="PC 5", page=1, pages=3, volume=0.4, statistics=True, keyboard=True),
    MenuModel(focused="PC 5", confirm=MenuAction.LEAVE),
    MenuModel(focused="PC 5", confirm=MenuAction.RECOVER),
]


@pytest.mark.parametrize("model", MODELS)
def test_every_button_and_the_headline_read_in_full(model: MenuModel) -> None:
    with reading() as written:
        panel = MenuPanel()
        panel.draw(model, ())
    said = {one.shown for one in written}
    assert {button.label for button in model.buttons} <= said
    assert model.title in said
    assert min(one.cap_arcmin(WIDTH, ANGLE_DEG) for one in written) >= LEAST_CAP_ARCMIN
    assert min(palette.contrast(one.ink, one.on) for one in written) >= palette.AA
    assert panel.pixels.shape == (HEIGHT, WIDTH, 4)


def test_a_menu_that_says_the_same_is_not_drawn_again() -> None:
    panel = MenuPanel()
    assert panel.draw(MODELS[1], ())
    assert not panel.draw(MODELS[1], ())
    assert panel.draw(MODELS[1], {MenuAction.MUTE})


def test_a_new_name_in_focus_changes_the_headline() -> None:
    panel = MenuPanel()
    panel.draw(MenuModel(focused="PC 1"), ())
    before = panel.pixels.copy()
    panel.draw(MenuModel(focused="PC 2"), ())
    assert (panel.pixels[:80] != before[:80]).any()
    assert np.array_equal(panel.pixels[100:], before[100:])


def test_a_button_that_does_nothing_now_is_dim_and_takes_no_highlight() -> None:
    panel = MenuPanel()
    panel.draw(MenuModel(), ())
    before = panel.pixels.copy()
    panel.draw(MenuModel(), {MenuAction.PAGE_UP})
    assert np.array_equal(panel.pixels, before)
    panel.draw(MenuModel(page=1, pages=2), ())
    assert panel.pixels.mean() > before.mean()
