"""Holds the whole keyboard, Alt+Tab and Super included, while a guest is in front."""

import logging

from PySide6.QtGui import QWindow

log = logging.getLogger(__name__)


class KeyboardGrab:
    """Wants the keyboard or not; takes it whenever the window is active, and says once when the system refuses."""

    def __init__(self, window: QWindow) -> None:
        self._window = window
        self._wanted = False
        self._held = False
        self._told = False

    @property
    def held(self) -> bool:
        """Whether the system's own chords reach the guest now."""
        return self._held

    def want(self, wanted: bool) -> None:
        """Whether a guest needs the keyboard."""
        self._wanted = wanted
        self.refresh()

    def refresh(self) -> None:
        """The window became active or inactive; or what is wanted changed."""
        needed = self._wanted and self._window.isActive()
        if needed == self._held:
            return
        granted = self._window.setKeyboardGrabEnabled(needed)
        self._held = needed and granted
        if needed and not granted and not self._told:
            self._told = True
            log.warning("the window system keeps Alt+Tab and its other chords; use the menu of special keys")

    def lost(self) -> None:
        """The window lost the keyboard, and the grab with it."""
        if self._held:
            self._window.setKeyboardGrabEnabled(False)
            self._held = False
