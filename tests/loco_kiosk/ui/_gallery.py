"""Every screen of the kiosk as a picture, for people to look at, and its texts as data, for tests.

Arguments: painted|gl, width, height, directory, names of screens (all where none are given). Prints one JSON object:
the texts of each screen, and Qt's warnings.
"""

import dataclasses
import itertools
import json
import math
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontInfo, QGuiApplication
from PySide6.QtQuick import QQuickItem

from backend.contract.events import DiscoveryState
from backend.contract.instance import Instance, InstanceState
from backend.contract.lan import DirectPlay, LanStatus, Layer2, PairReach, PortKind, PortState, PortStatus, RoomStatus
from loco_kiosk.client.backend_view import BackendView
from loco_kiosk.client.lan_view import LanView
from loco_kiosk.client.tile import TileView
from loco_kiosk.look import figures
from loco_kiosk.models import vr_words
from loco_kiosk.models.history import Measured
from loco_kiosk.models.vr_model import Pointing
from loco_kiosk.models.vr_words import VrPhase
from loco_kiosk.models.walls_model import WallRow
from loco_kiosk.settings import KioskSettings
from loco_kiosk.ui import qt_messages, screenshot
from loco_kiosk.ui.scene import Scene
from loco_kiosk.ui.window import use_fonts
from tests.loco_kiosk.ui._scene import make_scene, spin
from tests.loco_kiosk.ui._synthetic import NAMES, all_live, all_states, picture, timing, view

_INSTANCE_STATES = (*InstanceState, InstanceState.READY, InstanceState.READY)


def backend(state: DiscoveryState = DiscoveryState.LIVE, age_s: float = 1.4, **changes: object) -> BackendView:
    instances = tuple(
        Instance(id=f"instance-{slot}", slot=slot, name=NAMES[slot], state=each, node="node-2", zone="west",
                 reason="" if each is InstanceState.READY else f"It is {each.value}, for a reason of a few words.")
        for slot, each in enumerate(_INSTANCE_STATES)
    )  # fmt: skip
    given: dict[str, Any] = {
        "url": "http://wall.local:8480", "connected": True, "reason": "", "mode": "kubernetes", "synced": True,
        "age_s": age_s, "revision": 318, "state": state, "instances": instances,
    }  # fmt: skip
    return BackendView(**(given | changes))


def tell(scene: Scene, view: BackendView) -> None:
    scene.status.show_discovery(view, time.monotonic())
    scene.status.show_details(view, time.monotonic())


def show(scene: Scene, views: tuple[TileView, ...]) -> None:
    scene.status.set(stage="")
    scene.controller.show(views)
    scene.status.show(views)
    tell(scene, backend())
    for each in views:
        scene.presenter.mailbox(each.id).put(picture(each.slot % 9, each.slot * 3), timing())
    spin(200)


def live(scene: Scene, count: int = 9) -> None:
    show(scene, all_live(count))


def states(scene: Scene) -> None:
    show(scene, all_live())
    show(scene, all_states())
    tell(scene, backend(DiscoveryState.STALE, 12.0, doubt="The API server has been silent for 12 s; asking it again."))


def picked(scene: Scene) -> None:
    show(scene, all_live(30))
    scene.controller.pick(3)
    scene.sound.show_output([], "", "No sound output found")


def zoomed(scene: Scene) -> None:
    live(scene)
    scene.controller.pick(4)
    scene.controller.zoom()
    spin(600)


def zoomed_state(scene: Scene) -> None:
    zoomed(scene)
    scene.controller.show(all_states())
    spin(100)


def zoomed_warning(scene: Scene) -> None:
    live(scene)
    scene.controller.show(all_states())
    scene.controller.pick(1)
    scene.controller.zoom()
    spin(600)


def unfolded(scene: Scene) -> None:
    zoomed(scene)
    item(scene.window.rootObject(), "zoomBars").setProperty("unfolded", True)


def panel(name: str, before: Callable[[Scene], None] = live) -> Callable[[Scene], None]:
    def act(scene: Scene) -> None:
        before(scene)
        scene.controller.command(name)

    return act


