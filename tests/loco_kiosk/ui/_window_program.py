"""A window on a real display, tried out; prints what it found as one JSON object. Arguments: painted|gl, directory."""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtQuick import QQuickItem

from loco_kiosk.settings import KioskSettings
from loco_kiosk.ui import qt_messages, screenshot
from loco_kiosk.ui.scene import Scene
from tests.loco_kiosk.ui._scene import make_scene, spin
from tests.loco_kiosk.ui._synthetic import all_live, picture, timing


def wait(condition: Callable[[], bool], seconds: float = 20.0) -> bool:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        spin(20)
    return condition()


def find(item: QQuickItem, name: str) -> QQuickItem:
    found = [child for child in item.childItems() if child.objectName() == name]
    if found:
        return found[0]
    for child in item.childItems():
        deeper = find_or_none(child, name)
        if deeper is not None:
            return deeper
    raise LookupError(name)


def find_or_none(item: QQuickItem, name: str) -> QQuickItem | None:
    try:
        return find(item, name)
    except LookupError:
        return None


def centre(scene: Scene, image: QImage, position: int) -> str:
    video = find(scene.window.rootObject(), f"video{position}")
    point = video.mapToScene(video.boundingRect().center())
    return QColor(image.pixel(int(point.x()), int(point.y()))).name()


def main(painted: bool, directory: Path) -> dict[str, object]:
    qt_messages.install()
    application = QGuiApplication([])
    scene = make_scene(KioskSettings(fullscreen=False), painted=painted)
    presenter, controller = scene.presenter, scene.controller
    scene.open()
    found: dict[str, object] = {"first_swap": wait(lambda: presenter.swaps > 0)}
    controller.show(all_live())
    for slot in range(9):
        presenter.mailbox(f"instance-{slot}").put(picture(slot, 0), timing())
    found["presented"] = wait(lambda: all(presenter.shown(f"instance-{slot}").presented == 1 for slot in range(9)))
    spin(300)
    image = scene.window.grabWindow()
    found["centres"] = [centre(scene, image, position) for position in range(9)]
    swaps = presenter.swaps
    spin(1500)
    found["still_swaps"] = presenter.swaps - swaps
    video = find(scene.window.rootObject(), "video4").property("item")
    controller.pick(4)
    controller.zoom()
    wait(lambda: scene.window.rootObject().property("zoom") == 1)
    found["same_item"] = find(scene.window.rootObject(), "video4").property("item") is video
    rect = scene.window.rootObject().property("picture")
    found["zoomed"] = [rect.x(), rect.y(), rect.width(), rect.height()]
    presenter.mailbox("instance-4").put(picture(4, 3), timing())
    found["zoomed_presented"] = wait(lambda: presenter.shown("instance-4").presented == 2)
    for panel in ("help", "settings", "keys"):
        controller.command(panel)
        spin(60)
    controller.command("grid")
    controller.command("overlay")
    controller.grid()
    spin(500)
    screenshot.save(scene.window, directory / "deep" / "shot.png")
    scene.close()
    found["warnings"] = list(qt_messages.warnings)
    del application
    return found


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1] == "painted", Path(sys.argv[2]))))
