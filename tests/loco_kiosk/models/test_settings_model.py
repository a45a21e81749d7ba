from collections.abc import Mapping

import pytest

from backend.contract.errors import SettingsError
from loco_kiosk.input.hotkeys import Chord, Hotkeys, parse
from loco_kiosk.models.settings_model import SettingsModel
from loco_kiosk.models.settings_rows import Value
from loco_kiosk.settings import KioskSettings


class File:
    """Stands for the settings file."""

    def __init__(self) -> None:
        self.saved: list[Mapping[str, Value]] = []

    def save(self, values: Mapping[str, Value]) -> str:
        self.saved.append(values)
        return "loco.toml"


@pytest.fixture
def file() -> File:
    return File()


@pytest.fixture
def model(file: File) -> SettingsModel:
    return SettingsModel(KioskSettings(), file.save)


@pytest.fixture
def in_force(model: SettingsModel) -> list[Hotkeys]:
    hotkeys: list[Hotkeys] = []
    model.hotkeysChanged.connect(hotkeys.append)
    return hotkeys


def row(model: SettingsModel, command: str) -> dict[str, object]:
    return next(row for row in model.hotkeyRows if row["command"] == command)


def test_a_choice_counts_at_once_and_is_saved_by_name(model: SettingsModel, file: File) -> None:
    applied: list[tuple[str, object]] = []
    model.applied.connect(lambda key, value: applied.append((key, value)))
    model.choose("mono", 0)
    assert model.unsaved
    model.save()
    assert file.saved == [{"mono": True}]
    assert applied == [("mono", True)]
    assert model.message == "Saved in loco.toml."
    assert not model.unsaved


def test_a_file_that_cannot_be_written_is_told_in_words_and_loses_nothing() -> None:
    def refuse(_values: Mapping[str, Value]) -> str:
        raise SettingsError("The disk is full.")

    model = SettingsModel(KioskSettings(), refuse)
    model.choose("animations", 1)
    model.save()
    assert model.message == "The disk is full."
    assert not model.animations
    assert model.unsaved


def test_saving_nothing_writes_nothing(model: SettingsModel, file: File) -> None:
    model.save()
    assert model.message == "Nothing was changed."
    model.choose("mono", 0)
    model.choose("mono", 1)
    model.save()
    assert file.saved == []


def test_the_volume_is_saved_with_the_rest_or_alone(model: SettingsModel, file: File) -> None:
    model.note({"volume": 35, "muted": True})
    model.choose("mono", 0)
    assert model.keep("volume", "muted") == "loco.toml"
    model.save()
    assert file.saved == [{"volume": 35, "muted": True}, {"mono": True}]
    assert model.saved.volume == 35


def test_every_output_appears_on_the_page(model: SettingsModel) -> None:
    devices = [f"Device {number}" for number in range(7)]
    model.show_devices(devices)
    assert model.rows[-1]["words"] == ["Automatic", *devices]
    model.choose("audio_device", 7)
    assert model.now.audio_device == "Device 6"
    assert model.help
    assert model.hotkeys["grid"] == model.zoomHotkeys["grid"] == "Ctrl+Alt+G"
    assert model.scaling == "smooth"
    assert [tab["name"] for tab in model.sections] == ["picture", "sound", "hotkeys", "wall"]


def test_a_pressed_chord_becomes_a_hotkey_at_once_and_is_saved(
    model: SettingsModel, file: File, in_force: list[Hotkeys]
) -> None:
    listening: list[bool] = []
    model.listening.connect(listening.append)
    model.listen("mute")
    assert row(model, "mute")["listening"]
    model.hear(parse("Ctrl+F9"))
    assert listening == [True]
    assert row(model, "mute")["chords"] == ["M", "Ctrl+Alt+M", "Ctrl+F9"]
    assert in_force[-1].match("F9", {"ControlLeft"}, zoomed=True) == "mute"
    model.save()
    assert file.saved == [{"hotkey_mute": "M, Ctrl+Alt+M, Ctrl+F9"}]


@pytest.mark.parametrize(
    ("command", "chord", "words"),
    [
        ("mute", "F1", "Help"),
        ("mute", "Ctrl+Alt+G", "Back to all machines"),
        ("help", "7", "the grid needs 7 for itself"),
    ],
)
def test_a_chord_that_is_taken_is_refused_in_words(
    model: SettingsModel, in_force: list[Hotkeys], command: str, chord: str, words: str
) -> None:
    before = row(model, command)["chords"]
    model.listen(command)
    model.hear(parse(chord))
    assert words in model.message
    assert "hotkey_" not in model.message
    assert row(model, command)["chords"] == before
    assert in_force == []


@pytest.mark.parametrize("command", ["exit", "grid"])
def test_the_last_way_out_cannot_be_taken_away(model: SettingsModel, in_force: list[Hotkeys], command: str) -> None:
    model.dropChord(command, 0)
    assert "Ctrl, Alt or Meta" in model.message
    assert len(row(model, command)["chords"]) == 1  # type: ignore[arg-type]  # a list
    assert in_force == []


def test_chords_are_taken_away_and_the_standard_brings_them_back(model: SettingsModel, in_force: list[Hotkeys]) -> None:
    model.dropChord("help", 0)
    assert row(model, "help")["chords"] == ["Ctrl+Alt+H"]
    assert model.hotkeys["help"] == "Ctrl+Alt+H"
    model.standardChords("help")
    assert row(model, "help")["chords"] == ["F1", "Ctrl+Alt+H"]
    assert in_force[-1].match("F1", (), zoomed=False) == "help"
    assert not model.unsaved


def test_escape_leaves_the_keys_as_they_are(model: SettingsModel) -> None:
    listening: list[bool] = []
    model.listening.connect(listening.append)
    model.listen("mute")
    model.hear(None)
    assert listening == [True, False]
    assert not row(model, "mute")["changed"]
    model.hear(Chord(frozenset(), "F9"))
    assert not row(model, "mute")["changed"], "nobody asked for a chord"


def test_only_a_public_terminal_is_locked() -> None:
    assert not SettingsModel(KioskSettings(), lambda _values: "").locked
    public = SettingsModel(KioskSettings(kiosk=True), lambda _values: "")
    assert public.locked
    public.lock(False)
    assert not public.locked


def test_a_public_terminal_always_fills_the_screen() -> None:
    public = SettingsModel(KioskSettings(kiosk=True), lambda _values: "")
    assert "fullscreen" not in {row["key"] for row in public.rows}