def tab(name: str) -> Callable[[Scene], None]:
    def act(scene: Scene) -> None:
        panel("settings")(scene)
        names = [f"USB headset number {number} of the front desk" for number in range(7)]
        scene.settings.show_devices(["Built-in Audio", *names])
        item(scene.window.rootObject(), "settingsPage").setProperty("section", name)

    return act


def measure(scene: Scene, views: tuple[TileView, ...]) -> None:
    """A minute of it."""
    for second in range(60):
        wave = 1 + 0.6 * math.sin(second / 5)
        measured = [
            Measured(
                dataclasses.replace(
                    each,
                    delay_ms=None if each.delay_ms is None else each.delay_ms * wave,
                    stages_ms={name: value * wave for name, value in each.stages_ms.items()},
                    bit_rate_bps=round(each.bit_rate_bps * wave),
                ),
                29.0,
                21.0 * wave,
            )
            for each in views
        ]
        scene.quality.take(measured, time.monotonic() - 60 + second)


POOR: dict[str, Any] = {"loss": 0.12, "freezes": 4, "longest_freeze_ms": 2340.0, "frozen_ms": 5000.0}
REDUCED: dict[str, Any] = {
    "picture_width_px": 320, "picture_height_px": 240, "quality_reason": "The way is too narrow for all of it.",
    "freezes": 14, "longest_freeze_ms": 12_340.0, "pixel_exact": True,
}  # fmt: skip


def poor(before: Callable[[Scene], None]) -> Callable[[Scene], None]:
    def act(scene: Scene) -> None:
        before(scene)
        views = (view(0), view(1, **POOR), view(2, **REDUCED), *all_live()[3:7], *all_states()[7:])
        scene.controller.show(views)
        measure(scene, views)

    return act


def quality(before: Callable[[Scene], None]) -> Callable[[Scene], None]:
    def act(scene: Scene) -> None:
        before(scene)
        scene.controller.command("quality")

    return act


def zoomed_poor(scene: Scene) -> None:
    live(scene)
    scene.controller.pick(1)
    scene.controller.zoom()
    spin(600)


def overlay(
    before: Callable[[Scene], None], changes: dict[str, Any] | None = None, **headset: float
) -> Callable[[Scene], None]:
    def act(scene: Scene) -> None:
        before(scene)
        scene.controller.command("overlay")
        measure(scene, all_live())
        rows = figures.rows(view(4, **(changes or {})), 29.8, 21.0, {"newer_picture": 12, "late": 3})
        rows += vr_words.figure_rows(headset)
        scene.status.show_figures("5 · Market", scene.quality.with_traces("instance-4", rows))

    return act


def walls(scene: Scene) -> None:
    live(scene)
    rows = [WallRow("Entrance hall", "http://192.0.2.6:8480", 9), WallRow("Workshop", "http://192.0.2.7:8480", 1)]
    scene.walls.show(rows, rows[0].url)
    scene.controller.ask_for_wall()


def lan_port(number: int, **changes: Any) -> PortStatus:
    given: dict[str, Any] = {
        "number": number, "name": f"instance-{number - 1}", "kind": PortKind.DGRAM, "state": PortState.UP,
        "macs": (f"02:4c:4f:43:00:0{number}",), "addresses": (f"192.168.98.{number % 200 + 9}",), "heard_age_s": 0.3,
        "frames_in": 12_345 * number, "frames_out": 45_678, "broadcasts": {"loco": 410 * number, "arp": 12, "ipx": 3},
    }  # fmt: skip
    return PortStatus(**(given | changes))


def lan_room(name: str, *ports: PortStatus, playing: int = 0) -> RoomStatus:
    kinds = (Layer2.PROVEN, Layer2.PROVEN, Layer2.EXPECTED, Layer2.SILENT)
    pairs = tuple(
        PairReach(
            a=one.number,
            b=other.number,
            layer2=Layer2.DOWN if PortState.UP is not one.state is not other.state else kinds[place % 4],
            directplay=DirectPlay.OPEN if other.number <= playing else [*DirectPlay][place % 4],
        )
        for place, (one, other) in enumerate(itertools.combinations(ports, 2))
    )
    return RoomStatus(name=name, ports=ports, pairs=pairs, network="192.168.98.0/24")


