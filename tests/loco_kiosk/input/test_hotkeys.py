import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.contract.keys import BY_CODE
from loco_kiosk.input.hotkeys import MODIFIERS, Chord, HotkeyError, Hotkeys, parse
from loco_kiosk.settings import KioskSettings

EXIT = {"exit": "Ctrl+Alt+Shift+Q"}
MODIFIER_CODES = set().union(*MODIFIERS.values())
chords = st.builds(
    Chord, st.frozensets(st.sampled_from(list(MODIFIERS))), st.sampled_from(sorted(set(BY_CODE) - MODIFIER_CODES))
)


@pytest.mark.parametrize(
    ("text", "chord"),
    [
        ("Ctrl+Alt+G", Chord(frozenset({"Ctrl", "Alt"}), "KeyG")),
        (" control + ALT+del ", Chord(frozenset({"Ctrl", "Alt"}), "Delete")),
        ("F1", Chord(frozenset(), "F1")),
        ("win+ArrowUp", Chord(frozenset({"Meta"}), "ArrowUp")),
        ("Shift+7", Chord(frozenset({"Shift"}), "Digit7")),
        ("KeyM", Chord(frozenset(), "KeyM")),
    ],
)
def test_a_chord_is_read_as_people_write_it(text: str, chord: Chord) -> None:
    assert parse(text) == chord


@given(chords)
def test_a_chord_reads_back_from_its_own_text(chord: Chord) -> None:
    assert parse(str(chord)) == chord


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Ctrl+Alt", "must have one key"),
        ("", "must have one key"),
        ("Ctrl++", "must have one key"),
        ("A+B", "must have one key"),
        ("Ctrl+Delte", "did you mean 'Delete'"),
        ("Ctrl+Ä", "write a letter"),
        ("ControlLeft", "besides its modifiers"),
    ],
)
def test_what_is_no_chord_is_refused_with_words_that_help(text: str, told: str) -> None:
    with pytest.raises(HotkeyError, match=told):
        parse(text, "hotkey_grid")


@given(st.text(max_size=20))
def test_any_text_is_a_chord_or_a_clear_error(text: str) -> None:
    try:
        parse(text, "hotkey_grid")
    except HotkeyError as error:
        assert str(error).startswith("hotkey_grid: ")


def test_a_chord_needs_exactly_its_modifiers_of_either_side() -> None:
    hotkeys = Hotkeys({"grid": "Ctrl+Alt+G", **EXIT})
    assert hotkeys.match("KeyG", {"ControlLeft", "AltLeft"}, zoomed=True) == "grid"
    assert hotkeys.match("KeyG", {"ControlRight", "AltLeft", "KeyX"}, zoomed=True) == "grid"
    assert hotkeys.match("KeyG", {"ControlLeft"}, zoomed=False) == ""
    assert hotkeys.match("KeyG", {"ControlLeft", "AltLeft", "ShiftLeft"}, zoomed=True) == ""


def test_alt_gr_writes_letters_and_is_no_alt() -> None:
    assert Hotkeys({"keys": "Ctrl+Alt+Q", **EXIT}).match("KeyQ", {"ControlLeft", "AltRight"}, zoomed=False) == ""


def test_plain_keys_belong_to_a_zoomed_guest() -> None:
    hotkeys = Hotkeys({"help": "F1, Ctrl+Alt+H", **EXIT})
    assert hotkeys.match("F1", (), zoomed=False) == "help"
    assert hotkeys.match("F1", (), zoomed=True) == ""
    assert hotkeys.match("KeyH", {"ControlLeft", "AltLeft"}, zoomed=True) == "help"


def test_two_commands_cannot_share_a_chord() -> None:
    with pytest.raises(HotkeyError, match=r"hotkey_help: F1 is already hotkey_grid"):
        Hotkeys({"grid": "F1", "help": "f1", **EXIT})


@pytest.mark.parametrize("text", ["", "F12"])
def test_the_exit_is_always_reachable(text: str) -> None:
    with pytest.raises(HotkeyError, match="nobody can end the kiosk"):
        Hotkeys({"exit": text})


def test_a_hotkey_can_be_switched_off() -> None:
    assert "mute" not in Hotkeys({"mute": "", **EXIT}).labels()


def test_the_help_page_gets_readable_labels() -> None:
    labels = Hotkeys(KioskSettings().hotkeys()).labels()
    assert labels["grid"] == ("Ctrl+Alt+G",)
    assert labels["exit"] == ("Ctrl+Alt+Shift+Q",)
    assert labels["mute"][0] == "M"


@pytest.mark.parametrize("key", ["7", "Enter", "ArrowUp", "Esc", "Numpad3"])
def test_the_grid_keeps_the_keys_that_it_needs(key: str) -> None:
    with pytest.raises(HotkeyError, match="the grid needs"):
        Hotkeys({"mute": key, **EXIT})
    Hotkeys({"mute": f"Ctrl+{key}", **EXIT})


@pytest.mark.parametrize("text", ["", "F12"])
def test_a_key_always_leads_back_to_the_grid(text: str) -> None:
    with pytest.raises(HotkeyError, match="leads back"):
        Hotkeys({"grid": text, **EXIT})


def test_a_pressed_chord_is_written_as_people_write_it() -> None:
    assert str(Chord.pressed("KeyK", {"ControlRight", "AltLeft", "KeyX"})) == "Ctrl+Alt+K"
