import dataclasses
from collections.abc import Callable

from loco_kiosk.client.tile import TileState
from loco_kiosk.client.vr_messages import ScreenView
from tests.vr.stage.canvases import CanvasOfMemory, Workshop
from vr.scene.geometry import ORIGIN, Placement, Ray, Vector
from vr.scene.keyboard import KeyboardModel
from vr.scene.layer import Layer
from vr.scene.layout import wall
from vr.scene.menu import MenuAction, MenuModel
from vr.scene.pointer import Pointing
from vr.stage.drawings import Drawings
from vr.stage.room import Optional, Room, Sheets, fitted

EYE = ORIGIN.position
SCREEN = wall(9)[4].placement(4 / 3)
SHEETS = Sheets()
VIEW = ScreenView(place=0, slot=0, id="pc-0", name="Anna's PC", state=TileState.LOST, reason="It does not answer.")


class Show:
    def __init__(self) -> None:
        self.workshop = Workshop()
        self.room = Room(Drawings(self.workshop.make, lambda: 0.0), SHEETS)

    def uploads(self, show: Callable[[], object]) -> int:
        before = self.workshop.uploads
        assert show()
        return self.workshop.uploads - before


def test_a_card_is_drawn_anew_only_when_its_words_change() -> None:
    show = Show()
    assert show.uploads(lambda: show.room.card(VIEW)) == 1
    assert show.uploads(lambda: show.room.card(dataclasses.replace(VIEW, fps=3.0))) == 0
    assert show.uploads(lambda: show.room.card(dataclasses.replace(VIEW, reason="It was switched off."))) == 1


def test_panels_are_uploaded_only_when_they_look_different() -> None:
    show, keyboard = Show(), KeyboardModel()
    hovered = frozenset({"KeyA"})
    assert show.uploads(lambda: show.room.keyboard(SCREEN, keyboard, frozenset())) == 1
    assert show.uploads(lambda: show.room.keyboard(SCREEN, keyboard, frozenset())) == 0
    assert show.uploads(lambda: show.room.keyboard(SCREEN, keyboard, hovered)) == 1
    keyboard.press("KeyA")
    assert show.uploads(lambda: show.room.keyboard(SCREEN, keyboard, hovered)) == 1
    menu = MenuModel(focused="pc")
    assert show.uploads(lambda: show.room.menu(SCREEN, menu, frozenset())) == 1
    assert show.uploads(lambda: show.room.menu(SCREEN, MenuModel(focused="pc"), frozenset())) == 0
    assert show.uploads(lambda: show.room.menu(SCREEN, menu, frozenset({MenuAction.MUTE}))) == 1


def test_figures_are_uploaded_when_they_change() -> None:
    show = Show()
    figures = {"frames": 72.0}
    while show.uploads(lambda: show.room.statistics(figures, None)):
        pass
    SHEETS.remember(3.0)
    assert show.uploads(lambda: show.room.statistics({"frames": 60.0}, VIEW)) == 1
    for second in range(100):
        SHEETS.remember(float(second))
    assert len(SHEETS.history_ms) == 60


def test_the_cursor_stands_where_the_pointer_is_and_is_filled_while_pressed() -> None:
    show = Show()
    pointing = Pointing(ray=Ray(EYE, Vector(0, 0, -1)), on="pc", u=0.5, v=0.5, distance_m=2.0)
    (free,) = show.room.cursor(pointing, SCREEN, EYE)
    (pressed,) = show.room.cursor(dataclasses.replace(pointing, pressed=True), SCREEN, EYE)
    assert free.canvas is not pressed.canvas
    assert free.placement == pressed.placement
    assert not free.opaque


def test_a_hand_that_is_not_there_has_no_ray() -> None:
    show = Show()
    assert show.room.ray(Pointing(), EYE) == []
    assert show.room.ray(Pointing(ray=Ray(Vector(0.2, -0.3, 0), Vector(0, 0, -1))), EYE)


def test_a_surround_bends_where_the_runtime_can_bend() -> None:
    show = Show()
    (bent,), (flat,) = show.room.surround(bent=True), show.room.surround(bent=False)
    assert bent.placement.radius_m
    assert bent.placement.angle < 6.28
    assert flat.placement.radius_m is None
    assert show.workshop.uploads == 1


def test_a_message_and_labels_hang_in_the_room() -> None:
    show = Show()
    (alone,), (beside,) = show.room.message("No wall.", alone=True), show.room.message("No wall.", alone=False)
    assert alone.placement.pose.position.y < beside.placement.pose.position.y
    (front,), (other,) = (show.room.label(VIEW, SCREEN, EYE, front=front) for front in (True, False))
    assert front.canvas is not other.canvas


def test_what_the_runtime_does_not_take_goes_by_worth_and_the_order_stays() -> None:
    layers = [Layer(CanvasOfMemory(1, 1), Placement(ORIGIN, float(i), 1.0, None), opaque=True) for i in range(1, 6)]
    parts = [Optional(worth, layer) for worth, layer in zip((1, 9, 9, 0, 5), layers, strict=True)]
    assert fitted(parts, 16) == layers
    assert fitted(parts, 4) == [layers[0], layers[1], layers[2], layers[4]]
    assert fitted(parts, 2) == [layers[1], layers[2]]