AWAY: dict[str, Any] = {
    "state": PortState.DOWN, "macs": (), "addresses": (), "broadcasts": {}, "frames_in": 0, "frames_out": 0,
    "reason": "The guest's QEMU has not opened its end yet; its frames are taken as soon as it has.",
}  # fmt: skip
BLOCKED: dict[str, Any] = {
    "state": PortState.BLOCKED, "drops": {"loop": 1_234_567, "source": 3},
    "reason": "Its own frames come back to it: it is left out for 60 s.",
}  # fmt: skip
GAME: dict[str, Any] = {"directplay": DirectPlay.OPEN, "directplay_ports": (2300, 47624)}


def lan(*rooms: RoomStatus, reason: str = "") -> Callable[[Scene], None]:
    def act(scene: Scene) -> None:
        live(scene)
        status = LanStatus(uptime_s=60.0, rooms=rooms) if rooms else None
        scene.lan.take(LanView(status, reason), {f"instance-{slot}": name for slot, name in enumerate(NAMES)})
        scene.controller.command("lan")

    return act


NINE = lan_room(
    "lan",
    *(lan_port(number, **GAME) for number in (1, 2)),
    lan_port(3, **AWAY),
    lan_port(4, **BLOCKED),
    *map(lan_port, range(5, 10)),
    playing=2,
)
LINK = lan_port(
    10_001, name="hall@north", kind=PortKind.LINK, macs=tuple(f"02:00:00:00:00:0{each}" for each in range(4))
)
ROOMS = (lan_room("yard", *map(lan_port, range(1, 6))), lan_room("hall", *map(lan_port, range(6, 10)), LINK))
OFF = (
    "The guests of this wall have no network of their own: set 'enabled = true' in [lan], or tell by 'lan' in "
    "[backend] where loco-lan is."
)


def start(scene: Scene) -> None:
    scene.status.set(stage="Starting nine machines")


def trouble(scene: Scene) -> None:
    live(scene)
    scene.status.set(trouble="The backend does not answer. It refuses the connection. The kiosk keeps trying.")
    tell(scene, backend(DiscoveryState.LOST, 95.0, connected=False, doubt="It refuses the connection."))


def notice(scene: Scene) -> None:
    zoomed(scene)
    scene.status.set(notice="This window system keeps Alt+Tab, Super and its other keys for itself: send them to the "
                            "machine from the menu of special keys.")  # fmt: skip


NO_RUNTIME = (
    "No OpenXR runtime is chosen on this machine: install one (on Debian 13: monado-service and libopenxr1-monado) or "
    "start SteamVR, and let it make itself the active one; XR_RUNTIME_JSON may name another. The wall here goes on."
)
POINTINGS = (
    Pointing("left", "instance-3", 0.3, 0.6, pressed=False),
    Pointing("right", "instance-4", 0.7, 0.4, pressed=True),
)


def headset(phase: VrPhase, sentence: str = "", before: Callable[[Scene], None] = live) -> Callable[[Scene], None]:
    def act(scene: Scene) -> None:
        before(scene)
        scene.headset.show(phase, sentence, running=phase is not VrPhase.NO_RUNTIME)
        if phase is VrPhase.WORN:
            scene.headset.point(POINTINGS, scene.controller.places)

    return act


