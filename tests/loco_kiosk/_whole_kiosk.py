"""The whole kiosk with a backend in memory: obeys lines on standard input, answers each with one JSON object.

Argument: settings file. Lines: ``look``; ``reset``; ``put SLOT STATE``; ``remove SLOT``; ``doubt STATE REASON``;
``stop`` and ``start`` of the backend; ``call ATTRIBUTE.METHOD ARGUMENT...`` on the scene; ``end``.
"""

import asyncio
import json
import logging
import sys
import threading
from collections.abc import Coroutine
from typing import Any

import qasync  # type: ignore[import-untyped]  # it ships no type hints
from PySide6.QtCore import QRectF
from PySide6.QtGui import QGuiApplication

from backend.contract.events import DiscoveryState, Freshness
from backend.contract.instance import InstanceState
from loco_kiosk import settings
from loco_kiosk.input.hotkeys import Hotkeys
from loco_kiosk.kiosk import Kiosk
from loco_kiosk.models.wall_model import Role
from loco_kiosk.ui import qt_messages
from tests.loco_kiosk.fake_backend import FakeBackend, instance
from tests.loco_kiosk.fake_streamer import FakeStreamer

STREAMERS = 2


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
        for identity in [identity for identity in self.backend.instances if identity not in self.streamers]:
            self.do(self.backend.remove(identity))
        for slot in range(STREAMERS):
            self.do(self.backend.put(instance(slot)))
        self.do(self.backend.tell_freshness(self.backend.revision))
        self.backend.recovered.clear()


class Session:
    """One test session."""

    def __init__(self, file: str) -> None:
        self.wall = Wall()
        loaded = settings.load(["--config", file, "--backend", self.wall.backend.url, "--no-fullscreen"])
        self.kiosk = Kiosk(loaded, Hotkeys(loaded.kiosk.hotkeys()))
        self.complaints = Complaints()
        logging.getLogger().addHandler(self.complaints)

    async def obey(self, line: str) -> bool:
        match line.split():
            case ["end"]:
                self.kiosk.end(0)
            case ["reset"]:
                self.wall.reset()
                self.kiosk.scene.controller.leave()
                self.complaints.said.clear()
            case ["put", slot, state]:
                self.wall.do(self.wall.backend.put(instance(int(slot), InstanceState(state))))
            case ["remove", slot]:
                self.wall.do(self.wall.backend.remove(f"instance-{slot}"))
            case ["doubt", state, *reason]:
                told = Freshness(self.wall.backend.revision, True, 3.0, DiscoveryState(state), " ".join(reason))
                self.wall.do(self.wall.backend.broadcast(told))
            case ["stop"]:
                self.wall.do(self.wall.backend.stop())
            case ["start"]:
                self.wall.do(self.wall.backend.start())
            case ["call", name, *arguments]:
                owner, _, method = name.partition(".")
                getattr(getattr(self.kiosk.scene, owner), method)(*arguments)
        return line.strip() != "end"

    def look(self) -> dict[str, Any]:
        scene, controller = self.kiosk.scene, self.kiosk.scene.controller
        rows = [[scene.wall.data(scene.wall.index(row), role) for role in (Role.phase, Role.title)] for row in range(9)]
        root = scene.window.rootObject()
        corner: QRectF = root.property("corner")
        return {
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
            "recovered": self.wall.backend.recovered,
            "hotkeys": scene.settings.hotkeys,
            "volume": scene.sound.volume,
            "complaints": self.complaints.said + list(qt_messages.warnings),
        }


async def serve(session: Session) -> int:
    running = asyncio.get_running_loop().create_task(session.kiosk.run(), name="kiosk")
    lines = asyncio.Queue[str]()
    loop = asyncio.get_running_loop()

    def read() -> None:
        for line in sys.stdin:
            loop.call_soon_threadsafe(lines.put_nowait, line)

    threading.Thread(target=read, daemon=True).start()
    while await session.obey(await lines.get()):
        print(json.dumps(session.look()), flush=True)
    return await running


def main() -> int:
    qt_messages.install()
    application = QGuiApplication([])
    loop = qasync.QEventLoop(application)
    asyncio.set_event_loop(loop)
    with loop:
        return int(loop.run_until_complete(serve(Session(sys.argv[1]))))


if __name__ == "__main__":
    sys.exit(main())
