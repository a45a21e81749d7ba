from collections.abc import Iterator

import pytest

from vr.panels import font


@pytest.mark.parametrize("character", [chr(code) for code in range(0x21, 0x7F)])
def test_pillows_own_font_draws_all_of_ascii(character: str) -> None:
    [(shown, letters)] = font.runs(character, 24)
    assert shown == character
    assert letters.getname()[0] == "Aileron"


def test_a_letter_that_the_font_lacks_comes_from_another_or_loses_its_accent() -> None:
    shown = "".join(piece for piece, _ in font.runs("Büro", 24))
    assert shown in ("Büro", "Buro")


@pytest.fixture
def bare_system(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    caches = (font._drawable, font._blank, font._font, font.width)
    with monkeypatch.context() as patch:
        patch.setattr(font, "_FALLBACKS", ("no-such-font.ttf",))
        for cached in caches:
            cached.cache_clear()
        yield
    for cached in caches:
        cached.cache_clear()


@pytest.mark.usefixtures("bare_system")
def test_without_any_font_of_the_system_names_stay_readable() -> None:
    assert "".join(piece for piece, _ in font.runs("Büro 中", 24)) == "Buro ?"


def test_capitals_are_as_high_as_the_constant_says() -> None:
    [(_, letters)] = font.runs("H", 100)
    top, bottom = letters.getbbox("H", anchor="ls")[1::2]
    assert bottom - top == pytest.approx(100 * font.CAP_HEIGHT, abs=2)


def test_text_shrinks_before_it_is_cut() -> None:
    whole = font.width("A rather long name", 32)
    assert font.fit("A rather long name", 32, 18, whole) == ("A rather long name", 32)
    text, size = font.fit("A rather long name", 32, 18, whole * 0.7)
    assert text == "A rather long name"
    assert size < 32
    text, size = font.fit("A rather long name", 32, 18, whole * 0.3)
    assert text.endswith("…")
    assert size == 18
    assert font.width(text, size) <= whole * 0.3


def test_lines_break_between_words_and_the_last_is_cut() -> None:
    room = font.width("one two three", 20)
    assert font.wrap("one two three four", 20, room, 3) == ["one two three", "four"]
    assert font.wrap("one two three one two three four five six", 20, room, 2)[1].endswith("…")
    assert font.wrap("", 20, room, 2) == []


def test_no_line_is_wider_than_its_room() -> None:
    text = "the quick brown fox jumps over an unbelievablyextraordinarilylongword and goes home"
    for room in range(60, 600, 40):
        assert all(font.width(line, 22) <= room for line in font.wrap(text, 22, room, 4))
