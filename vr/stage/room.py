"""What the wearer sees beside the pictures: cards, labels, panels, rays and cursors, as layers."""

from loco_kiosk.client.vr_messages import ScreenView
from vr.panels.card import state_card
from vr.scene.layer import Canvas
from vr.stage.drawings import Drawings


class Room:
    """Makes layers of what is drawn here. Threading: the frame loop's."""

    def __init__(self, drawings: Drawings) -> None:
        self._drawings = drawings

    def card(self, view: ScreenView) -> Canvas | None:
        """What a screen says that has no picture to show."""
        says = (view.slot, view.name, view.state, view.reason, view.next_step)
        return self._drawings.show(f"card {view.id}", says, lambda: state_card(view))
