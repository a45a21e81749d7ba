"""Holds the whole keyboard, Alt+Tab and Super included, while a guest is in front."""

import logging

from PySide6.QtGui import QWindow

log = logging.getLogger(__name__)


REFUSED = (
    "This window system keeps Alt+Tab, Super and its other keys for itself: send them to the machine from the menu of "
    "special keys."
)


class KeyboardGrab:
    """Wants the keyboard or not; takes it whenever the window is active, and says when the system refuses."""

    def __init__(self, window: QWindow) -> None:
        self._window = window
        self._wanted = False
        self._held = False
        self._told = False
        self._logged = False

    @property
    def held(self) -> bool:
        """Whether the system's own chords reach the guest now."""
        return self._held

    def want(self, wanted: bool) -> str:
        """Whether a guest needs the keyboard; what the person must know, empty where all is well."""
        self._wanted = wanted
        self._told = self._told and wanted
        return self.refresh()

    def refresh(self) -> str:
        """The window became active or inactive, or what is wanted changed; what the person must know, once a guest."""
        needed = self._wanted and self._window.isActive()
        if needed == self._held:
            return ""
        granted = self._window.setKeyboardGrabEnabled(needed)
        self._held = needed and granted
        return self._refused() if needed and not granted else ""

    def _refused(self) -> str:
        if not self._logged:
            self._logged = True
            log.warning("the window system keeps Alt+Tab and its other chords; use the menu of special keys")
        told, self._told = self._told, True
        return "" if told else REFUSED

    def lost(self) -> None:
        """The window lost the keyboard, and the grab with it."""
        if self._held:
            self._window.setKeyboardGrabEnabled(False)
            self._held = False
