"""The window with everything that its scene binds to."""

from collections.abc import Mapping

from PySide6.QtCore import QObject

from loco_kiosk.media.mixer import Mixer
from loco_kiosk.models.controller import Commands, Controller
from loco_kiosk.models.lan_model import LanModel
from loco_kiosk.models.quality_model import QualityModel
from loco_kiosk.models.settings_model import Save, SettingsModel
from loco_kiosk.models.settings_rows import Value
from loco_kiosk.models.sound_model import SoundModel
from loco_kiosk.models.status_model import StatusModel
from loco_kiosk.models.vr_model import VrModel
from loco_kiosk.models.wall_model import WallModel
from loco_kiosk.models.walls_model import WallsModel
from loco_kiosk.settings import KioskSettings
from loco_kiosk.ui.drawing import Drawing
from loco_kiosk.ui.frame_presenter import FramePresenter
from loco_kiosk.ui.window import KioskWindow


class Scene:
    """Builds models, presenter and window and ties them together; :meth:`open` shows it.

    Raises:
        WindowError: the scene does not load.
    """

    def __init__(
        self, settings: KioskSettings, *, drawing: Drawing, commands: Commands, mixer: Mixer, save: Save
    ) -> None:
        self._drawing = drawing
        self.presenter = FramePresenter()
        self.wall = WallModel()
        self.controller = Controller(self.wall, commands, public=settings.kiosk)
        self.status = StatusModel()
        self.sound = SoundModel(mixer)
        self.walls = WallsModel()
        self.headset = VrModel()
        self.settings = SettingsModel(settings, save)
        self.quality = QualityModel(settings.own_state_directory(), self.settings.wish)
        self.lan = LanModel()
        self._mixer = mixer
        self._start = settings
        mixer.volume, mixer.muted, mixer.mono = settings.volume / 100, settings.muted, settings.mono
        self._connect()
        objects: Mapping[str, QObject] = {
            "app": self.controller,
            "wall": self.wall,
            # Not "status": inside a Loader that is the Loader's own.
            "news": self.status,
            "sound": self.sound,
            "settings": self.settings,
            "walls": self.walls,
            "headset": self.headset,
            "quality": self.quality,
            "lan": self.lan,
            "drawing": drawing,
        }
        self.window = KioskWindow(self.presenter, objects, settings)
        self.window.firstSwap.connect(self._look_at_drawing)

    def open(self) -> None:
        """Show the window."""
        self._limit(self._start.max_swaps_per_s)
        self.window.open()

    def close(self) -> None:
        """Take the window down."""
        self.window.dispose()

    def clear(self) -> None:
        """Forget every machine and its last picture: another wall is followed."""
        for view in self.wall.views.values():
            self.presenter.mailbox(view.id).take()
            self.presenter.mailbox(view.id).last = None
        self.controller.grid()
        self.controller.show(())

    def flow(self) -> tuple[bool, int]:
        """Whether moving pictures come for the tiles that show, and how many pictures reached the screen."""
        controller = self.controller
        shown = {controller.focus} if controller.zoomed else set(controller.places.values())
        views = [view for view in self.wall.views.values() if view.id in shown]
        arriving = any(view.state.playable and view.fps >= 1 for view in views)
        return arriving, sum(self.presenter.shown(view.id).presented for view in self.wall.views.values())

    def _connect(self) -> None:
        controller = self.controller
        controller.placesChanged.connect(lambda: self.presenter.place(controller.places))
        controller.pickedChanged.connect(self._bring_to_front)
        controller.asked.connect(self.sound.command)
        controller.wallPicked.connect(self.walls.choose)
        controller.lockChanged.connect(self.settings.lock)
        controller.changed.connect(self._stop_listening)
        self.quality.alerted.connect(self.wall.set_alerts)
        self.sound.changed.connect(self._note_sound)
        self.settings.applied.connect(self._apply)

    def _note_sound(self) -> None:
        self.settings.note({"volume": self.sound.volume, "muted": self.sound.muted, "mono": self.sound.mono})

    def _stop_listening(self) -> None:
        if self.controller.panel != "settings":
            self.settings.hear(None)

    def _bring_to_front(self, instance: str) -> None:
        self._mixer.focus = instance or None

    def _apply(self, key: str, value: Value) -> None:
        """Changes of the settings page that count at once."""
        if key == "mono":
            self.sound.setMono(bool(value))
        elif key == "muted":
            self.sound.set_muted(bool(value))
        elif key == "audio_device":
            self.sound.choose(str(value))
        elif key == "max_swaps_per_s":
            self._limit(float(value))

    def _limit(self, swaps_per_s: float) -> None:
        limit = self._drawing.limit(swaps_per_s)
        self.presenter.limit(limit)
        self.status.set(drawing=self._drawing.words(limit))

    def _look_at_drawing(self) -> None:
        self.status.set(blocked=self._drawing.blocked(self.window))
