from backend.contract.keys import BY_CODE
from loco_kiosk.models.special_keys import CHORDS


def test_every_chord_is_of_known_keys() -> None:
    assert all(code in BY_CODE for chord in CHORDS for code in chord.codes)


def test_the_chords_that_every_desktop_swallows_are_there() -> None:
    labels = {chord.label for chord in CHORDS}
    assert {"Ctrl + Alt + Del", "Ctrl + Esc", "Alt + F4", "Alt + Tab", "Print Screen"} <= labels
