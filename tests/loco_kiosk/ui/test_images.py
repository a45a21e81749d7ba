from PySide6.QtCore import QSize

from loco_kiosk.look import palette
from loco_kiosk.ui.images import BrickImages, plate


def test_a_stud_is_opaque_and_meets_its_neighbours_in_the_ground_colour() -> None:
    image = plate(20)
    assert (image.width(), image.height()) == (20, 20)
    assert not image.hasAlphaChannel()
    assert image.pixelColor(0, 0).name() == palette.PLATE
    assert image.pixelColor(10, 10).name() != palette.PLATE


def test_a_size_out_of_bounds_is_bounded() -> None:
    assert plate(10_000).width() == 256
    assert BrickImages().requestImage("plate/nonsense", QSize(), QSize()).width() == 8
