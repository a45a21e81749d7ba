"""The real window with a synthetic wall: for tests, and by hand to look at it."""

from collections.abc import Mapping

from PySide6.QtCore import QEventLoop, QTimer

from backend.contract.control import Tier
from loco_kiosk.media.mixer import Mixer
from loco_kiosk.models.controller import Controller
from loco_kiosk.models.settings_model import SettingsModel
from loco_kiosk.models.sound_model import SoundModel
from loco_kiosk.models.status_model import StatusModel
from loco_kiosk.models.wall_model import WallModel
from loco_kiosk.settings import KioskSettings
from loco_kiosk.ui.frame_presenter import FramePresenter
from loco_kiosk.ui.window import KioskWindow


class RecordedCommands:
    """Stands for the wall: remembers what it is asked."""

    def __init__(self) -> None:
        self.tiers: Mapping[str, Tier] = {}
        self.asked: list[tuple[str, str]] = []

    def set_tiers(self, tiers: Mapping[str, Tier]) -> None:
        self.tiers = dict(tiers)

    def request_control(self, instance: str) -> None:
        self.asked.append(("request", instance))

    def release_control(self, instance: str) -> None:
        self.asked.append(("release", instance))

    def recover(self, instance: str) -> None:
        self.asked.append(("recover", instance))


class Scene:
    """Everything that Main.qml needs, wired as the program does it."""

    def __init__(self, settings: KioskSettings) -> None:
        self.commands = RecordedCommands()
        self.wall = WallModel()
        self.controller = Controller(self.wall, self.commands)
        self.mixer = Mixer()
        self.sound = SoundModel(self.mixer)
        self.status = StatusModel()
        self.settings = SettingsModel(settings, lambda values: "loco.toml")
        self.presenter = FramePresenter()
        self.controller.placesChanged.connect(lambda: self.presenter.place(self.controller.places))
        self.controller.asked.connect(self.sound.command)
        objects = {
            "app": self.controller, "wall": self.wall, "sound": self.sound, "status": self.status, "settings": self.settings,
        }  # fmt: skip
        self.window = KioskWindow(self.presenter, objects, settings)


def spin(milliseconds: int) -> None:
    """Let Qt run."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()
