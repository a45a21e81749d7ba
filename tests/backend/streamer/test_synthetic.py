import itertools

from backend.contract.keys import BY_CODE
from backend.streamer.synthetic import SyntheticGuest, SyntheticScreen
from tests.backend.streamer.textbook_viewer import counter


def guest() -> SyntheticGuest:
    return SyntheticGuest(on_picture=lambda: None, on_sound=lambda: None, on_report=lambda _: None)


def test_changes_add_up_until_they_are_taken() -> None:
    told: list[int] = []
    screen = SyntheticScreen(64, 48, lambda: told.append(1))
    first = screen.take()
    assert first is not None
    assert first.resized
    screen.touch(10, 12)
    screen.touch(20, 22)
    second = screen.take()
    assert second is not None
    assert (second.top, second.bottom, second.resized) == (10, 22, False)
    assert screen.take() is None
    assert len(told) == 2


def test_the_number_can_be_read_back() -> None:
    one = guest()
    one.number = 0xABCDE
    one.draw()
    assert counter(one.screen.pixels[:, :, 0]) == 0xABCDF


def test_the_probe_area_changes_with_every_press() -> None:
    one = guest()
    assert one.probe is not None
    x, y, _, _ = one.probe
    seen = [int(one.screen.pixels[y, x, 0])]
    for _ in range(3):
        one.key(BY_CODE["KeyA"], True)
        seen.append(int(one.screen.pixels[y, x, 0]))
        one.key(BY_CODE["KeyA"], False)
    assert all(abs(later - earlier) > 100 for earlier, later in itertools.pairwise(seen))


def test_the_tone_goes_on_without_a_step() -> None:
    one = guest()
    one.play_tone(480)
    one.play_tone(480)
    pcm = one.sound.take()
    assert pcm is not None
    assert abs(int(pcm[480, 0]) - int(pcm[479, 0])) < 600
    assert one.sound.take() is None
