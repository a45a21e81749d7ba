"""A full-screen window with the kiosk's input filter; writes what a guest would get, one message a line."""

import sys
from collections.abc import Sequence

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication, QRasterWindow

from backend.contract.control import PointerMode
from loco_kiosk.input.hotkeys import Hotkeys
from loco_kiosk.input.pointer import Rect
from loco_kiosk.input.router import Router
from loco_kiosk.settings import KioskSettings
from loco_kiosk.ui.event_filter import EventFilter
from loco_kiosk.ui.keyboard_grab import KeyboardGrab
from loco_kiosk.ui.pointer_capture import PointerCapture
from loco_kiosk.ui.scan_codes import reader


class Scene:
    def __init__(self, window: QRasterWindow) -> None:
        self.window = window

    def picture(self) -> Rect | None:
        return Rect(0, 0, self.window.width(), self.window.height())

    def controls(self) -> Sequence[Rect]:
        return ()

    def guest_width_px(self) -> int:
        return self.window.width()


def main() -> None:
    application = QGuiApplication(sys.argv)
    window = QRasterWindow()
    router = Router(
        Hotkeys(KioskSettings().hotkeys()),
        send=lambda _instance, message: print(message, flush=True),
        command=lambda name: print("command", name, flush=True),
    )
    grab = KeyboardGrab(window)
    platform = application.platformName()
    events = EventFilter(
        window, router, Scene(window), read_key=reader(platform), grab=grab, capture=PointerCapture(window, platform)
    )
    router.set_focus("instance-0")
    mode = PointerMode(sys.argv[1])
    window.showFullScreen()

    def zoom() -> None:
        events.follow(mode)
        if grab.held:
            watch.stop()
            print("ready", flush=True)

    watch = QTimer(window, interval=50)
    watch.timeout.connect(zoom)
    watch.start()
    application.exec()


if __name__ == "__main__":
    main()
