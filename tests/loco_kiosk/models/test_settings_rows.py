import pytest

from backend.contract.settings import from_table
from loco_kiosk.models import settings_rows
from loco_kiosk.models.settings_rows import CHOICES, SECTIONS
from loco_kiosk.settings import SECTION, KioskSettings


@pytest.mark.parametrize("choice", CHOICES, ids=lambda choice: choice.key)
def test_every_option_is_a_valid_setting(choice: settings_rows.Choice) -> None:
    for value, word in choice.options:
        assert word
        assert getattr(from_table(KioskSettings, {choice.key: value}, SECTION), choice.key) == value


def test_the_defaults_are_among_the_options() -> None:
    assert all(row["chosen"] != -1 for row in settings_rows.rows(KioskSettings(), CHOICES))


def test_every_row_is_on_a_page_and_no_page_is_empty() -> None:
    assert {choice.section for choice in CHOICES} | {"hotkeys"} == {name for name, _title in SECTIONS}


def test_the_value_in_force_is_the_chosen_one() -> None:
    rows = {row["key"]: row for row in settings_rows.rows(KioskSettings(mono=True), CHOICES)}
    assert rows["mono"]["chosen"] == 0


def test_all_sound_outputs_become_options() -> None:
    devices = tuple(f"Device {number}" for number in range(9))
    words = [word for _value, word in settings_rows.device_choice(devices).options]
    assert words == ["Automatic", *devices]
