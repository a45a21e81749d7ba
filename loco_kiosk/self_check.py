"""Ties ``--check`` to the running kiosk."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import PySide6
from PySide6.QtGui import QGuiApplication

from loco_kiosk.check import command
from loco_kiosk.check.subject import KioskSubject
from loco_kiosk.settings import Loaded
from loco_kiosk.ui import drawing, screenshot

if TYPE_CHECKING:
    from loco_kiosk.kiosk import Kiosk


async def run(kiosk: "Kiosk", loaded: Loaded) -> int:
    """Check this kiosk as the settings say; the exit code of the program. Threading: the GUI thread."""
    subject = KioskSubject(
        views=lambda: tuple(kiosk.scene.wall.views.values()),
        router=kiosk.router,
        control=kiosk.bridge,
        presented=kiosk.scene.presenter.shown,
        in_media=kiosk.media.call,
        probes=lambda: kiosk.bridge.wall,
    )
    return await command.run(
        subject,
        loaded.kiosk,
        window=window_facts(),
        screenshot=lambda path: screenshot.save(kiosk.scene.window, path),
        qemu=qemu_program(loaded.tables),
    )


def window_facts() -> dict[str, str]:
    """Qt, window system and what draws."""
    return {
        "qt": PySide6.__version__,
        "window_system": QGuiApplication.platformName(),
        "renderer": drawing.gpu() or "the processor",
    }


def qemu_program(tables: Mapping[str, object]) -> str:
    """The QEMU that ``[guest]`` names, else the usual one."""
    guest = tables.get("guest")
    named = guest.get("qemu") if isinstance(guest, Mapping) else None
    return named if isinstance(named, str) else "qemu-system-x86_64"
