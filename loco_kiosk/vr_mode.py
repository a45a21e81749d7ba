"""The wall in VR beside the window: runs the headset's program, tells how it is, and keeps both in step.

Picked tile and loudness are one for both; what the wearer points at shows on the tiles. Whatever becomes of the
program, the window goes on.
"""

import logging
import os
import time
from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer

from backend.contract.tasks import TaskScope
from loco_kiosk.client.tile import TileView
from loco_kiosk.client.vr_messages import Focus, Leave, SoundState, Statistics, Status
from loco_kiosk.launch import vr_process
from loco_kiosk.launch.vr_process import VrEnd, VrExit, VrProcess, VrStartError
from loco_kiosk.models import vr_words
from loco_kiosk.models.vr_model import Pointing
from loco_kiosk.models.vr_words import VrPhase
from loco_kiosk.settings import Loaded
from loco_kiosk.ui.scene import Scene
from loco_kiosk.ui.vr_bridge import Heard, VrBridge

log = logging.getLogger(__name__)

_POINTERS_MS = 33
"""Hands are drawn thirty times a second: smooth for who watches, and cheap where no GPU draws."""
_RETRY_S = 10
"""A terminal that shall show VR tries again by itself; a crash that repeats must not fill the log."""
_LEFT = "The wearer left VR."