SCREENS: dict[str, Callable[[Scene], None]] = {
    "start": start,
    "grid": live,
    "picked": picked,
    "states": states,
    "trouble": trouble,
    "zoomed": zoomed,
    "zoomed-state": zoomed_state,
    "zoomed-warning": zoomed_warning,
    "zoomed-menu": unfolded,
    "zoomed-overlay": overlay(zoomed),
    "zoomed-notice": notice,
    "overlay": overlay(picked),
    "overlay-reduced": overlay(picked, REDUCED),
    "zoomed-overlay-reduced": overlay(zoomed, REDUCED),
    "quality": quality(live),
    "poor": poor(live),
    "poor-zoomed": poor(zoomed_poor),
    "poor-quality": quality(poor(live)),
    "lan": lan(NINE),
    "lan-rooms": lan(*ROOMS, reason="The guests' switch (loco-lan) does not answer."),
    "lan-off": lan(reason=OFF),
    "lan-many": lan(lan_room("lan", *(lan_port(each, macs=()) for each in range(1, 31)))),
    "help": panel("help"),
    "settings-picture": tab("picture"),
    "settings-sound": tab("sound"),
    "settings-hotkeys": tab("hotkeys"),
    "settings-wall": tab("wall"),
    "keys": panel("keys", zoomed),
    "keys-in-grid": panel("keys"),
    "recover": panel("recover", zoomed),
    "machines": panel("machines"),
    "walls": walls,
    "vr-starting": headset(VrPhase.STARTING),
    "vr-worn": headset(VrPhase.WORN, before=picked),
    "vr-worn-zoomed": headset(VrPhase.WORN, before=zoomed),
    "vr-overlay": overlay(zoomed, frames=58, work_p95_ms=2.1, age_p95_ms=16),
    "vr-taken-off": headset(VrPhase.TAKEN_OFF, before=states),
    "vr-failed": headset(VrPhase.NO_RUNTIME, NO_RUNTIME, before=picked),
}


def reset(scene: Scene) -> None:
    scene.controller.leave()
    scene.clear()
    scene.headset.show(VrPhase.OFF, "", running=False)
    scene.headset.point((), {})
    scene.settings.listen("")
    scene.quality.take((), time.monotonic())
    scene.status.set(stage="", trouble="", notice="", clock="15:42")
    scene.status.set(drawing="Painted by the processor: at most 60 redraws a second")
    scene.status.show(())
    scene.sound.show_output(["Built-in Audio", "HDMI"], "Built-in Audio", "")
    spin(400)


def item(root: QQuickItem, name: str) -> QQuickItem:
    found = next((child for child in descendants(root) if child.objectName() == name), None)
    if found is None:
        raise LookupError(name)
    return found


def descendants(root: QQuickItem) -> Iterator[QQuickItem]:
    for child in root.childItems():
        yield child
        yield from descendants(child)


def is_text(item: QQuickItem) -> bool:
    return item.metaObject().className().startswith("QQuickText")


def texts(root: QQuickItem, bounds: QRectF | None = None) -> Iterator[dict[str, Any]]:
    """All texts that show below ``root``; what is scrolled out of ``bounds`` does not."""
    if root.clip():
        bounds = root.mapRectToScene(QRectF(0, 0, root.width(), root.height()))
    for child in root.childItems():
        if bounds is not None and not bounds.contains(child.mapRectToScene(child.boundingRect())) and is_text(child):
            continue
        if not child.isVisible() or child.opacity() == 0:
            continue
        if is_text(child) and child.property("text"):
            corner = child.mapToScene(QPointF(0, 0))
            yield {
                "text": child.property("text"),
                "px": QFontInfo(child.property("font")).pixelSize(),
                "cut": bool(child.property("truncated")),
                "left": corner.x(),
                "top": corner.y(),
                "right": corner.x() + child.width(),
                "bottom": corner.y() + child.height(),
            }
        yield from texts(child, bounds)


def main(painted: bool, width: int, height: int, directory: Path, names: list[str]) -> dict[str, object]:
    qt_messages.install()
    application = QGuiApplication([])
    use_fonts()
    scene = make_scene(KioskSettings(fullscreen=False, width_px=width, height_px=height), painted=painted)
    scene.open()
    found: dict[str, object] = {}
    for name in names or SCREENS:
        reset(scene)
        SCREENS[name](scene)
        scene.wall.set_levels({f"instance-{slot}": -54.0 + 6 * slot for slot in range(9)})
        spin(200)
        screenshot.save(scene.window, directory / f"{name}.png")
        found[name] = list(texts(scene.window.rootObject()))
    scene.close()
    del application
    return {"texts": found, "warnings": list(qt_messages.warnings)}


if __name__ == "__main__":
    print(
        json.dumps(main(sys.argv[1] == "painted", int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]), sys.argv[5:]))
    )
