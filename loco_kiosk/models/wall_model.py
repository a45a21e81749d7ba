"""Nine rows for the nine places of a page; an adapter from :class:`TileView` to named roles, without logic."""

import enum
from collections.abc import Iterable, Mapping
from typing import Any

from PySide6.QtCore import QAbstractListModel, QByteArray, QModelIndex, QObject, QPersistentModelIndex, Qt

from loco_kiosk.client.tile import TileState, TileView
from loco_kiosk.look import palette, wording
from loco_kiosk.models.selection import PAGE

Row = dict["Role", Any]
_ROOT = QModelIndex()


class Role(enum.IntEnum):
    """Roles by the names that QML binds to."""

    number = Qt.ItemDataRole.UserRole + 1
    instance = enum.auto()
    title = enum.auto()
    phase = enum.auto()
    stateWord = enum.auto()  # noqa: N815 - QML's spelling
    stateColour = enum.auto()  # noqa: N815
    reason = enum.auto()
    nextStep = enum.auto()  # noqa: N815
    fps = enum.auto()
    delay = enum.auto()
    level = enum.auto()
    holder = enum.auto()
    mine = enum.auto()
    held = enum.auto()
    viewers = enum.auto()
    live = enum.auto()
    covered = enum.auto()
    vacant = enum.auto()
    warning = enum.auto()
    warningGlyph = enum.auto()  # noqa: N815
    warningColour = enum.auto()  # noqa: N815
    guestWidth = enum.auto()  # noqa: N815
    guestHeight = enum.auto()  # noqa: N815
    brick = enum.auto()
    ink = enum.auto()
    softInk = enum.auto()  # noqa: N815


NAMES = {int(role): role.name for role in Role}


class WallModel(QAbstractListModel):
    """The tiles of the page that shows. Threading: GUI thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._page = 0
        self._views: dict[int, TileView] = {}
        self._alerts: Mapping[str, str] = {}
        self._rows = [self._row(position) for position in range(PAGE)]

    @property
    def views(self) -> Mapping[int, TileView]:
        """The newest view of each slot, all pages."""
        return self._views

    def show(self, views: Iterable[TileView], page: int) -> None:
        """Take new views and announce exactly the roles that changed."""
        self._views = {view.slot: view for view in views}
        self._page = page
        for position in range(PAGE):
            self._replace(position, self._row(position))

    def set_alerts(self, alerts: Mapping[str, str]) -> None:
        """Take the complaints about streams, by instance; those not named are well."""
        self._alerts = dict(alerts)
        self.show(tuple(self._views.values()), self._page)

    def set_levels(self, levels_dbfs: Mapping[str, float]) -> None:
        """Take the loudness of each instance; only a meter that gains or loses a brick is redrawn."""
        for position, row in enumerate(self._rows):
            level = wording.segments(levels_dbfs.get(row[Role.instance], -120.0))
            if level != row[Role.level]:
                row[Role.level] = level
                self._announce(position, [Role.level])

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:  # noqa: N802 - Qt
        """Nine: slots are stable, an empty one shows as such."""
        return 0 if parent.isValid() else PAGE

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt
        """Value of one role."""
        return self._rows[index.row()].get(Role(role)) if role in NAMES else None

    def roleNames(self) -> dict[int, QByteArray]:  # noqa: N802 - Qt
        """Names for QML."""
        return {role: QByteArray(name.encode()) for role, name in NAMES.items()}

    def _replace(self, position: int, row: Row) -> None:
        changed = [int(role) for role, value in row.items() if value != self._rows[position][role]]
        self._rows[position] = row
        if changed:
            self._announce(position, changed)

    def _announce(self, position: int, roles: list[int]) -> None:
        index = self.index(position)
        self.dataChanged.emit(index, index, roles)

    def _row(self, position: int) -> Row:
        slot = self._page * PAGE + position
        view = self._views.get(slot)
        state = TileState.EMPTY if view is None else view.state
        brick = palette.BRICKS[position]
        vacant = state in (TileState.EMPTY, TileState.GONE)
        if vacant:
            brick = palette.mix(brick, palette.PLATE, 0.72)
        row = dict.fromkeys(Role, "") | {
            Role.number: slot + 1,
            Role.phase: state.value,
            Role.stateWord: wording.state_word(state),
            Role.stateColour: palette.STATES[state.value],
            Role.live: state.playable,
            Role.covered: vacant or state in (TileState.PENDING, TileState.BOOTING),
            Role.vacant: vacant,
            Role.warning: "",
            Role.warningGlyph: state.value,
            Role.warningColour: palette.STATES[state.value],
            Role.brick: brick,
            Role.ink: palette.ink(brick),
            Role.softInk: palette.soft_ink(brick),
            Role.level: 0,
            Role.mine: False,
            Role.held: False,
            Role.guestWidth: 640,
            Role.guestHeight: 480,
            Role.viewers: wording.viewers(0),
        }
        return row if view is None else row | self._filled(position, view)

    def _filled(self, position: int, view: TileView) -> Row:
        known = getattr(self, "_rows", None)
        kept = known is not None and known[position][Role.instance] == view.id
        return {
            Role.instance: view.id,
            Role.title: view.name,
            Role.reason: wording.reason(view),
            **self._warning(view),
            Role.nextStep: view.next_step,
            Role.fps: wording.fps(view),
            Role.delay: wording.delay(view),
            Role.holder: wording.holder(view),
            Role.mine: view.mine,
            Role.held: bool(view.mine or view.holder),
            Role.viewers: wording.viewers(view.viewers),
            Role.guestWidth: view.width_px or 640,
            Role.guestHeight: view.height_px or 480,
            Role.level: known[position][Role.level] if known is not None and kept else 0,
        }

    def _warning(self, view: TileView) -> Row:
        """What is wrong with a machine that can be played: its own trouble first, then its stream's."""
        if not view.state.playable:
            return {}
        own = wording.reason(view)
        if own or view.id not in self._alerts:
            return {Role.warning: own}
        stale = TileState.STALE.value
        return {
            Role.warning: self._alerts[view.id],
            Role.warningGlyph: "figures",
            Role.warningColour: palette.STATES[stale],
        }