class VrMode:
    """Owns the headset's program. Threading: GUI thread.

    ``silence`` is told whether this machine's loudspeakers are to rest, ``say`` gets sentences for the visitor, and
    ``stay`` is called when somebody is there although nobody touches the window.
    """

    def __init__(
        self,
        loaded: Loaded,
        scene: Scene,
        feed: VrBridge,
        *,
        silence: Callable[[bool], None],
        say: Callable[[str], None],
        stay: Callable[[], None],
    ) -> None:
        self._loaded = loaded
        self._settings = loaded.kiosk
        self._scene = scene
        self._feed = feed
        self._silence = silence
        self._say = say
        self._stay = stay
        self._tasks = TaskScope("vr")
        self._process: VrProcess | None = None
        self._stopping = False
        self._following = False
        self._noticed = ""
        self._heard_there = True
        self._pointer_timer = QTimer(singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._pointed_s = 0.0
        self._retry_timer = QTimer(singleShot=True, interval=_RETRY_S * 1000)
        self._connect()

    @property
    def worn(self) -> bool:
        """Whether somebody wears the headset."""
        return self._scene.headset.phase is VrPhase.WORN

    # What the visitor does

    def toggle(self) -> None:
        """Open the wall in VR, or leave it."""
        if self._process is None:
            self.start()
        else:
            self.leave()

    def start(self) -> None:
        """Open the wall in VR."""
        self._retry_timer.stop()
        if self._process is None and not self._stopping:
            self._process = VrProcess(
                log_file=self._settings.own_state_directory() / "vr.log",
                environment=vr_process.environment(os.environ, self._loaded),
            )
            self._show(VrPhase.STARTING)
            self._tasks.spawn(self._run(self._process), "vr")

    def leave(self) -> None:
        """End VR; the window stays."""
        if self._process is not None and not self._stopping:
            self._stopping = True
            self._feed.stop()
            self._tasks.spawn(self._process.stop(), "vr: stop")

    def idle(self) -> None:
        """Nobody is there any more; a terminal that shall show VR keeps its headset ready."""
        if not self._settings.vr:
            self.leave()

    async def close(self) -> None:
        """End VR with the kiosk, and wait."""
        self._retry_timer.stop()
        self.leave()
        await self._tasks.close(timeout_s=2 * vr_process.PATIENCE_S)

    # One run

    async def _run(self, process: VrProcess) -> None:
        ended = VrExit(VrEnd.LEFT)
        try:
            if not self._stopping:  # whoever pressed twice has changed their mind
                self._start(process)
                ended = await process.ended()
        except (VrStartError, OSError) as error:
            ended = VrExit(VrEnd.FAILED, str(error))
        finally:
            self._feed.close()
            await process.stop()
            self._process = None
            self._rest()
        asked, self._stopping = self._stopping, False
        self._tell_end(ended, asked=asked)

    def _start(self, process: VrProcess) -> None:
        vr_process.require_platform()
        socket, memory = self._feed.open()
        self._noticed, self._heard_there = "", True
        process.start(vr_process.command(self._loaded, socket, memory), [socket, memory])
        self._feed.show_tiles(tuple(self._scene.wall.views.values()))
        self._tell_notice()
        self._tell_focus(self._scene.controller.picked_instance)
        self._tell_sound()
        self._feed.run()

    def _rest(self) -> None:
        """Nothing of the wearer stays on the window."""
        self._pointer_timer.stop()
        self._scene.headset.point((), {})
        self._silence(False)

    def _tell_end(self, ended: VrExit, *, asked: bool) -> None:
        if asked or ended.end is VrEnd.LEFT:
            self._show(VrPhase.OFF)
            if not asked:
                self._say(_LEFT)
            return
        sentence = ended.sentence
        if self._settings.vr:
            sentence = f"{sentence} It is tried again in {_RETRY_S} s."
            self._retry_timer.start()
        log.warning("VR: %s", sentence)
        self._show(VrPhase(ended.end.value), sentence)

    # In step

    def _connect(self) -> None:
        scene = self._scene
        self._feed.heard.connect(self._hear, Qt.ConnectionType.QueuedConnection)
        self._feed.pointed.connect(self._point_soon, Qt.ConnectionType.QueuedConnection)
        self._pointer_timer.timeout.connect(self._point)
        self._retry_timer.timeout.connect(self.start)
        scene.controller.pickedChanged.connect(self._tell_focus)
        scene.sound.changed.connect(self._tell_sound)
        scene.status.changed.connect(self._tell_notice)
        scene.settings.changed.connect(self._follow_loudspeakers)

    def follow_tiles(self, views: tuple[TileView, ...]) -> None:
        """Tell the wearer what became of the machines."""
        self._feed.show_tiles(views)

    def _tell_notice(self) -> None:
        status = self._scene.status
        notice = status.trouble or status.stage
        if notice != self._noticed:
            self._noticed = notice
            self._feed.show_notice(notice)

    def _tell_focus(self, instance: str) -> None:
        if not self._following:
            self._feed.focus_on(instance)

    def _tell_sound(self) -> None:
        sound = self._scene.sound
        if not self._following:
            self._feed.set_sound(SoundState(sound.volume / 100, sound.muted, sound.mono))

    def _hear(self, message: Heard) -> None:
        if self._process is None:
            return
        self._following = True
        try:
            match message:
                case Focus():
                    self._scene.controller.follow(message.id or "")
                case SoundState():
                    self._scene.sound.restore(round(message.volume * 100), message.muted)
                    self._scene.sound.setMono(message.mono)
                case Status():
                    self._hear_status(message)
                case Statistics():
                    self._scene.headset.figures = message.figures
                    self._heard_there = message.figures.get("sound", 1.0) > 0
                    self._follow_loudspeakers()
                case Leave():
                    self._say(_LEFT)
                    self.leave()
        finally:
            self._following = False

    def _hear_status(self, status: Status) -> None:
        phase = vr_words.phase(status.state)
        if phase is None or self._stopping:
            return
        self._stay()
        self._show(phase, status.sentence)
        self._follow_loudspeakers()

    def _follow_loudspeakers(self) -> None:
        """They rest while the wearer hears the wall, unless the settings want both."""
        both = self._scene.settings.now.vr_loudspeakers
        self._silence(self.worn and self._heard_there and not both)

    def _show(self, phase: VrPhase, sentence: str = "") -> None:
        headset = self._scene.headset
        changed = phase is not headset.phase
        headset.show(phase, sentence, running=self._process is not None)
        # Over a machine that fills the screen there is no place for the strip.
        if changed and phase is not VrPhase.OFF and self._scene.controller.zoomed:
            self._say(f"{headset.title}. {headset.sentence}")

    def _point_soon(self) -> None:
        """At once after a pause, else when the interval is over."""
        wait_s = self._pointed_s + _POINTERS_MS / 1000 - time.monotonic()
        if wait_s <= 0:
            self._point()
        else:
            self._pointer_timer.start(max(1, round(wait_s * 1000)))

    def _point(self) -> None:
        self._pointed_s = time.monotonic()
        pointers = self._feed.take_pointers()
        if pointers is not None and self._process is not None:
            pointings = [Pointing(each.hand, each.id, each.u, each.v, each.pressed) for each in pointers]
            self._scene.headset.point(pointings, self._scene.controller.places)
