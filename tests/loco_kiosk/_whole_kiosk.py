"""The whole kiosk with a backend in memory: obeys lines on standard input, answers each with one JSON object.

Argument: settings file. Lines: ``look``; ``reset``; ``put SLOT STATE``; ``remove SLOT``; ``doubt STATE REASON``;
``stop`` and ``start`` of the backend; ``finger down|up X Y``; ``call ATTRIBUTE.METHOD ARGUMENT...`` on the scene;
``close`` as a window manager does; ``vr MODE`` for the way that the headset's stand-in plays, or
``vr real`` for the headset's own program; ``end``.
"""

import asyncio
import json
import logging
import sys
import threading
from collections.abc import Coroutine
from typing import Any

import qasync  # type: ignore[import-untyped]  # it ships no type hints
from PySide6.QtCore import QCoreApplication, QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QEventPoint, QGuiApplication, QInputDevice, QPointingDevice, QTouchEvent

from backend.contract.events import DiscoveryState
from backend.contract.input import Button
from backend.contract.instance import InstanceState
from loco_kiosk import settings
from loco_kiosk.input.hotkeys import Hotkeys
from loco_kiosk.kiosk import Kiosk
from loco_kiosk.launch import vr_process
from loco_kiosk.models.wall_model import Role
from loco_kiosk.ui import qt_messages
from tests.loco_kiosk.fake_backend import FakeBackend, instance
from tests.loco_kiosk.fake_streamer import FakeStreamer
from tests.loco_kiosk.launch import vr_stand_in
from tests.loco_kiosk.ui._gallery import item

STREAMERS = 2
REAL_COMMAND = vr_process.command
_FINGER = {
    "down": (QEvent.Type.TouchBegin, QEventPoint.State.Pressed),
    "up": (QEvent.Type.TouchEnd, QEventPoint.State.Released),
}


