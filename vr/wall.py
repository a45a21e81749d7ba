"""The wall in one session: the hands, the pictures and the sound of each frame, and the layers that show it all."""

import dataclasses
import math
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from backend.contract.control import PointerMode
from backend.contract.input import Button, InputMessage, Key
from loco_kiosk.client.tile import TileState
from loco_kiosk.client.vr_messages import Pointer, ScreenView
from vr.audio.wall_sound import WallSound
from vr.openxr.phase import Phase
from vr.scene.arrangement import Arrangement
from vr.scene.controllers import Hand
from vr.scene.geometry import ZERO, Pose, Vector
from vr.scene.layer import Canvas, Layer
from vr.scene.layout import WIDE, Sizes
from vr.scene.memory import LayoutMemory
from vr.scene.menu import MenuAction, MenuModel
from vr.scene.panels import KEYBOARD, MENU
from vr.scene.scene import Scene, Screen
from vr.scene.spot import Spot
from vr.settings import VrSettings
from vr.stage.choices import Choices
from vr.stage.drawings import Drawings
from vr.stage.figures import Figures
from vr.stage.heard import Heard
from vr.stage.notices import Notices
from vr.stage.pictures import Pictures
from vr.stage.room import Optional, Room, Sheets, fitted

if TYPE_CHECKING:
    from vr.feed.feed import Feed
    from vr.openxr.runtime import News, Runtime
    from vr.openxr.session import FrameTime


_NEEDED = 9
"""Worth of a layer without which the wall is none."""
_POINTERS_S = 1 / 60
_ON_ITS_WAY = "Its picture is on the way."
_NOBODY = "No machine is on the wall yet. It appears here by itself."


class Memory:
    """What outlives a session, when runtime or headset go and come back."""

    def __init__(self) -> None:
        self.chosen: Mapping[str, Spot] | None = None
        """Places that the wearer gave screens; None until they were read."""
        self.near = False
        self.statistics = False
        self.sheets = Sheets()


