"""Keeps the screen lit while the kiosk runs, and gives it back afterwards.

Two ways, both tried: the desktop's screen saver (org.freedesktop.ScreenSaver of the freedesktop idle inhibition
specification; it ends with our D-Bus connection, so it must be held in this process) and the X server's own.
"""

import ctypes
import dataclasses
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtDBus import QDBusConnection, QDBusMessage

log = logging.getLogger(__name__)

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
                "cannot keep the screen from blanking: there is no screen saver service on the session bus, and no X "
                "server; switch blanking off in the system's own settings"
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
    """The X server's screen saver and power saving, by the libraries that Qt's own X11 platform stands on.

    Without them, or without a display, it is no way. Sources: Xlib manual, section 9.7; DPMS library of the X server.
    """

    def __init__(self) -> None:
        self._before: _Saver | None = None
        self._powers_down = False

    def hold(self) -> bool:
        """Switch both off, remembering how they were."""
        with _Display() as display:
            if display is None:
                return False
            self._before = display.saver()
            self._powers_down = display.powers_down()
            display.set_saver(dataclasses.replace(self._before, timeout_s=0))
            display.set_powers_down(False)
        return True

    def release(self) -> None:
        """Switch them to what they were."""
        with _Display() as display:
            if display is not None and self._before is not None:
                display.set_saver(self._before)
                display.set_powers_down(self._powers_down)


@dataclass(frozen=True, slots=True)
class _Saver:
    """Arguments of XSetScreenSaver."""

    timeout_s: int
    interval_s: int
    prefer_blanking: int
    allow_exposures: int


class _Display:
    """A short connection to the X server of DISPLAY; None within ``with`` where there is none."""

    def __enter__(self) -> "_Display | None":
        try:
            self._x = ctypes.CDLL("libX11.so.6")
            self._extensions = ctypes.CDLL("libXext.so.6")
        except OSError as error:
            log.debug("X11 libraries: %s", error)
            return None
        self._x.XOpenDisplay.restype = ctypes.c_void_p
        self._display = ctypes.c_void_p(self._x.XOpenDisplay(None))
        return self if self._display else None

    def __exit__(self, *_: object) -> None:
        if getattr(self, "_display", None):
            self._x.XCloseDisplay(self._display)

    def saver(self) -> _Saver:
        """As it is now."""
        values = [ctypes.c_int() for _ in dataclasses.fields(_Saver)]
        self._x.XGetScreenSaver(self._display, *(ctypes.byref(value) for value in values))
        return _Saver(*(value.value for value in values))

    def set_saver(self, saver: _Saver) -> None:
        """As it shall be; a timeout of 0 switches it off."""
        self._x.XSetScreenSaver(self._display, *dataclasses.astuple(saver))

    def powers_down(self) -> bool:
        """Whether the server sends the screen to sleep (DPMS)."""
        if not self._has_power_saving():
            return False
        level, enabled = ctypes.c_uint16(), ctypes.c_uint8()
        self._extensions.DPMSInfo(self._display, ctypes.byref(level), ctypes.byref(enabled))
        return bool(enabled.value)

    def set_powers_down(self, enabled: bool) -> None:
        """Whether it shall."""
        if enabled is not self.powers_down():
            (self._extensions.DPMSEnable if enabled else self._extensions.DPMSDisable)(self._display)

    def _has_power_saving(self) -> bool:
        unused = ctypes.c_int()
        there = self._extensions.DPMSQueryExtension(self._display, ctypes.byref(unused), ctypes.byref(unused))
        return bool(there and self._extensions.DPMSCapable(self._display))
