import pytest

from backend.contract.settings import from_table
from loco_kiosk.models import settings_rows
from loco_kiosk.models.settings_rows import CHOICES
from loco_kiosk.settings import SECTION, KioskSettings


@pytest.mark.parametrize("choice", CHOICES, ids=lambda choice: choice.key)
def test_every_option_is_a_valid_setting(choice: settings_rows.Choice) -> None:
    for value, word in choice.options:
        assert word
        assert getattr(from_table(KioskSettings, {choice.key: value}, SECTION), choice.key) == value


def test_the_defaults_are_among_the_options() -> None:
    assert all(row["chosen"] != -1 for row in settings_rows.rows(KioskSettings(), {}, CHOICES))


def test_an_edited_value_shows_before_it_is_saved() -> None:
    rows = {row["key"]: row for row in settings_rows.rows(KioskSettings(), {"mono": True}, CHOICES)}
    assert rows["mono"]["chosen"] == 0


def test_the_zoomed_tile_is_offered_only_chords_that_reach_us() -> None:
    keys = settings_rows.zoom_hotkeys(KioskSettings())
    assert keys["mute"] == "Ctrl+Alt+M"
    assert keys["grid"] == "Ctrl+Alt+G"


def test_kiosk_mode_does_not_tell_how_to_end_it() -> None:
    told = {row["does"] for row in settings_rows.help_rows(KioskSettings(kiosk=True))}
    assert "end the program" not in told
    assert "end the program" in {row["does"] for row in settings_rows.help_rows(KioskSettings())}


def test_keys_are_shown_as_they_are_printed_on_the_keyboard() -> None:
    assert settings_rows.first_hotkeys(KioskSettings())["volume_up"] == "+"


def test_sound_outputs_become_options() -> None:
    assert [word for _value, word in settings_rows.device_choice(("HDMI",)).options] == ["Automatic", "HDMI"]
