"""Where the window shows the guest in front: what the event filter asks before it takes an event for the guest."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF

from loco_kiosk.input.pointer import Rect
from loco_kiosk.models.controller import Controller
from loco_kiosk.ui.window import KioskWindow


class SceneSurface:
    """Reads the scene's own geometry, in window coordinates."""

    def __init__(self, window: KioskWindow, controller: Controller) -> None:
        self._window = window
        self._controller = controller

    def picture(self) -> Rect | None:
        """The zoomed picture, once it is in place and the guest's own: over others lie words and a button."""
        view = self._controller.focused_view
        return None if view is None or not view.state.playable else self._rect("picture")

    def controls(self) -> Sequence[Rect]:
        """The corner control and its menu, which lie over the picture where there are no bars beside it."""
        found = (self._rect(name) for name in ("corner", "tools"))
        return tuple(rect for rect in found if rect is not None)

    def guest_width_px(self) -> int:
        """Width of the picture in guest pixels."""
        view = self._controller.focused_view
        return 0 if view is None else view.width_px

    def _rect(self, name: str) -> Rect | None:
        value = self._window.rootObject().property(name)
        if not isinstance(value, QRectF) or value.isEmpty():
            return None
        return Rect(value.x(), value.y(), value.width(), value.height())
