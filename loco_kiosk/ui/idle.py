"""Notices that nobody is there any more."""

import time

from PySide6.QtCore import QObject, QTimer, Signal


class IdleWatch(QObject):
    """Emits ``idle`` when ``after_s`` seconds passed since the last :meth:`touch`; 0: never.

    The timer is not started anew at each event, since a mouse sends a thousand a second: it looks again when it ends.
    """

    idle = Signal()

    def __init__(self, after_s: float, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._after_s = after_s
        self._touched = time.monotonic()
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._look)

    def touch(self) -> None:
        """Somebody is there."""
        self._touched = time.monotonic()
        if not self._timer.isActive():
            self._arm()

    def set_after(self, after_s: float) -> None:
        """Another time to wait, from the last touch on."""
        self._after_s = after_s
        self._arm()

    def _arm(self) -> None:
        self._timer.stop()
        if self._after_s > 0:
            rest_s = max(0.0, self._touched + self._after_s - time.monotonic())
            self._timer.start(round(rest_s * 1000) + 1)

    def _look(self) -> None:
        if time.monotonic() - self._touched >= self._after_s:
            self.idle.emit()
        else:
            self._arm()
