import pytest

from loco_kiosk.look import outlines, palette
from loco_kiosk.models.vr_words import WORDS, VrPhase, figure_rows, phase


def test_every_phase_has_words_a_colour_and_a_glyph() -> None:
    assert WORDS.keys() == set(VrPhase)
    for words in WORDS.values():
        assert words.word
        assert words.colour == palette.STATES[words.state]
        assert words.state in outlines.PATHS


@pytest.mark.parametrize("each", [each for each in VrPhase if each is not VrPhase.OFF])
def test_a_phase_that_concerns_somebody_says_what_to_do(each: VrPhase) -> None:
    assert WORDS[each].title
    assert WORDS[each].hint.endswith(".")


def test_a_name_of_the_wire_is_a_phase_or_unknown() -> None:
    assert phase("taken_off") is VrPhase.TAKEN_OFF
    assert phase("dancing") is None


def test_the_overlay_shows_the_figures_that_are_known() -> None:
    assert figure_rows({}) == []
    assert figure_rows({"age_p95_ms": 16.4, "layers": 12.0}) == [
        {"label": "Headset: picture age, p95", "value": "16 ms"}
    ]
