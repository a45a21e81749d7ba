"""What the visitor does: pick, zoom, turn pages, open panels. Knows the wall's commands, not how they travel."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal, Slot

from backend.contract.control import PointerMode, Tier
from loco_kiosk.client.tile import TileView
from loco_kiosk.models.bindable import bindable
from loco_kiosk.models.selection import PAGE, Selection
from loco_kiosk.models.special_keys import CHORDS
from loco_kiosk.models.wall_model import WallModel

PANELS = ("help", "settings", "keys")


class Commands(Protocol):
    """What the controller asks of the wall."""

    def set_tiers(self, tiers: Mapping[str, Tier]) -> None:
        """How each stream is shown now."""

    def request_control(self, instance: str) -> None:
        """Ask for keyboard and mouse."""

    def release_control(self, instance: str) -> None:
        """Give them back."""

    def recover(self, instance: str) -> None:
        """Start the guest anew."""


class Controller(QObject):
    """State of the scene that is not a tile's own.

    Signals: ``placesChanged`` when other instances are on the page, ``focusChanged`` with the instance that has
    keyboard and mouse ("" in the grid), ``asked`` with a command that another object owns (``mute``, ``exit``, ...),
    ``chordAsked`` with W3C codes to type into the guest.
    """

    changed = Signal()
    pickedChanged = Signal(str)  # noqa: N815 - Qt's spelling
    placesChanged = Signal()  # noqa: N815
    focusChanged = Signal(str)  # noqa: N815
    asked = Signal(str)
    chordAsked = Signal(list)  # noqa: N815

    def __init__(self, wall: WallModel, commands: Commands, parent: QObject | None = None) -> None:
        super().__init__(parent)
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
        """Open panel: ``help``, ``settings``, ``keys`` or nothing."""
        return self._panel

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
        slot = self._selection.picked
        view = None if slot is None else self._wall.views.get(slot)
        return "" if view is None else view.id

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

    @Slot(str)
    def command(self, name: str) -> None:
        """Do what a hotkey or a button stands for; a name that is not ours goes on to whom it concerns."""
        action = self._actions.get(name)
        if action is None:
            self.asked.emit(name)
        else:
            action()

    @Slot(int)
    def pick(self, position: int) -> None:
        """Pick by position, 0 to 8; closes an open panel."""
        self._set_panel("")
        self._select(self._selection.pick(position))

    @Slot()
    def zoom(self) -> None:
        """Let the picked tile fill the screen, if there is a machine behind it."""
        if self.picked_instance:
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
        self._select(Selection(slots=self._selection.slots))
        self.changed.emit()

    @Slot(int)
    def turn(self, pages: int) -> None:
        """Turn pages."""
        self._select(self._selection.turn(pages))

    @Slot(int)
    def typeChord(self, index: int) -> None:  # noqa: N802 - QML's spelling
        """Type an entry of the special keys menu into the guest."""
        self._set_panel("")
        self.chordAsked.emit(list(CHORDS[index].codes))

    @Slot()
    def recover(self) -> None:
        """Start the picked guest anew."""
        if self.picked_instance:
            self._commands.recover(self.picked_instance)

    def _make_actions(self) -> dict[str, Callable[[], Any]]:
        actions: dict[str, Callable[[], Any]] = {
            "grid": self.grid,
            "zoom": self.zoom,
            "recover": self.recover,
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
        self._set_panel("" if self._panel == name else name)

    def _toggle_overlay(self) -> None:
        self._overlay = not self._overlay
        self.changed.emit()

    def _set_panel(self, name: str) -> None:
        if name != self._panel:
            self._panel = name
            self.changed.emit()

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
        return Tier.GRID if view.slot // PAGE == self._selection.page else Tier.HIDDEN
