"""What the wearer sees beside the pictures: cards, labels, panels, rays and cursors, as layers."""

import math
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from loco_kiosk.client.vr_messages import ScreenView
from vr.panels import label, message, pointer, statistics, surround
from vr.panels.card import state_card
from vr.panels.keyboard import KeyboardPanel
from vr.panels.statistics import StatisticsPanel
from vr.panels.wrist_menu import MenuPanel
from vr.scene.geometry import NO_TURN, Placement, Pose, Vector
from vr.scene.keyboard import KeyboardModel
from vr.scene.layer import Canvas, Layer
from vr.scene.menu import MenuModel
from vr.scene.pointer import Pointing
from vr.scene.spot import CELL_ASPECT, Spot
from vr.stage.drawings import Drawings
from vr.stage.rays import cursor_placement, label_placement, ray_placement

_SURROUND_M = 10.0
_SURROUND_ANGLE = math.radians(350)
"""Not quite all around: a runtime may refuse a full turn."""
_SURROUND_HEIGHT_M = 40.0


def _fixed(right_deg: float, up_deg: float, distance_m: float, angle_deg: float, aspect: float) -> Placement:
    """A panel that always hangs in the same place."""
    angle = math.radians(angle_deg) * max(1.0, CELL_ASPECT / aspect)
    return Spot(math.radians(right_deg), math.radians(up_deg), distance_m, angle).placement(aspect, flat=True)


_STATISTICS = _fixed(-40, -44, 1.0, 24, statistics.ASPECT)
_MESSAGE = _fixed(0, 36, 1.8, 30, message.ASPECT)
_MESSAGE_ALONE = _fixed(0, -4, 1.8, message.ANGLE_DEG, message.ASPECT)


class Sheets:
    """The panels' pixels; making them takes a moment, so they are made once and outlive a session."""

    def __init__(self) -> None:
        self.keyboard = KeyboardPanel()
        self.menu = MenuPanel()
        self.statistics = StatisticsPanel()
        self.history_ms: list[float] = []
        """Work that 95 of 100 frames stayed under, second by second."""
        self.version = 0
        """Counts up with every change of the statistics."""

    def remember(self, work_ms: float) -> None:
        """The work of another second."""
        self.history_ms = [*self.history_ms, work_ms][-statistics.HISTORY :]


class Optional(NamedTuple):
    """A layer that can be left out where the runtime takes no more; the least ``worth`` goes first."""

    worth: int
    layer: Layer


class Room:
    """Makes layers of what is drawn here. Threading: the frame loop's."""

    def __init__(self, drawings: Drawings, sheets: Sheets) -> None:
        self._drawings = drawings
        self._sheets = sheets

    def card(self, view: ScreenView) -> Canvas | None:
        """What a screen says that has no picture to show."""
        says = (view.slot, view.name, view.state, view.reason, view.next_step)
        return self._drawings.show(f"card {view.id}", says, lambda: state_card(view))

    def surround(self, *, bent: bool) -> list[Layer]:
        """A calm evening all around."""
        canvas = self._drawings.show("surround", None, surround.surround)
        width, radius = _SURROUND_ANGLE * _SURROUND_M, _SURROUND_M
        flat = Placement(Pose(NO_TURN, Vector(0.0, 0.0, -radius)), _SURROUND_HEIGHT_M, _SURROUND_HEIGHT_M, None)
        around = Placement(flat.pose, width, _SURROUND_HEIGHT_M, radius)
        return _layer(canvas, around if bent else flat, opaque=True)

    def label(self, view: ScreenView, placement: Placement, eye: Vector, *, front: bool) -> list[Layer]:
        """The bar under a screen; one canvas for the screen in front and one for the other that is pointed at."""
        name = "front label" if front else "label"
        canvas = self._drawings.show(name, (view, front), lambda: label.screen_label(view, focused=front))
        return _layer(canvas, label_placement(placement, label.ASPECT, eye))

    def keyboard(self, placement: Placement, model: KeyboardModel, hovered: frozenset[str]) -> list[Layer]:
        """The keyboard in the air."""

        def draw() -> NDArray[np.uint8]:
            self._sheets.keyboard.draw(model, hovered)
            return self._sheets.keyboard.pixels

        canvas = self._drawings.show("keyboard", (model.down, model.locked, hovered), draw)
        return _layer(canvas, placement, opaque=True)

    def menu(self, placement: Placement, model: MenuModel, hovered: frozenset[str]) -> list[Layer]:
        """The wrist menu."""

        def draw() -> NDArray[np.uint8]:
            self._sheets.menu.draw(model, hovered)
            return self._sheets.menu.pixels

        canvas = self._drawings.show("menu", (model, hovered), draw)
        return _layer(canvas, placement, opaque=True)

    def statistics(self, figures: Mapping[str, float], front: ScreenView | None) -> list[Layer]:
        """The figures, at the wearer's left."""
        sheets = self._sheets
        if sheets.statistics.draw(figures, sheets.history_ms, front):
            sheets.version += 1
        canvas = self._drawings.show("statistics", sheets.version, lambda: sheets.statistics.pixels)
        return _layer(canvas, _STATISTICS, opaque=True)

    def message(self, sentence: str, *, alone: bool) -> list[Layer]:
        """A sentence above the wall, or where the wall would be."""
        canvas = self._drawings.show("message", sentence, lambda: message.message(sentence))
        return _layer(canvas, _MESSAGE_ALONE if alone else _MESSAGE, opaque=True)

    def ray(self, pointing: Pointing, eye: Vector) -> list[Layer]:
        """The ray of a hand."""
        placement = ray_placement(pointing.ray, pointing.distance_m, eye) if pointing.ray else None
        return _layer(self._drawings.show("ray", None, pointer.ray), placement) if placement else []

    def cursor(self, pointing: Pointing, surface: Placement, eye: Vector) -> list[Layer]:
        """The cursor of a hand, where the guest or the panel has it: not where the shaking ray is."""
        pressed = pointing.pressed
        name = "cursor down" if pressed else "cursor"
        canvas = self._drawings.show(name, None, lambda: pointer.cursor(pressed=pressed))
        return _layer(canvas, cursor_placement(surface, pointing.u, pointing.v, eye))


def fitted(layers: list[Optional], limit: int) -> list[Layer]:
    """At most ``limit`` of them, in the same order."""
    spare = sorted(range(len(layers)), key=lambda index: layers[index].worth)[: max(0, len(layers) - limit)]
    return [layer for index, (_, layer) in enumerate(layers) if index not in spare]


def _layer(canvas: Canvas | None, placement: Placement, *, opaque: bool = False) -> list[Layer]:
    return [] if canvas is None else [Layer(canvas, placement, opaque)]
