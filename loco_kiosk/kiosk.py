"""The running kiosk: starts its parts in stages that the window shows, ties them together, stops them in reverse."""

import asyncio
import contextlib
import logging
import os
import time
from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication, QWindow

from backend.contract import garbage
from backend.contract.errors import SettingsError
from backend.contract.tasks import TaskScope
from loco_kiosk import settings_file
from loco_kiosk.client.backend_view import BackendView
from loco_kiosk.client.taps import Taps
from loco_kiosk.client.tile import TileState, TileView
from loco_kiosk.input.hotkeys import Hotkeys
from loco_kiosk.input.router import Router
from loco_kiosk.launch import embedded, screen_blanking
from loco_kiosk.launch.embedded import EmbeddedBackend, EmbeddedReport
from loco_kiosk.launch.watchdog import Notifier, Pulse, Watchdog
from loco_kiosk.media.mixer import Mixer
from loco_kiosk.media.thread import MediaThread
from loco_kiosk.models.settings_rows import Value
from loco_kiosk.settings import Loaded
from loco_kiosk.ui import drawing, scan_codes
from loco_kiosk.ui.audio_output import AudioOutput
from loco_kiosk.ui.bridge import Bridge
from loco_kiosk.ui.event_filter import EventFilter, monotonic_us
from loco_kiosk.ui.frame_presenter import Mailbox
from loco_kiosk.ui.idle import IdleWatch
from loco_kiosk.ui.keyboard_grab import KeyboardGrab
from loco_kiosk.ui.pointer_capture import PointerCapture
from loco_kiosk.ui.refresh import Refresh, Targets
from loco_kiosk.ui.scene import Scene
from loco_kiosk.ui.surface import SceneSurface
from loco_kiosk.ui.vr_bridge import VrBridge
from loco_kiosk.vr_mode import VrMode
from loco_kiosk.wall_choice import WallChoice

log = logging.getLogger(__name__)

_FIRST_SWAP_S = 3.0
"""A window takes half a second to show; where it takes this long, the start goes on without it."""
_NOTICE_MS = 8000
"""Time to read a sentence twice."""
_DISCOVERY_MS = 1000
"""The age of a list is told in seconds."""
_KEEP_MS = 2000
"""Whoever turns the volume is done by then."""


