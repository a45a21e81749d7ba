"""Keeps the screen lit while the kiosk runs, and gives it back afterwards.

Two ways, both tried: the desktop's screen saver (org.freedesktop.ScreenSaver of the freedesktop idle inhibition
specification; it ends with our D-Bus connection, so it must be held in this process) and the X server's own (xset).
"""

import logging
import re
import subprocess
from collections.abc import Mapping
from typing import Protocol

from PySide6.QtDBus import QDBusConnection, QDBusMessage

log = logging.getLogger(__name__)

_PROGRAM_TIMEOUT_S = 3
_BUS_TIMEOUT_MS = 1000


class Inhibitor(Protocol):
    """One way to keep the screen lit."""

    def hold(self) -> bool:
        """Try; whether it holds now."""

    def release(self) -> None:
        """Give the screen back."""


class ScreenBlanking:
    """Holds every way that works from :meth:`prevent` until :meth:`restore`."""

    def __init__(self, inhibitors: tuple[Inhibitor, ...]) -> None:
        self._inhibitors = inhibitors
        self._held: list[Inhibitor] = []

    def prevent(self) -> bool:
        """Keep the screen lit; whether any way worked. Says in the log when none did."""
        self._held = [inhibitor for inhibitor in self._inhibitors if inhibitor.hold()]
        if not self._held:
            log.warning(
                "cannot keep the screen from blanking: no screen saver service on the session bus, and no X server "
                "with xset; switch blanking off in the system's own settings"
            )
        return bool(self._held)

    def restore(self) -> None:
        """Give the screen back as it was."""
        while self._held:
            self._held.pop().release()


def of_this_desktop(environment: Mapping[str, str], platform: str) -> ScreenBlanking:
    """What this session offers; ``platform`` is Qt's name of the window system."""
    inhibitors: list[Inhibitor] = []
    if environment.get("DBUS_SESSION_BUS_ADDRESS"):
        inhibitors.append(ScreenSaverService())
    if platform == "xcb":
        inhibitors.append(XServer())
    return ScreenBlanking(tuple(inhibitors))


class ScreenSaverService:
    """The desktop's screen saver, by D-Bus, on a connection of its own: the specification ends the hold with it."""

    _CONNECTION = "loco-kiosk-screen-saver"

    def hold(self) -> bool:
        """Connect and ask."""
        bus = QDBusConnection.connectToBus(QDBusConnection.BusType.SessionBus, self._CONNECTION)
        name = "org.freedesktop.ScreenSaver"
        message = QDBusMessage.createMethodCall(name, "/org/freedesktop/ScreenSaver", name, "Inhibit")
        message.setArguments(["Loco Kiosk", "It shows live pictures that nobody may touch for hours"])
        answer = bus.call(message, timeout=_BUS_TIMEOUT_MS)
        if answer.type() is QDBusMessage.MessageType.ReplyMessage:
            return True
        log.debug("screen saver service: %s", answer.errorMessage())
        self.release()
        return False

    def release(self) -> None:
        """Disconnect."""
        QDBusConnection.disconnectFromBus(self._CONNECTION)


class XServer:
    """The X server's screen saver and power saving, by the program xset."""

    def __init__(self) -> None:
        self._before: tuple[str, ...] = ()

    def hold(self) -> bool:
        """Switch both off, remembering how they were."""
        state = _xset("q")
        if state is None:
            return False
        self._before = _restoring(state)
        return _xset("s", "off", "-dpms") is not None

    def release(self) -> None:
        """Switch them to what they were."""
        _xset(*self._before)


def _restoring(state: str) -> tuple[str, ...]:
    """Arguments of xset that bring back what ``xset q`` told."""
    timeout = re.search(r"timeout:\s*(\d+)\s+cycle:\s*(\d+)", state)
    saver = ("s", *timeout.groups()) if timeout else ("s", "default")
    return (*saver, "+dpms") if "DPMS is Enabled" in state else saver


def _xset(*arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["xset", *arguments], capture_output=True, text=True, timeout=_PROGRAM_TIMEOUT_S, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        log.debug("xset: %s", error)
        return None
    return done.stdout
