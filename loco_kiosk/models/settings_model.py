"""The settings page: shows what is in force, applies what can change at once, and saves the rest for the next start."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from backend.contract.errors import SettingsError
from loco_kiosk.models import settings_rows
from loco_kiosk.models.bindable import bindable
from loco_kiosk.models.settings_rows import CHOICES, Choice, Value
from loco_kiosk.settings import KioskSettings

Save = Callable[[Mapping[str, Value]], str]
"""Writes the changed values and returns where they went; raises SettingsError."""


class SettingsModel(QObject):
    """Settings for the scene. ``applied`` carries key and value of a change that takes effect at once."""

    changed = Signal()
    applied = Signal(str, object)

    def __init__(self, settings: KioskSettings, save: Save, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._save = save
        self._edited: dict[str, Value] = {}
        self._choices: tuple[Choice, ...] = CHOICES
        self._message = "Changes count at once where they can, and for good when saved."

    @bindable(bool, notify=changed)
    def animations(self) -> bool:
        """Whether things move."""
        return bool(self._value("animations"))

    @bindable(bool, notify=changed)
    def integerScaling(self) -> bool:  # noqa: N802 - QML's spelling
        """Whether guest pixels stay sharp squares."""
        return self._value("scaling") == "integer"

    @bindable("QVariantMap")
    def hotkeys(self) -> dict[str, str]:
        """First hotkey by command."""
        return settings_rows.first_hotkeys(self._settings)

    @bindable("QVariantMap")
    def zoomHotkeys(self) -> dict[str, str]:  # noqa: N802 - QML's spelling
        """First hotkey by command that works while a tile is zoomed."""
        return settings_rows.zoom_hotkeys(self._settings)

    @bindable(list)
    def help(self) -> list[dict[str, str]]:
        """Lines of the help panel."""
        return settings_rows.help_rows(self._settings)

    @bindable(list, notify=changed)
    def rows(self) -> list[dict[str, Any]]:
        """Rows of the page."""
        return settings_rows.rows(self._settings, self._edited, self._choices)

    @bindable(str, notify=changed)
    def message(self) -> str:
        """What became of the last change."""
        return self._message

    @Slot(str, int)
    def choose(self, key: str, option: int) -> None:
        """Choose an option of a row."""
        choice = next(choice for choice in self._choices if choice.key == key)
        self._edited[key] = choice.options[option][0]
        self.applied.emit(key, self._edited[key])
        self.changed.emit()

    @Slot()
    def save(self) -> None:
        """Write what was changed to the settings file."""
        try:
            self._message = f"Saved in {self._save(dict(self._edited))}." if self._edited else "Nothing was changed."
        except SettingsError as error:
            self._message = str(error)
        self.changed.emit()

    def show_devices(self, devices: Sequence[str]) -> None:
        """Offer these sound outputs."""
        self._choices = (*CHOICES, settings_rows.device_choice(tuple(devices)))
        self.changed.emit()

    def _value(self, key: str) -> Value:
        value: Value = self._edited.get(key, getattr(self._settings, key))
        return value
