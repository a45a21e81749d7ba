import numpy as np
import pytest

from vr.panels.buttons import ButtonPanel, Look
from vr.panels.sheet import Sheet
from vr.scene.button import Button

LEFT = Button("left", "Left", 0.0, 0.0, 0.5, 1.0)
RIGHT = Button("right", "Right", 0.5, 0.25, 0.5, 0.5)


class Faces:
    def __init__(self) -> None:
        self.drawn: list[tuple[str, Look]] = []

    def __call__(self, button: Button, look: Look, width: int, height: int) -> Sheet:
        self.drawn.append((button.name, look))
        return Sheet(width, height, "#ffffff" if look.down else "#808080")


@pytest.fixture
def faces() -> Faces:
    return Faces()


@pytest.fixture
def panel(faces: Faces) -> ButtonPanel:
    made = ButtonPanel(Sheet(40, 20, "#000000"), faces)
    assert made.draw([(LEFT, Look("Left")), (RIGHT, Look("Right"))])
    return made


def test_buttons_stand_where_the_pointer_finds_them(panel: ButtonPanel) -> None:
    grey = panel.pixels[..., 0] == 128
    assert grey[:, :20].all()
    assert grey[5:15, 20:].all()
    assert not grey[:5, 20:].any()
    assert not grey[15:, 20:].any()


def test_nothing_changed_is_nothing_drawn(panel: ButtonPanel, faces: Faces) -> None:
    assert not panel.draw([(LEFT, Look("Left")), (RIGHT, Look("Right"))])
    assert len(faces.drawn) == 2


def test_only_the_button_that_changed_is_drawn(panel: ButtonPanel, faces: Faces) -> None:
    assert panel.draw([(LEFT, Look("Left")), (RIGHT, Look("Right", down=True))])
    assert faces.drawn[2:] == [("right", Look("Right", down=True))]
    assert (panel.pixels[5:15, 20:, :3] == 255).all()


def test_a_face_is_drawn_once(panel: ButtonPanel, faces: Faces) -> None:
    for down in (True, False, True, False):
        assert panel.draw([(RIGHT, Look("Right", down=down))])
    assert len(faces.drawn) == 3


def test_the_pixels_are_opaque_and_kept_from_writers(panel: ButtonPanel) -> None:
    assert panel.pixels[..., 3].min() == 255
    assert not panel.pixels.flags.writeable
    assert panel.pixels.flags.c_contiguous
    assert panel.pixels.dtype == np.uint8
