"""What the visitor does: pick, zoom, turn pages, open panels. Knows the wall's commands, not how they travel."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal, Slot

from backend.contract.control import PointerMode, Tier
from loco_kiosk.client.tile import TileState, TileView
from loco_kiosk.models.bindable import bindable
from loco_kiosk.models.selection import PAGE, Selection
from loco_kiosk.models.special_keys import CHORDS
from loco_kiosk.models.wall_model import WallModel

PANELS = ("help", "settings", "keys", "machines", "quality", "lan", "walls")
_LOCKED_PANELS = ("settings", "walls")
_LEVELS = ("reset", "restart")


class Commands(Protocol):
    """What the controller asks of the wall."""

    def set_tiers(self, tiers: Mapping[str, Tier]) -> None:
        """How each stream is shown now."""

    def set_shown_size(self, width_px: int, height_px: int) -> None:
        """How large a picture of the grid is, in pixels of the screen."""

    def request_control(self, instance: str) -> None:
        """Ask for keyboard and mouse."""

    def release_control(self, instance: str) -> None:
        """Give them back."""

    def recover(self, instance: str, level: str) -> None:
        """Start the guest anew: ``reset`` its PC, or ``restart`` the program that emulates it."""


class Controller(QObject):
    """State of the scene that is not a tile's own.

    Signals: ``placesChanged`` when other instances are on the page, ``focusChanged`` with the instance that has
    keyboard and mouse ("" in the grid), ``asked`` with a command that another object owns (``mute``, ``exit``, ...),
    ``chordAsked`` with W3C codes to type into the guest, ``said`` with a sentence for the visitor, ``lockChanged``
    when the settings were closed or opened, ``wallPicked`` with a position on the page of walls.
    """

    changed = Signal()
    pickedChanged = Signal(str)  # noqa: N815 - Qt's spelling
    placesChanged = Signal()  # noqa: N815
    focusChanged = Signal(str)  # noqa: N815
    asked = Signal(str)
    chordAsked = Signal(list)  # noqa: N815
    said = Signal(str)
    lockChanged = Signal(bool)  # noqa: N815
    wallPicked = Signal(int)  # noqa: N815

    def __init__(
        self, wall: WallModel, commands: Commands, parent: QObject | None = None, *, public: bool = False
    ) -> None:
        """``public``: a terminal for everybody, whose settings are locked until a warden opens them."""
        super().__init__(parent)
        self._public = self._locked = public
        self._wall = wall
        self._commands = commands
        self._selection = Selection()
        self._zoom_position = 0
        self._panel = ""
        self._overlay = False
        self._focus = ""
        self._tiers: dict[str, Tier] = {}
        self._places: dict[int, str] = {}
        self._actions = self._make_actions()

    # What the scene binds to

    @bindable(int, notify=changed)
    def page(self) -> int:
        """Page that shows, from 0."""
        return self._selection.page

    @bindable(int, notify=changed)
    def pages(self) -> int:
        """Pages of the wall."""
        return self._selection.pages

    @bindable(int, notify=changed)
    def picked(self) -> int:
        """Position of the picked tile on this page, -1 for none."""
        slot = self._selection.picked
        return -1 if slot is None or slot // PAGE != self._selection.page else slot % PAGE

    @bindable(bool, notify=changed)
    def zoomed(self) -> bool:
        """Whether a tile fills the screen."""
        return self._selection.zoomed

    @bindable(int, notify=changed)
    def zoomPosition(self) -> int:  # noqa: N802 - QML's spelling
        """Position of the tile that is or was last zoomed: it stays on top while it shrinks."""
        return self._zoom_position

    @bindable(str, notify=changed)
    def panel(self) -> str:
        """Open panel: one of :data:`PANELS`, ``recover`` or nothing."""
        return self._panel

    @bindable(str, notify=changed)
    def inFront(self) -> str:  # noqa: N802 - QML's spelling
        """Number and name of the picked machine; "" for none."""
        view = self._picked_view
        return "" if view is None else f"{view.slot + 1} · {view.name}"

    @bindable(bool, notify=changed)
    def overlay(self) -> bool:
        """Whether the measured figures show."""
        return self._overlay

    @bindable(list)
    def chords(self) -> list[dict[str, str]]:
        """Entries of the special keys menu."""
        return [{"label": chord.label, "hint": chord.hint} for chord in CHORDS]

    # What the rest of the program reads

    @property
    def focus(self) -> str:
        """The instance that has keyboard and mouse; "" in the grid."""
        return self._focus

    @property
    def picked_instance(self) -> str:
        """The instance in front: zoomed or picked; "" for none."""
        view = self._picked_view
        return "" if view is None else view.id

    @property
    def _picked_view(self) -> TileView | None:
        slot = self._selection.picked
        return None if slot is None else self._wall.views.get(slot)

    @property
    def places(self) -> dict[int, str]:
        """Instance by position of this page."""
        return self._places

    @property
    def focused_view(self) -> TileView | None:
        """The newest view of the instance in focus."""
        return next((view for view in self._wall.views.values() if self._focus and view.id == self._focus), None)

    @property
    def pointer(self) -> PointerMode:
        """What the focused guest takes."""
        view = self.focused_view
        return PointerMode.ABSOLUTE if view is None else view.pointer

    # What happens

    def show(self, views: Iterable[TileView]) -> None:
        """Take the newest views of all tiles."""
        shown = tuple(views)
        slots = max((view.slot for view in shown), default=-1) + 1
        self._wall.show(shown, self._selection.page)
        self._select(self._selection.with_slots(slots))
        self._leave_the_gone()

    @Slot(str)
    def command(self, name: str) -> None:
        """Do what a hotkey or a button stands for; a name that is not ours goes on to whom it concerns."""
        action = self._actions.get(name)
        if action is None:
            self.asked.emit(name)
        else:
            action()

    @Slot(int, int)
    def showAt(self, width_px: int, height_px: int) -> None:  # noqa: N802 - QML's spelling
        """The scene tells how large the pictures of its grid are, in pixels of the screen."""
        self._commands.set_shown_size(width_px, height_px)

    @Slot(int)
    def pick(self, position: int) -> None:
        """Pick by position, 0 to 8: a tile, and an open panel closes, or a wall of the page of walls."""
        walls = self._panel == "walls"
        self._set_panel("")
        if walls:
            self.wallPicked.emit(position)
        else:
            self._select(self._selection.pick(position))

    @Slot()
    def zoom(self) -> None:
        """Let the picked tile fill the screen, if there is a machine behind it; in a question it is the answer."""
        view = self._picked_view
        if self._panel == "recover":
            self.startAnew(_LEVELS[0])
        elif view is not None and view.state is not TileState.GONE:
            self._set_panel("")
            self._select(self._selection.zoom())

    @Slot()
    def grid(self) -> None:
        """Back to the grid; an open panel closes first."""
        if self._panel:
            self._set_panel("")
        else:
            self._select(self._selection.grid())

    def leave(self) -> None:
        """Nobody is there any more: close everything, pick nothing, show the first page."""
        self._set_panel("")
        self._overlay = False
        self._lock(self._public)
        self._select(Selection(slots=self._selection.slots))
        self.changed.emit()

    def follow(self, instance: str) -> None:
        """The wearer of a headset picked this machine, or none (""); a tile that fills the screen gives way to it."""
        slot = next((view.slot for view in self._wall.views.values() if instance and view.id == instance), None)
        if self._panel == "recover":
            self._set_panel("")  # it asks about the machine that was picked before
        self._select(self._selection.follow(slot))

    @Slot(int)
    def turn(self, pages: int) -> None:
        """Turn pages."""
        self._select(self._selection.turn(pages))

    @Slot(int)
    def typeChord(self, index: int) -> None:  # noqa: N802 - QML's spelling
        """Type an entry of the special keys menu into the guest."""
        self._set_panel("")
        self.chordAsked.emit(list(CHORDS[index].codes))

    @Slot(str)
    def startAnew(self, level: str) -> None:  # noqa: N802 - QML's spelling
        """Start the picked machine anew, at a level of :class:`Commands`."""
        self._set_panel("")
        if self.picked_instance:
            self.said.emit(f"{self.inFront} is being started anew.")
            self._commands.recover(self.picked_instance, level)

    def ask_for_wall(self) -> None:
        """Several walls answered: let the visitor choose."""
        self._set_panel("walls")

    @property
    def locked(self) -> bool:
        """Whether a visitor may not change settings."""
        return self._locked

    def _make_actions(self) -> dict[str, Callable[[], Any]]:
        actions: dict[str, Callable[[], Any]] = {
            "grid": self.grid,
            "zoom": self.zoom,
            "recover": self._ask_about_recovery,
            "unlock": self._toggle_lock,
            "overlay": self._toggle_overlay,
            "page_down": partial(self.turn, 1),
            "page_up": partial(self.turn, -1),
        }
        for name in PANELS:
            actions[name] = partial(self._toggle_panel, name)
        for direction in ("left", "right", "up", "down"):
            actions[direction] = partial(self._step, direction)
        for position in range(PAGE):
            actions[f"pick_{position + 1}"] = partial(self.pick, position)
        return actions

    def _step(self, direction: str) -> None:
        self._select(self._selection.step(direction))

    def _toggle_panel(self, name: str) -> None:
        if name in _LOCKED_PANELS and self._locked:
            self.said.emit("The settings of this terminal are locked.")
        else:
            self._set_panel("" if self._panel == name else name)

    def _ask_about_recovery(self) -> None:
        view = self._picked_view
        if self._panel == "recover":
            self._set_panel("")
        elif view is None or view.state is TileState.GONE:
            self.said.emit("Pick a machine first, then start it anew.")
        else:
            self._set_panel("recover")

    def _toggle_lock(self) -> None:
        if not self._public:
            return
        self._lock(not self._locked)
        words = "locked" if self._locked else "open until the grid returns by itself"
        self.said.emit(f"The settings of this terminal are {words}.")

    def _lock(self, locked: bool) -> None:
        if locked is self._locked:
            return
        self._locked = locked
        if locked and self._panel in _LOCKED_PANELS:
            self._set_panel("")
        self.lockChanged.emit(locked)
        self.changed.emit()

    def _leave_the_gone(self) -> None:
        """A machine that was taken off the wall keeps nobody before a dead screen."""
        view = self._picked_view
        if self._selection.zoomed and (view is None or view.state is TileState.GONE):
            if view is not None:
                self.said.emit(f"{self.inFront} was switched off.")
            self._set_panel("")
            self._select(self._selection.grid())
        elif view is None and self._panel == "recover":
            self._set_panel("")

    def _toggle_overlay(self) -> None:
        self._overlay = not self._overlay
        self.changed.emit()

    def _set_panel(self, name: str) -> None:
        if name != self._panel:
            self._panel = name
            self.changed.emit()
            self._follow_places()

    def _select(self, selection: Selection) -> None:
        before, self._selection = self._selection, selection
        if selection.zoomed and selection.picked is not None:
            self._zoom_position = selection.picked % PAGE
        if selection.page != before.page:
            self._wall.show(tuple(self._wall.views.values()), selection.page)
        if selection != before:
            self.changed.emit()
        if selection.picked != before.picked:
            self.pickedChanged.emit(self.picked_instance)
        self._follow_focus()
        self._follow_places()

    def _follow_focus(self) -> None:
        focus = self.picked_instance if self._selection.zoomed else ""
        if focus == self._focus:
            return
        before, self._focus = self._focus, focus
        # The listener releases held keys into the instance that they were pressed in, so it hears of it first.
        self.focusChanged.emit(focus)
        if before:
            self._commands.release_control(before)
        if focus:
            self._commands.request_control(focus)

    def _follow_places(self) -> None:
        selection = self._selection
        views = self._wall.views
        places = {p: views[s].id for p in range(PAGE) if (s := selection.on_page(p)) in views and views[s].id}
        if places != self._places:
            self._places = places
            self.placesChanged.emit()
        tiers = {view.id: self._tier(view) for view in views.values() if view.id}
        if tiers != self._tiers:
            self._tiers = tiers
            self._commands.set_tiers(tiers)

    def _tier(self, view: TileView) -> Tier:
        if self._selection.zoomed:
            return Tier.ZOOMED if view.id == self._focus else Tier.HIDDEN
        if view.slot // PAGE != self._selection.page:
            return Tier.HIDDEN
        return Tier.SMALL if self._panel else Tier.GRID
