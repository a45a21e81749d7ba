"""Volume, mute, mono and output device, for the scene."""

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QObject, Signal, Slot

from loco_kiosk.models.bindable import bindable

STEP = 5
"""Percent that one key press changes the volume by: small enough not to startle."""


class Mix(Protocol):
    """What the mixer lets us set."""

    volume: float
    muted: bool
    mono: bool


class SoundModel(QObject):
    """Settings of the mix. ``deviceChosen`` carries the description of the wanted output, "" for the system's."""

    changed = Signal()
    deviceChosen = Signal(str)  # noqa: N815 - Qt's spelling

    def __init__(self, mix: Mix, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._mix = mix
        self._devices: tuple[str, ...] = ()
        self._device = ""
        self._notice = ""

    @bindable(int, notify=changed)
    def volume(self) -> int:
        """Percent."""
        return round(self._mix.volume * 100)

    @bindable(bool, notify=changed)
    def muted(self) -> bool:
        """Silent by the visitor's wish."""
        return self._mix.muted

    @bindable(bool, notify=changed)
    def mono(self) -> bool:
        """Both ears hear both channels."""
        return self._mix.mono

    @bindable(list, notify=changed)
    def devices(self) -> list[str]:
        """Outputs by description."""
        return list(self._devices)

    @bindable(str, notify=changed)
    def device(self) -> str:
        """Output in use; "" where there is none."""
        return self._device

    @bindable(str, notify=changed)
    def notice(self) -> str:
        """Why nothing is heard; "" where all is well."""
        return self._notice

    def restore(self, percent: int, muted: bool) -> None:
        """As it was before visitors came."""
        self._mix.volume, self._mix.muted = percent / 100, muted
        self.changed.emit()

    def set_muted(self, muted: bool) -> None:
        """Silent or not."""
        self._mix.muted = muted
        self.changed.emit()

    @Slot(int)
    def setVolume(self, percent: int) -> None:  # noqa: N802 - QML's spelling
        """Set the volume; also unmutes, for that is what whoever turns the knob wants."""
        self._mix.volume = min(max(percent, 0), 100) / 100
        self._mix.muted = False
        self.changed.emit()

    @Slot(bool)
    def setMono(self, mono: bool) -> None:  # noqa: N802 - QML's spelling
        """Switch mono."""
        self._mix.mono = mono
        self.changed.emit()

    @Slot(str)
    def choose(self, device: str) -> None:
        """Use another output."""
        self.deviceChosen.emit(device)

    def command(self, name: str) -> None:
        """Commands ``mute``, ``volume_up``, ``volume_down``; others are not ours."""
        if name == "mute":
            self.set_muted(not self._mix.muted)
        elif name in ("volume_up", "volume_down"):
            self.setVolume(self.volume + (STEP if name == "volume_up" else -STEP))

    def show_output(self, devices: Sequence[str], device: str, notice: str) -> None:
        """The output found, lost or changed its device."""
        self._devices, self._device, self._notice = tuple(devices), device, notice
        self.changed.emit()
