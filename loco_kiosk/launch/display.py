"""Looks for a screen before Qt does: Qt aborts the process, with a core dump, where it finds none."""

import ctypes
import sys
from collections.abc import Mapping

from backend.contract.errors import LocoError

_VIRTUAL = "xvfb-run -s '-screen 0 1280x720x24' loco-kiosk --check 20"
_REFUSALS = {
    1: "nothing answers there, or this user may not connect",
    4: "there is not enough memory",
    5: "that is no name of a display",
}
"""Errors of xcb_connection_has_error (xcb.h) that a connection ends with."""


class DisplayError(LocoError):
    """There is no screen to show the wall on."""


def require_display(environment: Mapping[str, str], platform: str = sys.platform) -> None:
    """Refuse to start where Qt would only abort.

    Raises:
        DisplayError: no window system is in sight, or the one that is named cannot be used.
    """
    if platform != "linux":
        return
    asked = environment.get("QT_QPA_PLATFORM", "").partition(":")[0]
    display = environment.get("DISPLAY", "")
    if not any((asked, display, environment.get("WAYLAND_DISPLAY"))):
        raise DisplayError(
            f"There is no display. Start it from a desktop session, set DISPLAY, or use a virtual one: {_VIRTUAL}"
        )
    # Where Wayland is there too, Qt has a second chance.
    if asked == "xcb" or (not asked and not environment.get("WAYLAND_DISPLAY")):
        _require_x(display)


def _require_x(display: str) -> None:
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
        ctypes.CDLL("libxcb-cursor.so.0")
    except OSError as error:
        raise DisplayError(
            "Qt needs libraries of the X window system that are missing: install libxcb1 and libxcb-cursor0."
        ) from error
    xcb.xcb_connect.argtypes = (ctypes.c_char_p, ctypes.c_void_p)
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connection_has_error.argtypes = xcb.xcb_disconnect.argtypes = (ctypes.c_void_p,)
    # With the whole handshake: an X server that listens may still refuse this user.
    connection = xcb.xcb_connect(display.encode(), None)
    refusal = xcb.xcb_connection_has_error(connection)
    xcb.xcb_disconnect(connection)
    if refusal:
        raise DisplayError(
            f"The display '{display}' cannot be used: {_REFUSALS.get(refusal, f'X refuses with error {refusal}')}. "
            f"Correct DISPLAY, or use a virtual display: {_VIRTUAL}"
        )
