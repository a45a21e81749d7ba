from collections.abc import Mapping

from backend.contract.errors import SettingsError
from loco_kiosk.models.settings_model import SettingsModel
from loco_kiosk.models.settings_rows import Value
from loco_kiosk.settings import KioskSettings


def test_a_choice_counts_at_once_and_is_saved_by_name() -> None:
    saved: list[Mapping[str, Value]] = []
    applied: list[tuple[str, object]] = []

    def save(values: Mapping[str, Value]) -> str:
        saved.append(values)
        return "loco.toml"

    model = SettingsModel(KioskSettings(), save)
    model.applied.connect(lambda key, value: applied.append((key, value)))
    model.choose("mono", 0)
    model.save()
    assert saved == [{"mono": True}]
    assert applied == [("mono", True)]
    assert model.message == "Saved in loco.toml."


def test_a_file_that_cannot_be_written_is_told_in_words() -> None:
    def refuse(_values: Mapping[str, Value]) -> str:
        raise SettingsError("The disk is full.")

    model = SettingsModel(KioskSettings(), refuse)
    model.choose("animations", 1)
    model.save()
    assert model.message == "The disk is full."
    assert not model.animations


def test_saving_nothing_writes_nothing() -> None:
    model = SettingsModel(KioskSettings(), lambda _values: 1 / 0)  # type: ignore[arg-type,return-value]  # never called
    model.save()
    assert model.message == "Nothing was changed."


def test_new_outputs_appear_on_the_page() -> None:
    model = SettingsModel(KioskSettings(), lambda _values: "")
    model.show_devices(["HDMI"])
    assert model.rows[-1]["words"] == ["Automatic", "HDMI"]
    assert model.help
    assert model.hotkeys["grid"] == model.zoomHotkeys["grid"] == "Ctrl+Alt+G"
    assert not model.integerScaling