class Kiosk:
    """One run of the program. Threading: GUI thread; :meth:`end` also from a signal handler."""

    def __init__(self, loaded: Loaded, hotkeys: Hotkeys) -> None:
        self._loaded = loaded
        self._settings = loaded.kiosk
        self._ended: asyncio.Future[int] = asyncio.get_event_loop().create_future()
        self._tasks = TaskScope("kiosk")
        self._embedded: EmbeddedBackend | None = None
        self.mixer = Mixer()
        self.media = MediaThread()
        taps = Taps(self._sink)
        self.bridge = Bridge(self.media, taps.sink, self.mixer, self._settings.own_name())
        self.bridge.set_wish(self._settings.wish())
        self.scene = Scene(
            self._settings,
            drawing=drawing.choose(os.environ),
            commands=self.bridge,
            mixer=self.mixer,
            save=self._save,
        )
        self.router = Router(hotkeys, send=self.bridge.send, command=self.scene.controller.command)
        self._audio = AudioOutput(self.mixer, self._settings.audio_device)
        self._idle = IdleWatch(self._settings.idle_return_s)
        self.vr = VrMode(
            loaded,
            self.scene,
            VrBridge(self.media, taps, self.mixer, lambda: self.bridge.wall),
            silence=self._audio.silence,
            say=self._say,
            stay=self._idle.touch,
        )
        self._input = self._make_input()
        targets = Targets(
            controller=self.scene.controller,
            wall=self.scene.wall,
            status=self.scene.status,
            mixer=self.mixer,
            presenter=self.scene.presenter,
            headset=self.scene.headset,
            quality=self.scene.quality,
            lan=self.scene.lan,
        )
        self._refresh = Refresh(targets, self.bridge, self._show_backend)
        self._walls = WallChoice(
            self._settings,
            self.scene.walls,
            follow=self._follow_wall,
            say=self._say,
            remember=self._remember_wall,
            ask=None if self._settings.kiosk or self._settings.check else self.scene.controller.ask_for_wall,
        )
        self._backend: BackendView | None = None
        self._watchdog: Watchdog | None = None
        self._watchdog_timer = QTimer()
        self._notice_timer = QTimer(singleShot=True, interval=_NOTICE_MS)
        self._discovery_timer = QTimer(interval=_DISCOVERY_MS)
        self._keep_timer = QTimer(singleShot=True, interval=_KEEP_MS)
        self._blanking = screen_blanking.of_this_desktop(os.environ, QGuiApplication.platformName())
        self._connect()

    def end(self, code: int) -> None:
        """End the program with this exit code; the first call counts."""
        if not self._ended.done():
            self._ended.get_loop().call_soon_threadsafe(self._set_ended, code)

    async def run(self) -> int:
        """Start, run until :meth:`end`, stop; returns the exit code."""
        try:
            await self._start()
            return await self._ended
        finally:
            await self._stop()

    def _sink(self, instance: str) -> Mailbox:
        return self.scene.presenter.mailbox(instance)

    # Start and stop

    async def _start(self) -> None:
        self._stage("Opening the window")
        swapped = asyncio.Event()
        self.scene.window.firstSwap.connect(swapped.set)
        self.scene.open()
        self._refresh.start()
        self.media.start()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_FIRST_SWAP_S):
                await swapped.wait()
        self._start_watchdog()
        if self._settings.kiosk:
            self._blanking.prevent()
        self._discovery_timer.start()
        self._tasks.spawn(self._find(), "find a backend")
        self._audio.start()
        if self._settings.vr:
            self.vr.start()
        if self._settings.check is not None:
            self._tasks.spawn(self._check(), "check")
        garbage.settle()

    async def _check(self) -> None:
        """Measure, then end with the verdict, whatever happens."""
        from loco_kiosk import self_check  # noqa: PLC0415 - nobody else waits for it at the start

        code = 1
        try:
            code = await self_check.run(self, self._loaded)
        finally:
            self.end(code)

    async def _find(self) -> None:
        self._stage("Looking for machines")
        if not await self._walls.find():
            await self._run_embedded()

    async def _run_embedded(self) -> None:
        count = self._settings.instances
        self._stage("Starting one machine" if count == 1 else f"Starting {count} machines")
        self._embedded = EmbeddedBackend(
            lambda port, descriptor: embedded.command(self._loaded, port, descriptor),
            log_file=self._settings.own_state_directory() / "backend.log",
            environment=embedded.environment(os.environ),
            on_report=self._show_embedded,
        )
        await self._embedded.run()

    async def _stop(self) -> None:
        """In the reverse order of the start; each step is bounded, and none keeps the next from being taken."""
        if self._watchdog is not None:
            self._watchdog.stop()
        await self.vr.close()
        self._stop_steps({"window": self.scene.close})
        await self._walls.close()
        await self._tasks.close(timeout_s=15.0)
        self._blanking.restore()

    def abandon(self) -> None:
        """Stop what can be stopped without window and Qt's loop; the process must end right after it.

        The kernel then ends the embedded backend, which stops its guests.
        """
        self._stop_steps({})

    def _stop_steps(self, more: Mapping[str, Callable[[], object]]) -> None:
        self.router.release_all()
        steps: Mapping[str, Callable[[], object]] = {
            "timers": self._stop_timers,
            "sound": self._audio.stop,
            "wall": self.bridge.leave,
            "media": self.media.stop,
            **more,
        }
        for name, step in steps.items():
            try:
                step()
            except Exception:
                log.exception("stopping: %s", name)

    def _stop_timers(self) -> None:
        if self._keep_timer.isActive():
            self._keep_sound()
        for timer in (self._watchdog_timer, self._notice_timer, self._discovery_timer, self._keep_timer):
            timer.stop()
        self._refresh.stop()
        self.scene.presenter.stop()

    # Ties

    def _connect(self) -> None:
        scene = self.scene
        controller = scene.controller
        controller.focusChanged.connect(self.router.set_focus)
        controller.focusChanged.connect(self._follow_focus)
        controller.changed.connect(self._follow_panel)
        controller.chordAsked.connect(self.router.type_chord)
        controller.asked.connect(self._command)
        controller.said.connect(self._say)
        scene.quality.said.connect(self._say)
        scene.settings.listening.connect(lambda on: self.router.listen(scene.settings.hear if on else None))
        scene.settings.hotkeysChanged.connect(self._use_hotkeys)
        scene.sound.changed.connect(self._follow_sound)
        scene.sound.deviceChosen.connect(self._audio.choose)
        scene.settings.applied.connect(self._apply)
        scene.window.closing.connect(lambda: self.end(0))
        self._audio.changed.connect(scene.sound.show_output)
        self._audio.changed.connect(lambda devices, _device, _notice: scene.settings.show_devices(devices))
        self._input.active.connect(self._idle.touch)
        self._input.said.connect(self._say)
        self._idle.idle.connect(self._leave)
        self.bridge.failed.connect(self._say)
        self._refresh.shown.connect(self._follow_tiles)
        self._notice_timer.timeout.connect(lambda: scene.status.set(notice=""))
        self._discovery_timer.timeout.connect(self._show_discovery)
        self._keep_timer.timeout.connect(self._keep_sound)

    def _make_input(self) -> EventFilter:
        window: QWindow = self.scene.window
        platform = QGuiApplication.platformName()
        return EventFilter(
            window,
            self.router,
            SceneSurface(self.scene.window, self.scene.controller),
            read_key=scan_codes.reader(platform),
            grab=KeyboardGrab(window),
            capture=PointerCapture(window, platform),
        )

    def _follow_focus(self) -> None:
        self._input.follow(self.scene.controller.pointer)

    def _follow_panel(self) -> None:
        self.router.set_paused(bool(self.scene.controller.panel))
        self.bridge.watch_lan(self.scene.controller.panel == "lan")
        self._follow_focus()
        self._show_discovery()

    def _use_hotkeys(self, hotkeys: Hotkeys) -> None:
        self.router.hotkeys = hotkeys

    def _leave(self) -> None:
        """Nobody is there any more; the next visitor finds a public terminal as its owner set it up."""
        if self.vr.worn:
            self._idle.touch()
            return
        self.vr.idle()
        self.scene.controller.leave()
        if self._settings.kiosk:
            kept = self.scene.settings.saved
            self.scene.sound.restore(kept.volume, kept.muted)

    def _follow_sound(self) -> None:
        """Volume and mute are kept for the next start, but not those of a public terminal's visitors."""
        now, saved = self.scene.settings.now, self.scene.settings.saved
        if (now.volume, now.muted) != (saved.volume, saved.muted) and not self._settings.kiosk:
            self._keep_timer.start()

    def _keep_sound(self) -> None:
        try:
            self.scene.settings.keep("volume", "muted")
        except SettingsError as error:
            log.info("the volume is not kept: %s", error)

    def _follow_wall(self, url: str) -> None:
        """Nothing of the wall before may show in the tiles of this one."""
        if self._backend is not None:
            self.scene.clear()
        self.bridge.follow(url)

    def _remember_wall(self, name: str) -> None:
        self.scene.settings.note({"wall": name})
        self.scene.settings.keep("wall")
        self._say(f"This screen shows {name} from now on.")

    def _follow_tiles(self, views: Iterable[TileView]) -> None:
        """Sessions that ended have nothing held down any more; a guest in front may have changed its pointer."""
        for view in views:
            if view.state in (TileState.RECONNECTING, TileState.LOST, TileState.GONE, TileState.PENDING):
                self.router.forget(view.id)
        self.vr.follow_tiles(tuple(views))
        if self.scene.controller.focus:
            self._follow_focus()
        if any(view.id for view in views):
            self._stage("")

    def _command(self, name: str) -> None:
        if name == "exit":
            self.end(0)
        elif name == "vr":
            self.vr.toggle()
        elif name == "fullscreen":
            self.scene.window.toggle_fullscreen()
            self.scene.settings.note({"fullscreen": self.scene.window.fills_screen()})

    def _apply(self, key: str, value: Value) -> None:
        if key == "idle_return_s":
            self._idle.set_after(float(value))
        elif key in ("preference", "pixel_exact"):
            self.bridge.set_wish(self.scene.settings.wish())
        elif key == "fullscreen" and bool(value) != self.scene.window.fills_screen():
            self.scene.window.toggle_fullscreen()

    def _save(self, values: Mapping[str, Value]) -> str:
        path = self._loaded.file or settings_file.own_file()
        settings_file.write(path, values)
        return str(path)

    # Words

    def _stage(self, words: str) -> None:
        if words:
            log.info("%s", words[0].lower() + words[1:])
        self.scene.status.set(stage=words)

    def _say(self, sentence: str) -> None:
        self.scene.status.set(notice=sentence)
        self._notice_timer.start()

    def _show_embedded(self, report: EmbeddedReport) -> None:
        self.scene.status.set(trouble=report.reason)
        if report.url:
            self.bridge.follow(report.url)

    def _show_backend(self, view: BackendView) -> None:
        trouble = "" if view.connected else f"The backend does not answer. {view.reason} The kiosk keeps trying."
        self.scene.status.set(trouble=trouble)
        self._backend = view
        self._show_discovery()

    def _show_discovery(self) -> None:
        """Once a second: a list that is not confirmed grows old."""
        if self._backend is not None:
            now_s = time.monotonic()
            self.scene.status.show_discovery(self._backend, now_s)
            if self.scene.controller.panel == "machines":
                self.scene.status.show_details(self._backend, now_s)

    # Watchdog

    def _start_watchdog(self) -> None:
        notifier = Notifier(os.environ)
        if not notifier.active:
            return
        self._watchdog = watchdog = Watchdog(notifier)
        self._watchdog_timer.timeout.connect(lambda: self._beat(watchdog))
        self._watchdog_timer.start(round(notifier.period_s * 1000))

    def _beat(self, watchdog: Watchdog) -> None:
        window = self.scene.window
        arriving, presented = self.scene.flow()
        watchdog.beat(
            Pulse(
                now_us=monotonic_us(),
                swapped_us=self.scene.presenter.swapped_us,
                media_us=self.media.heartbeat_us,
                exposed=window.isExposed(),
                arriving=arriving,
                presented=presented,
            )
        )
        window.update()  # a wall of still pictures swaps for the watchdog alone

    def _set_ended(self, code: int) -> None:
        if not self._ended.done():
            self._ended.set_result(code)
