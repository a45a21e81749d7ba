import numpy as np

from vr.panels.pointer import CURSOR_PX, RAY_HEIGHT, RAY_WIDTH, cursor, ray


def test_a_cursor_has_its_point_in_the_middle_and_clear_corners() -> None:
    pixels = cursor()
    assert pixels.shape == (CURSOR_PX, CURSOR_PX, 4)
    middle = CURSOR_PX // 2
    assert pixels[middle - 1 : middle + 1, middle - 1 : middle + 1].min() > 240
    assert pixels[0, 0, 3] == pixels[-1, -1, 3] == 0
    assert np.abs(pixels.astype(int) - pixels[::-1, ::-1].astype(int)).max() <= 1


def test_around_the_point_one_sees_the_picture_until_it_is_pressed() -> None:
    beside = CURSOR_PX // 2 + 5
    assert cursor()[CURSOR_PX // 2, beside, 3] == 0
    assert cursor(pressed=True)[CURSOR_PX // 2, beside, 3] == 255


def test_a_cursor_is_seen_on_white_and_on_black() -> None:
    pixels = cursor().astype(float)
    seen = pixels[pixels[..., 3] > 200][:, :3].mean(axis=1)
    assert (seen < 60).sum() > 100
    assert (seen > 230).sum() > 100


def test_a_ray_fades_to_its_sides_and_towards_the_hand() -> None:
    alpha = ray()[..., 3].astype(int)
    assert alpha.shape == (RAY_HEIGHT, RAY_WIDTH)
    assert alpha[:, 0].max() < 10
    assert (np.diff(alpha[:, RAY_WIDTH // 2]) <= 0).all()
    assert alpha[0, RAY_WIDTH // 2] > 4 * alpha[-1, RAY_WIDTH // 2] > 0


def test_they_are_drawn_once_for_each_colour() -> None:
    assert cursor() is cursor()
    assert ray("#7cc7ff") is ray("#7cc7ff")
    assert tuple(ray("#7cc7ff")[0, 0, :3]) == (0x7C, 0xC7, 0xFF)
