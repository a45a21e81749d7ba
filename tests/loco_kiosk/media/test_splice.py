import numpy as np
import pytest

from loco_kiosk.media.splice import FADE, Pcm, faded_in, patch, ring_out, shortened


def tone(samples: int, hertz: float = 440.0) -> Pcm:
    wave = (np.sin(np.arange(samples) * 2 * np.pi * hertz / 48_000) * 16_000).astype(np.int16)
    return np.stack((wave, wave), axis=1)


def largest_step(pcm: Pcm) -> int:
    return int(np.abs(np.diff(pcm[:, 0].astype(int))).max())


@pytest.mark.parametrize("hertz", [130.0, 440.0, 1234.0])
def test_a_cut_in_a_tone_is_not_heard(hertz: float) -> None:
    whole = tone(2000, hertz)
    short = shortened(whole, 480)
    assert 120 <= len(whole) - len(short) <= 480
    assert largest_step(short) <= largest_step(whole) * 1.3 + 50
    assert np.array_equal(short[-500:], whole[-500:])


def test_silence_is_cut_by_all_that_may_go() -> None:
    assert len(shortened(np.zeros((2000, 2), np.int16), 480)) == 1520


@pytest.mark.parametrize("length", [0, 1, 240, 300])
def test_too_short_a_piece_stays(length: int) -> None:
    assert len(shortened(tone(length), 480)) == length


@pytest.mark.parametrize("length", [1, 50, FADE, 960])
def test_sound_begins_with_nothing_and_rings_out_to_nothing(length: int) -> None:
    piece = tone(length, 3000) + np.int16(1)
    assert not faded_in(piece)[0].any()
    silence = np.zeros((length, 2), np.int16)
    ring_out(np.full((1, 2), 12_000, np.int16), silence)
    assert silence[0, 0] == 12_000
    assert largest_step(silence) < 110 if length > 1 else True
    assert length < FADE or not silence[FADE - 1 :].any()


def test_fading_in_leaves_the_piece_alone() -> None:
    piece = np.full((960, 2), 500, np.int16)
    piece.flags.writeable = False
    assert faded_in(piece)[FADE, 0] == 500


@pytest.mark.parametrize("length", [1, 960, 2500])
def test_a_patch_fits_on_and_fades_away(length: int) -> None:
    before = tone(960)
    made = patch(before, length)
    assert len(made) == length
    assert largest_step(np.concatenate((before, made))) < 2500
    assert length < 2 or not made[-1].any()