class WallLoop:
    """One session's wall. Threading: the frame loop's."""

    def __init__(self, runtime: "Runtime", *, feed: "Feed", settings: VrSettings, memory: Memory) -> None:
        self._runtime = runtime
        self._feed = feed
        self._memory = memory
        self._layout = LayoutMemory(settings.own_state_directory())
        if memory.chosen is None:
            memory.chosen = self._layout.load()
        arrangement = Arrangement(memory.chosen, sizes=_sizes(settings), flat=not runtime.bends)
        self._choices = Choices(feed)
        self._choices.statistics = memory.statistics
        self._scene = Scene(self, arrangement, hand=Hand(settings.hand))
        self._drawings = Drawings(self._canvas)
        self._room = Room(self._drawings, memory.sheets)
        self._notices = Notices()
        self._pictures = Pictures(feed, self._canvas)
        self._heard = Heard(feed, WallSound()) if settings.sound else None
        self._figures = Figures(self._pictures, lambda: feed.picture_counts.get("skipped", 0))
        self._roster: tuple[ScreenView, ...] | None = None
        self._views: Mapping[str, ScreenView] = {}
        self._focus: str | None = None
        self._focused = False
        self._pointers: tuple[Pointer, ...] = ()
        self._pointers_due_s = 0.0
        self._playing: str | None = None
        if memory.near and feed.focus:
            self._scene.near = True

    # The frame loop

    @property
    def wants_out(self) -> bool:
        """Whether the wearer chose to leave."""
        return self._choices.leave

    def frame(self, frame: "FrameTime", news: "News") -> list[Layer]:
        """Work of one frame that somebody sees; what to show, back to front."""
        self._feed.wake()
        now_s = time.monotonic()
        self._learn()
        self._follow(news)
        hands = self._runtime.read_hands(frame)  # before the head, which then costs no call of its own
        head = self._runtime.head(frame)
        menu = self._menu()
        buttons = menu.buttons if MENU in self._scene.panels.placements else ()
        self._scene.step(hands, head, buttons, now_s)
        if self._choices.recentre:
            self._choices.recentre = False
            self._scene.let_go()
            self._runtime.recentre(frame)
        shown = [self._views[name] for name in self._scene.pages.shown]
        self._pictures.step(shown, _now_us, self._scene.guests.front)
        if self._heard is not None:
            placements = self._scene.arrangement.placements
            self._heard.step(shown, placements, self._scene.guests.front, self._feed.sound, head=head, now_s=now_s)
        if self._playing not in (None, self._scene.guests.front):
            self._play(None)
        self._report_pointers(now_s)
        self._drawings.begin(now_s)
        return self._layers(menu, head, now_s)

    def meanwhile(self) -> bool:
        """Upload a picture that came since the last frame, so that the next one need not; whether there was one."""
        return self._pictures.upload_one(_now_us)

    def rest(self) -> None:
        """Nobody looks any more: let go of everything that is held, and have no pictures made."""
        self._focused = False
        self._scene.let_go()
        self._play(None)
        self._pictures.rest()
        if self._pointers:
            self._pointers = ()
            self._feed.report_pointers(())
        self._feed.rest()

    def figures(self) -> Mapping[str, float]:
        """Figures since the last call, to be reported once a second."""
        sound = float(self._heard is not None and self._heard.audible)
        work = self._runtime.meter.last.get("work_p95_ms")
        if work is not None:
            self._memory.sheets.remember(work)
        return {**self._figures.read(), "sound": sound}

    def close(self) -> None:
        """Give canvases and sound back; the session ends."""
        self._scene.let_go()
        self._play(None)
        self._memory.near, self._memory.statistics = self._scene.near, self._choices.statistics
        if self._heard is not None:
            self._heard.close()
        self._pictures.close()
        self._drawings.close()

    # What the scene asks for

    def send(self, id: str, message: InputMessage) -> None:  # noqa: A002 - the wire's word
        """Keyboard and mouse for a guest; with the first press the wearer asks for them."""
        if isinstance(message, Key | Button) and message.down:
            self._play(id)
        self._feed.send(id, message)

    def focus_on(self, id: str | None) -> None:  # noqa: A002
        """Another machine came to the front by a click."""
        self._focus = id
        self._feed.focus_on(id)

    def show(self, ids: Sequence[str]) -> None:
        """These machines are seen now."""
        self._feed.show(ids)

    def keep(self, spots: Mapping[str, Spot]) -> None:
        """The wearer has put screens there."""
        self._memory.chosen = dict(spots)
        self._layout.save(spots)

    def choose(self, button: str) -> None:
        """A button of the wrist menu."""
        action = MenuAction(button)
        self._choices.choose(action, self._scene)
        if action is MenuAction.RELEASE:
            self._play(None)

    def tick(self, hand: Hand) -> None:
        """A short vibration."""
        self._runtime.tick(hand)

    # Parts of a frame

    def _learn(self) -> None:
        """Take what the feed has learnt, if it is new."""
        if self._feed.screens is not self._roster:
            self._roster = self._feed.screens
            self._views = {view.id: view for view in self._roster}
            self._scene.set_screens([_screen(view) for view in self._roster])
        if self._feed.focus != self._focus and not self._scene.hands.busy:
            self._focus = self._feed.focus
            self._scene.focus(self._focus if self._focus in self._views else None)

    def _play(self, id: str | None) -> None:  # noqa: A002 - the wire's word
        """Ask for keyboard and mouse of one guest, and give those of another one back."""
        before, self._playing = self._playing, id
        if before not in (None, id):
            self._feed.release_control(before)
        if id not in (None, before):
            self._feed.request_control(id)

    def _follow(self, news: "News") -> None:
        focused = news.phase is Phase.FOCUSED
        if news.recentred or (self._focused and not focused):
            self._scene.let_go()
        self._focused = focused

    def _menu(self) -> MenuModel:
        scene, sound = self._scene, self._feed.sound
        view = self._views.get(scene.guests.front)
        return MenuModel(
            focused=view.name if view else "",
            near=scene.near,
            mine=view.mine if view else False,
            volume=sound.volume,
            muted=sound.muted,
            mono=sound.mono,
            page=scene.pages.page,
            pages=scene.pages.count,
            statistics=self._choices.statistics,
            keyboard=scene.keyboard_open,
            moved=bool(scene.arrangement.chosen),
            confirm=self._choices.confirm,
        )

    def _layers(self, menu: MenuModel, head: Pose | None, now_s: float) -> list[Layer]:
        """Everything that is seen, back to front, at most as much as the runtime takes."""
        eye = head.position if head else ZERO
        parts: list[Optional] = []
        if not self._runtime.passthrough.on:
            _add(parts, 1, self._room.surround(bent=self._runtime.bends))
        for name, placement in self._scene.drawn():
            canvas = self._face(self._views[name])
            if canvas is not None:
                _add(parts, _NEEDED, [Layer(canvas, placement, opaque=True)])
        self._add_labels(parts, eye)
        notice = self._notice(now_s)
        if notice:
            _add(parts, 4, self._room.message(notice, alone=not self._views))
        if self._choices.statistics:
            figures = {**self._runtime.meter.last, **self._figures.last}
            _add(parts, 3, self._room.statistics(figures, self._views.get(self._scene.guests.front)))
        self._add_panels(parts, menu)
        self._add_hands(parts, eye)
        return fitted(parts, self._runtime.layer_limit)

    def _add_labels(self, parts: list[Optional], eye: Vector) -> None:
        front, placements = self._scene.guests.front, self._scene.arrangement.placements
        pointed = {pointing.on for pointing in self._scene.hands.pointing.values()} & placements.keys()
        for name in sorted(pointed - {front})[:1]:
            _add(parts, 0, self._room.label(self._views[name], placements[name], eye, front=False))
        if front in placements:
            _add(parts, 2, self._room.label(self._views[front], placements[front], eye, front=True))

    def _add_panels(self, parts: list[Optional], menu: MenuModel) -> None:
        scene = self._scene
        open_ones = scene.panels.placements
        if KEYBOARD in open_ones:
            _add(parts, 6, self._room.keyboard(open_ones[KEYBOARD], scene.keyboard, scene.hovered(KEYBOARD)))
        if MENU in open_ones:
            _add(parts, 7, self._room.menu(open_ones[MENU], menu, scene.hovered(MENU)))

    def _add_hands(self, parts: list[Optional], eye: Vector) -> None:
        placements = {**self._scene.arrangement.placements, **self._scene.panels.placements}
        pointings = self._scene.hands.pointing.values()
        for pointing in pointings:
            _add(parts, 5, self._room.ray(pointing, eye))
        for pointing in pointings:
            if pointing.on in placements:
                _add(parts, 8, self._room.cursor(pointing, placements[pointing.on], eye))

    def _notice(self, now_s: float) -> str:
        silent = self._heard.notice if self._heard is not None else ""
        lasting = self._feed.notice or ("" if self._views else _NOBODY)
        return self._notices.text(lasting, (silent, self._layout.notice), now_s)

    def _face(self, view: ScreenView) -> Canvas | None:
        """What a screen shows: its picture, or a card that says why there is none."""
        picture = self._pictures.canvas(view.id)
        if picture is not None and (view.state.playable or view.state is TileState.STALE):
            return picture
        waits = view.state.playable and not view.reason
        return self._room.card(dataclasses.replace(view, reason=_ON_ITS_WAY) if waits else view)

    def _report_pointers(self, now_s: float) -> None:
        """For the mirror on the desktop: changes, and not more often than a desktop shows them."""
        pointers = tuple(
            Pointer(hand.value, pointing.on, pointing.u, pointing.v, pointing.pressed)
            for hand, pointing in self._scene.hands.pointing.items()
            if pointing.on in self._views
        )
        if pointers != self._pointers and now_s >= self._pointers_due_s:
            self._pointers, self._pointers_due_s = pointers, now_s + _POINTERS_S
            self._feed.report_pointers(pointers)

    def _canvas(self, width_px: int, height_px: int) -> Canvas:
        return self._runtime.graphics.canvas(self._runtime.session, width_px, height_px)


def _add(parts: list[Optional], worth: int, layers: list[Layer]) -> None:
    parts.extend(Optional(worth, layer) for layer in layers)


def _screen(view: ScreenView) -> Screen:
    return Screen(
        id=view.id,
        playable=view.state.playable,
        relative=view.pointer is PointerMode.RELATIVE,
        size_px=(view.width_px, view.height_px),
    )


def _sizes(settings: VrSettings) -> Sizes:
    """Screens as large as the wearer wants them on a full wall; fewer are larger, as they always are."""
    angle = math.radians(settings.screen_degrees)
    wide = {columns: max(usual, angle) if columns < 3 else angle for columns, usual in WIDE.items()}
    return Sizes(distance_m=settings.distance_m, near_m=0.7 * settings.distance_m, wide=wide)


def _now_us() -> int:
    return time.monotonic_ns() // 1000
