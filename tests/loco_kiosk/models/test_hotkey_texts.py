import pytest

from loco_kiosk.models import hotkey_texts
from loco_kiosk.settings import KioskSettings

PUBLIC = KioskSettings(kiosk=True)


def told(settings: KioskSettings, *, locked: bool = False) -> dict[str, str]:
    return {row["does"]: row["keys"] for row in hotkey_texts.help_rows(settings, locked=locked)}


def test_every_hotkey_has_a_name_on_the_settings_page() -> None:
    assert set(hotkey_texts.NAMES) == set(KioskSettings().hotkeys())


def test_the_zoomed_tile_is_offered_only_chords_that_reach_us() -> None:
    keys = hotkey_texts.while_zoomed(KioskSettings())
    assert keys["mute"] == "Ctrl+Alt+M"
    assert keys["grid"] == "Ctrl+Alt+G"
    assert hotkey_texts.while_zoomed(KioskSettings(hotkey_mute="M"))["mute"] == ""


def test_kiosk_mode_tells_neither_how_to_end_it_nor_how_to_unlock_it() -> None:
    public = told(PUBLIC, locked=True)
    assert "end the program" not in public
    assert "settings" not in public
    assert not any(PUBLIC.hotkey_unlock in keys for keys in public.values())
    assert "end the program" in told(KioskSettings())
    assert "settings" in told(PUBLIC, locked=False)


@pytest.mark.parametrize(
    ("does", "keys"),
    [
        ("louder", "+ or Ctrl+Alt+Page up"),
        ("quieter", "- or Ctrl+Alt+Page down"),
        ("other machines, where there are more than nine", "Page up, Page down"),
        ("full screen or window", "F11 or Ctrl+Alt+F"),
        ("start the picked machine anew", "Ctrl+Alt+R"),
    ],
)
def test_the_help_knows_every_key(does: str, keys: str) -> None:
    assert told(KioskSettings())[does] == keys


def test_a_command_without_keys_is_left_out_of_the_help() -> None:
    assert "louder" not in told(KioskSettings(hotkey_volume_up=""))


def test_keys_are_shown_as_they_are_printed_on_the_keyboard() -> None:
    assert hotkey_texts.first(KioskSettings())["volume_up"] == "+"


def test_a_row_tells_its_chords_and_whether_they_are_the_standard() -> None:
    rows = {row["command"]: row for row in hotkey_texts.rows(KioskSettings(hotkey_mute="M, Ctrl+F9"), "mute")}
    assert rows["mute"]["chords"] == ["M", "Ctrl+F9"]
    assert rows["mute"]["listening"]
    assert rows["mute"]["changed"]
    assert not rows["help"]["changed"]
