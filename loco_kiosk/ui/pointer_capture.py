"""Relative mouse without pointer lock, which Qt does not have: the pointer is warped back before it meets an edge.

X11, Windows and macOS let a program warp the pointer; Wayland does not.
"""

import math

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QCursor, QWindow

NO_CAPTURE = (
    "This window system does not let a program hold the mouse, and this guest takes movements only: the pointer stops "
    'at the screen\'s edge. Give the guest a tablet (pointer = "absolute"), or start the kiosk in an X11 session.'
)


class RelativeTracker:
    """Movements out of positions, without the jumps of our own warps. Pure."""

    def __init__(self) -> None:
        self._last: tuple[float, float] | None = None
        self._warped_to: tuple[float, float] | None = None

    def warped(self, x: float, y: float) -> None:
        """The pointer was sent to a position; the event that tells of it comes later, perhaps merged with a move."""
        self._warped_to = (x, y)

    def moved(self, x: float, y: float) -> tuple[float, float]:
        """The pointer is at a position: what the hand moved since the one before."""
        here, origin = (x, y), self._last
        if self._warped_to is not None and (
            origin is None or math.dist(here, self._warped_to) < math.dist(here, origin)
        ):
            origin, self._warped_to = self._warped_to, None
        self._last = here
        return (0.0, 0.0) if origin is None else (x - origin[0], y - origin[1])


class PointerCapture:
    """Holds the pointer in the middle of the window while it is on."""

    def __init__(self, window: QWindow, platform: str) -> None:
        self._window = window
        self._can_warp = not platform.startswith("wayland")
        self._tracker: RelativeTracker | None = None
        self._cursor = window.cursor()

    @property
    def on(self) -> bool:
        """Whether movements are taken."""
        return self._tracker is not None

    def start(self) -> str:
        """Hide and hold the pointer; what the person must know, empty where all is well."""
        if self._tracker is None:
            self._tracker = RelativeTracker()
            self._cursor = self._window.cursor()
            self._window.setCursor(QCursor(Qt.CursorShape.BlankCursor))
            self._warp()
        return "" if self._can_warp else NO_CAPTURE

    def stop(self) -> None:
        """Let the pointer go."""
        if self._tracker is not None:
            self._tracker = None
            self._window.setCursor(self._cursor)

    def moved(self, position: QPointF) -> tuple[float, float]:
        """The pointer is at ``position`` of the window: the movement since the last time."""
        if self._tracker is None:
            return 0.0, 0.0
        movement = self._tracker.moved(position.x(), position.y())
        reach = min(self._window.width(), self._window.height()) / 4
        if math.dist((position.x(), position.y()), self._centre().toTuple()) > reach:
            self._warp()
        return movement

    def _centre(self) -> QPoint:
        return QPoint(self._window.width() // 2, self._window.height() // 2)

    def _warp(self) -> None:
        if self._can_warp and self._tracker is not None:
            centre = self._centre()
            self._tracker.warped(centre.x(), centre.y())
            QCursor.setPos(self._window.mapToGlobal(centre))