class Complaints(logging.Handler):
    """Everything that an operator would look at."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


class Wall:
    """The backend and its streamers, in a thread with a loop of its own, as they would be on another machine."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.streamers = {f"instance-{number}": FakeStreamer(fps=5) for number in range(STREAMERS)}
        self.backend = FakeBackend(self.streamers)
        threading.Thread(target=self.loop.run_forever, daemon=True).start()
        for streamer in self.streamers.values():
            self.do(streamer.start())
        self.do(self.backend.start())

    def do(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(10)

    def reset(self) -> None:
        if not self.backend.running:
            self.do(self.backend.start())
        for identity in [identity for identity in self.backend.instances if identity not in self.streamers]:
            self.do(self.backend.remove(identity))
        for slot in range(STREAMERS):
            self.do(self.backend.put(instance(slot)))
        self.backend.state, self.backend.doubt = DiscoveryState.LIVE, ""
        self.do(self.backend.tell_freshness(self.backend.revision))
        self.backend.recovered.clear()
        for streamer in self.streamers.values():
            streamer.inputs.clear()

    def obey(self, words: list[str]) -> None:
        match words:
            case ["put", slot, state]:
                self.do(self.backend.put(instance(int(slot), InstanceState(state))))
            case ["remove", slot]:
                self.do(self.backend.remove(f"instance-{slot}"))
            case ["doubt", state, *reason]:
                self.backend.state, self.backend.doubt = DiscoveryState(state), " ".join(reason)
                self.do(self.backend.tell_freshness(self.backend.revision))
            case ["stop"]:
                self.do(self.backend.stop())
            case ["start"]:
                self.do(self.backend.start())


class Session:
    """One test session."""

    def __init__(self, file: str) -> None:
        self.wall = Wall()
        self.screen = QPointingDevice(
            "screen", 7, QInputDevice.DeviceType.TouchScreen, QPointingDevice.PointerType.Finger,
            QInputDevice.Capability.Position, 1, 0,
        )  # fmt: skip
        loaded = settings.load(["--config", file, "--backend", self.wall.backend.url, "--no-fullscreen"])
        self.kiosk = Kiosk(loaded, Hotkeys(loaded.kiosk.hotkeys()))
        self.vr = "play"
        vr_process.command = self.headset
        self.complaints = Complaints()
        logging.getLogger().addHandler(self.complaints)

    def headset(self, loaded: settings.Loaded, socket: int, memory: int) -> list[str]:
        if self.vr == "real":
            return REAL_COMMAND(loaded, socket, memory)
        feed = ["--feed-socket", str(socket), "--feed-memory", str(memory)]
        return [sys.executable, vr_stand_in.__file__, self.vr, *feed]

    def obey(self, line: str) -> None:
        match line.split():
            case ["end"]:
                self.kiosk.end(0)
            case ["vr", mode]:
                self.vr = mode
            case ["reset"]:
                self.wall.reset()
                self.kiosk.scene.controller.leave()
                self.complaints.said.clear()
            case ["finger", way, x, y]:
                self.touch(way, QPointF(float(x), float(y)))
            case ["close"]:
                self.kiosk.scene.window.close()
            case ["call", name, *arguments]:
                owner, _, method = name.partition(".")
                getattr(getattr(self.kiosk.scene, owner), method)(*arguments)
            case words:
                self.wall.obey(words)

    def touch(self, way: str, at: QPointF) -> None:
        kind, state = _FINGER[way]
        event = QTouchEvent(kind, self.screen, Qt.KeyboardModifier.NoModifier, [QEventPoint(1, state, at, at)])
        QCoreApplication.sendEvent(self.kiosk.scene.window, event)

    def look(self) -> dict[str, Any]:
        scene, controller = self.kiosk.scene, self.kiosk.scene.controller
        rows = [[scene.wall.data(scene.wall.index(row), role) for role in (Role.phase, Role.title)] for row in range(9)]
        root = scene.window.rootObject()
        corner: QRectF = root.property("corner")
        return {
            "lan": scene.lan.summary,
            "phases": [phase for phase, _title in rows],
            "titles": [title for _phase, title in rows],
            "panel": controller.panel,
            "page": controller.page,
            "pages": controller.pages,
            "picked": controller.picked,
            "zoomed": controller.zoomed,
            "at_rest": root.property("zoom") in (0, 1),
            "mine": [view.slot for view in scene.wall.views.values() if view.mine],
            "corner": [corner.center().x(), corner.center().y()],
            "notice": scene.status.notice,
            "trouble": scene.status.trouble,
            "discovery": scene.status.discovery,
            "details": {row["label"]: row["value"] for row in scene.status.details},
            "buttons": [
                [message.button, message.down]
                for streamer in self.wall.streamers.values()
                for message in streamer.inputs
                if isinstance(message, Button)
            ],
            "locked": scene.settings.locked,
            "visible": scene.window.isVisible(),
            "recovered": self.wall.backend.recovered,
            "hotkeys": scene.settings.hotkeys,
            "volume": scene.sound.volume,
            "headset": self.look_at_headset(),
            "complaints": self.complaints.said + list(qt_messages.warnings),
        }

    def look_at_headset(self) -> dict[str, Any]:
        model = self.kiosk.scene.headset
        hands = {"left": model.left, "right": model.right}
        process = self.kiosk.vr._process
        return {
            "phase": model.phase.value,
            "sentence": model.sentence,
            "running": model.running,
            "open": model.open,
            "hands": {name: [hand.place, hand.u, hand.v, hand.pressed] for name, hand in hands.items()},
            "pid": process and process.pid,
            "spots": {name: self.spot(name) for name in ("vrButton", "vrAction")},
            "loudspeakers": not self.kiosk._audio._player.silent,
        }

    def spot(self, name: str) -> list[int]:
        """Where an item can be tapped on the screen; a title bar pushes the middle of the lowest ones off it."""
        found = item(self.kiosk.scene.window.rootObject(), name)
        place = self.kiosk.scene.window.mapToGlobal(found.mapToScene(QPointF(found.width() / 2, 3)))
        return [round(place.x()), round(place.y())]


async def serve(session: Session) -> int:
    running = asyncio.get_running_loop().create_task(session.kiosk.run(), name="kiosk")
    lines = asyncio.Queue[str]()
    loop = asyncio.get_running_loop()

    def read() -> None:
        for line in sys.stdin:
            loop.call_soon_threadsafe(lines.put_nowait, line)

    async def answer() -> None:
        while True:
            session.obey(await lines.get())
            print(json.dumps(session.look()), flush=True)

    threading.Thread(target=read, daemon=True).start()
    answering = loop.create_task(answer(), name="answers")
    code = await running
    answering.cancel()
    return code


def main() -> int:
    qt_messages.install()
    application = QGuiApplication([])
    loop = qasync.QEventLoop(application)
    asyncio.set_event_loop(loop)
    with loop:
        return int(loop.run_until_complete(serve(Session(sys.argv[1]))))


if __name__ == "__main__":
    sys.exit(main())
