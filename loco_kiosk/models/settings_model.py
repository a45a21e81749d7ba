"""The settings page: shows what is in force, applies what can change at once, and saves it for the next start."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from backend.contract.control import PictureWish
from backend.contract.errors import SettingsError
from loco_kiosk.input.hotkeys import Chord, Hotkeys
from loco_kiosk.models import hotkey_texts, settings_rows
from loco_kiosk.models.bindable import bindable
from loco_kiosk.models.settings_rows import CHOICES, SECTIONS, Choice, Value
from loco_kiosk.settings import KioskSettings

Save = Callable[[Mapping[str, Value]], str]
"""Writes the changed values and returns where they went; raises SettingsError."""

_HINT = "Changes count at once where they can. Save keeps them."


class SettingsModel(QObject):
    """Settings for the scene.

    Signals: ``applied`` with key and value of a change that takes effect at once, ``hotkeysChanged`` with the new
    hotkeys, ``listening`` when the next chord pressed shall come to :meth:`hear`, or no longer.
    """

    changed = Signal()
    applied = Signal(str, object)
    hotkeysChanged = Signal(object)  # noqa: N815 - Qt's spelling
    listening = Signal(bool)

    def __init__(self, settings: KioskSettings, save: Save, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._saved = self._now = settings
        self._save = save
        self._choices: tuple[Choice, ...] = CHOICES
        self._message = _HINT
        self._listening = ""
        self._locked = settings.kiosk

    # What the scene binds to

    @bindable(bool, notify=changed)
    def animations(self) -> bool:
        """Whether things move."""
        return self._now.animations

    @bindable(str, notify=changed)
    def scaling(self) -> str:
        """How a zoomed picture is enlarged: ``smooth``, ``sharp`` or ``integer``."""
        return self._now.scaling

    @bindable(bool, notify=changed)
    def locked(self) -> bool:
        """Whether a visitor may not change anything: in kiosk mode until a warden unlocks it."""
        return self._locked

    @bindable("QVariantMap", notify=changed)
    def hotkeys(self) -> dict[str, str]:
        """First hotkey by command."""
        return hotkey_texts.first(self._now)

    @bindable("QVariantMap", notify=changed)
    def zoomHotkeys(self) -> dict[str, str]:  # noqa: N802 - QML's spelling
        """First hotkey by command that works while a tile is zoomed."""
        return hotkey_texts.while_zoomed(self._now)

    @bindable(list, notify=changed)
    def help(self) -> list[dict[str, str]]:
        """Lines of the help panel."""
        return hotkey_texts.help_rows(self._now, locked=self._locked)

    @bindable(list)
    def sections(self) -> list[dict[str, str]]:
        """Tabs of the page."""
        return [{"name": name, "title": title} for name, title in SECTIONS]

    @bindable(list, notify=changed)
    def rows(self) -> list[dict[str, Any]]:
        """Rows of all tabs but the hotkeys'."""
        shown = (choice for choice in self._choices if not (self._now.kiosk and choice.key == "fullscreen"))
        return settings_rows.rows(self._now, tuple(shown))

    @bindable(list, notify=changed)
    def hotkeyRows(self) -> list[dict[str, Any]]:  # noqa: N802 - QML's spelling
        """Rows of the hotkeys' tab."""
        return hotkey_texts.rows(self._now, self._listening)

    @bindable(str, notify=changed)
    def message(self) -> str:
        """What became of the last change."""
        return self._message

    @bindable(bool, notify=changed)
    def unsaved(self) -> bool:
        """Whether something would be lost at the end of the program."""
        return self._now != self._saved

    # What happens

    @property
    def now(self) -> KioskSettings:
        """The settings in force, saved or not."""
        return self._now

    def wish(self) -> PictureWish:
        """How pictures are asked for now."""
        return self._now.wish()

    @property
    def saved(self) -> KioskSettings:
        """The settings of the next start."""
        return self._saved

    @Slot(str, int)
    def choose(self, key: str, option: int) -> None:
        """Choose an option of a row."""
        choice = next(choice for choice in self._choices if choice.key == key)
        self._message = _HINT
        self.note({key: choice.options[option][0]})
        self.applied.emit(key, choice.options[option][0])

    @Slot()
    def save(self) -> None:
        """Write what was changed to the settings file."""
        try:
            where = self.keep()
            self._message = f"Saved in {where}." if where else "Nothing was changed."
        except SettingsError as error:
            self._message = str(error)
        self.changed.emit()

    def keep(self, *keys: str) -> str:
        """Save these settings, or all, and return the file's name; "" where there was nothing to save.

        Raises:
            SettingsError: the file cannot be written.
        """
        fields = keys or [field.name for field in dataclasses.fields(self._now)]
        changes = {key: value for key in fields if (value := getattr(self._now, key)) != getattr(self._saved, key)}
        where = self._save(changes) if changes else ""
        self._saved = dataclasses.replace(self._saved, **changes)
        return where

    def note(self, values: Mapping[str, Value]) -> None:
        """Something was changed elsewhere, such as the volume."""
        noted = dataclasses.replace(self._now, **values)  # type: ignore[arg-type]  # fields by name
        if noted != self._now:
            self._now = noted
            self.changed.emit()

    def lock(self, locked: bool) -> None:
        """Close or open everything that a visitor must not change."""
        self._locked = locked
        self.changed.emit()

    def show_devices(self, devices: Sequence[str]) -> None:
        """Offer these sound outputs."""
        self._choices = (*CHOICES, settings_rows.device_choice(tuple(devices)))
        self.changed.emit()

    # Hotkeys

    @Slot(str)
    def listen(self, command: str) -> None:
        """Take the next chord pressed for ``command``; "" for none."""
        self._listening = command
        self._message = "Press the new keys together; Esc leaves it as it is." if command else _HINT
        self.listening.emit(bool(command))
        self.changed.emit()

    def hear(self, chord: Chord | None) -> None:
        """The chord that was pressed; None if none is wanted."""
        command, self._listening = self._listening, ""
        if command and chord is not None:
            self._set_hotkey(command, [*hotkey_texts.split(self._now.hotkeys()[command]), str(chord)])
        elif command:
            self.listen("")

    @Slot(str, int)
    def dropChord(self, command: str, index: int) -> None:  # noqa: N802 - QML's spelling
        """Take one chord away from a command."""
        chords = hotkey_texts.split(self._now.hotkeys()[command])
        self._set_hotkey(command, [*chords[:index], *chords[index + 1 :]])

    @Slot(str)
    def standardChords(self, command: str) -> None:  # noqa: N802 - QML's spelling
        """Give a command the chords that it has by default."""
        self._set_hotkey(command, hotkey_texts.split(KioskSettings().hotkeys()[command]))

    def _set_hotkey(self, command: str, chords: list[str]) -> None:
        text = ", ".join(dict.fromkeys(chords))
        try:
            hotkeys = Hotkeys({**self._now.hotkeys(), command: text})
        except SettingsError as error:
            self._message = _in_words(str(error))
        else:
            self._message = _HINT
            self.note({f"hotkey_{command}": text})
            self.hotkeysChanged.emit(hotkeys)
        self.changed.emit()


def _in_words(error: str) -> str:
    """The error of a settings file for somebody who sees names of commands instead of settings."""
    for command, name in hotkey_texts.NAMES.items():
        error = error.replace(f"hotkey_{command}:", f"{name}:").replace(f"hotkey_{command};", f"'{name}';")
    return error
