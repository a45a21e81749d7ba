import time

import numpy as np
import pytest

from loco_kiosk.look import palette
from tests.vr.panels.reading import LEAST_CAP_ARCMIN, reading
from vr.panels.keyboard import ANGLE_DEG, HEIGHT, WIDTH, KeyboardPanel
from vr.panels.sheet import Pixels
from vr.scene.keyboard import BUTTONS, KeyboardModel


@pytest.fixture(scope="module")
def panel() -> KeyboardPanel:
    return KeyboardPanel()


def of(panel: KeyboardPanel, name: str) -> Pixels:
    """What shows of a button."""
    button = next(button for button in BUTTONS if button.name == name)
    x, y = round(button.x * WIDTH), round(button.y * HEIGHT)
    return panel.pixels[y : y + round(button.height * HEIGHT), x : x + round(button.width * WIDTH)].copy()


def test_every_key_says_what_it_is_and_reads() -> None:
    model = KeyboardModel()
    with reading() as written:
        panel = KeyboardPanel()
        model.press("ShiftLeft")
        panel.draw(model, {"KeyA"})
    labels = {button.label for button in BUTTONS if button.label and not button.name.startswith("Arrow")}
    assert labels <= {one.shown for one in written}
    assert min(one.cap_arcmin(WIDTH, ANGLE_DEG) for one in written) >= LEAST_CAP_ARCMIN
    assert min(palette.contrast(one.ink, one.on) for one in written) >= palette.AA
    assert panel.pixels.shape == (HEIGHT, WIDTH, 4)


def test_up_held_for_one_key_and_locked_modifiers_look_different(panel: KeyboardPanel) -> None:
    model = KeyboardModel()
    seen = []
    for _ in range(3):
        panel.draw(model, ())
        seen.append(of(panel, "ControlLeft"))
        model.press("ControlLeft")
    assert not np.array_equal(seen[0], seen[1])
    assert not np.array_equal(seen[1], seen[2])
    panel.draw(model, ())
    assert np.array_equal(of(panel, "ControlLeft"), seen[0])


def test_the_key_under_the_ray_is_framed_and_no_other(panel: KeyboardPanel) -> None:
    model = KeyboardModel()
    panel.draw(model, ())
    before = panel.pixels.copy()
    assert panel.draw(model, {"KeyG"})
    changed = np.argwhere((panel.pixels != before).any(axis=2))
    key = next(button for button in BUTTONS if button.name == "KeyG")
    (top, left), (bottom, right) = changed.min(axis=0), changed.max(axis=0)
    assert key.contains((left + 0.5) / WIDTH, (top + 0.5) / HEIGHT)
    assert key.contains((right + 0.5) / WIDTH, (bottom + 0.5) / HEIGHT)


def test_arrows_show_where_they_point(panel: KeyboardPanel) -> None:
    panel.draw(KeyboardModel(), ())
    up, down = of(panel, "ArrowUp")[..., 0] < 60, of(panel, "ArrowDown")[..., 0] < 60
    rows = np.flatnonzero(up.any(axis=1))
    assert up[rows[2]].sum() < up[rows[len(rows) // 2]].sum()
    assert down[np.flatnonzero(down.any(axis=1))[-3]].sum() < down[rows[len(rows) // 2]].sum()


def test_a_ray_that_wanders_over_the_keys_costs_little(panel: KeyboardPanel) -> None:
    model = KeyboardModel()
    names = [button.name for button in BUTTONS]
    for name in names:
        panel.draw(model, {name})
    before = time.process_time()
    for name in names:
        panel.draw(model, {name})
    assert (time.process_time() - before) / len(names) < 0.004
