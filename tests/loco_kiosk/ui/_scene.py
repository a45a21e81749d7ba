"""The real window with a synthetic wall: for tests, and by hand to look at it."""

from collections.abc import Mapping

from PySide6.QtCore import QEventLoop, QTimer

from backend.contract.control import Tier
from loco_kiosk.media.mixer import Mixer
from loco_kiosk.settings import KioskSettings
from loco_kiosk.ui.drawing import Drawing
from loco_kiosk.ui.scene import Scene


class RecordedCommands:
    """Stands for the wall: remembers what it is asked."""

    def __init__(self) -> None:
        self.tiers: Mapping[str, Tier] = {}
        self.shown_px = (0, 0)
        self.asked: list[tuple[str, str]] = []

    def set_tiers(self, tiers: Mapping[str, Tier]) -> None:
        self.tiers = dict(tiers)

    def set_shown_size(self, width_px: int, height_px: int) -> None:
        self.shown_px = (width_px, height_px)

    def request_control(self, instance: str) -> None:
        self.asked.append(("request", instance))

    def release_control(self, instance: str) -> None:
        self.asked.append(("release", instance))

    def recover(self, instance: str, level: str) -> None:
        self.asked.append((level, instance))


def make_scene(settings: KioskSettings, *, painted: bool) -> Scene:
    return Scene(
        settings,
        drawing=Drawing(painted=painted),
        commands=RecordedCommands(),
        mixer=Mixer(),
        save=lambda _values: "loco.toml",
    )


def spin(milliseconds: int) -> None:
    """Let Qt run."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()
