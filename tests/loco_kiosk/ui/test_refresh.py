from collections.abc import Sequence

from pytestqt.qtbot import QtBot

from loco_kiosk.client.backend_view import BackendView
from loco_kiosk.client.lan_view import LanView
from loco_kiosk.client.tile import TileView
from loco_kiosk.settings import KioskSettings
from loco_kiosk.ui.refresh import Refresh, Targets
from tests.backend.fake_switch import STATUS
from tests.loco_kiosk.ui._scene import make_scene
from tests.loco_kiosk.ui._synthetic import all_live

BACKEND = BackendView("http://wall", connected=True, reason="", mode="local", synced=True, age_s=0.0, revision=1)


class News:
    def __init__(self, tiles: Sequence[TileView]) -> None:
        self.tiles: tuple[TileView, ...] | None = tuple(tiles)
        self.backend: BackendView | None = BACKEND
        self.lan: LanView | None = LanView(STATUS)

    def take_tiles(self) -> tuple[TileView, ...] | None:
        tiles, self.tiles = self.tiles, None
        return tiles

    def take_backend(self) -> BackendView | None:
        backend, self.backend = self.backend, None
        return backend

    def take_lan(self) -> LanView | None:
        lan, self.lan = self.lan, None
        return lan


def test_news_reach_the_models_once(qtbot: QtBot) -> None:
    scene = make_scene(KioskSettings(fullscreen=False), painted=True)
    targets = Targets(
        controller=scene.controller,
        wall=scene.wall,
        status=scene.status,
        mixer=scene._mixer,
        presenter=scene.presenter,
        headset=scene.headset,
        quality=scene.quality,
        lan=scene.lan,
    )
    scene.headset.figures = {"frames": 58.2, "work_p95_ms": 2.14}
    heard: list[BackendView] = []
    shown: list[tuple[TileView, ...]] = []
    refresh = Refresh(targets, News(all_live()), heard.append)
    refresh.shown.connect(shown.append)
    scene.controller.command("overlay")
    refresh.start()
    refresh.refresh()
    refresh.stop()
    assert heard == [BACKEND]
    assert len(shown) == 1
    assert scene.lan.rooms[0]["ports"][0]["name"] == "Castle Yard"
    assert refresh.ticked_us > 0
    assert scene.status.clock
    assert scene.status.summary[0]["count"] == 9
    assert scene.status.figuresTitle == "1 · Castle Yard"
    assert [row["value"] for row in scene.status.figures[-2:]] == ["58 fps", "2.1 ms"]
    scene.close()
