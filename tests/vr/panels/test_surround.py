import numpy as np

from vr.panels.surround import HEIGHT, WIDTH, surround


def test_the_surround_is_opaque_dark_and_brightest_at_the_horizon() -> None:
    pixels = surround()
    assert pixels.shape == (HEIGHT, WIDTH, 4)
    assert pixels[..., 3].min() == 255
    light = pixels[..., :3].mean(axis=(1, 2))
    assert light.max() < 90
    assert abs(int(np.argmax(light)) - HEIGHT // 2) < 8
    assert light[0] < 16
    assert light[-1] < 16


def test_it_goes_around_without_a_seam() -> None:
    step = np.abs(np.diff(surround()[..., :3].astype(int), axis=1, append=surround()[:, :1, :3])).max()
    assert step <= 1


def test_grain_hides_the_steps_of_a_slow_change() -> None:
    sky = surround()[100:300, :, 2]
    mixed = sum(len(np.unique(row)) > 1 for row in sky)
    assert mixed > 150
