"""A whole viewer in memory, for tests: a wall whose tiles, backend views and pictures are kept."""

import asyncio
from collections import defaultdict
from types import TracebackType

from av.video.frame import VideoFrame

from loco_kiosk.client.tile import TileState, TileView
from loco_kiosk.client.wall import BackendView, Wall
from loco_kiosk.media.frames import FrameTiming
from loco_kiosk.media.mixer import Mixer


class KeptFrames:
    def __init__(self) -> None:
        self.frames: list[VideoFrame] = []
        self.timings: list[FrameTiming] = []

    def put(self, frame: VideoFrame, timing: FrameTiming) -> None:
        self.frames = [*self.frames[-50:], frame]
        self.timings.append(timing)


class Watching:
    """``async with Watching(url) as viewer:`` runs a wall."""

    def __init__(self, url: str, name: str = "test", *, relay_only: bool = False) -> None:
        self.sinks: dict[str, KeptFrames] = defaultdict(KeptFrames)
        self.tiles: dict[str, TileView] = {}
        self.published = 0
        self.backend: list[BackendView] = []
        self.mixer = Mixer()
        self.wall = Wall(
            url,
            sink=lambda identity: self.sinks[identity],
            mixer=self.mixer,
            viewer_name=name,
            on_tiles=self._tiles,
            on_backend=self.backend.append,
            relay_only=relay_only,
        )
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Watching":
        self._group = asyncio.TaskGroup()
        await self._group.__aenter__()
        self._task = self._group.create_task(self.wall.run(), name="wall")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._task is not None
        self._task.cancel()
        await self._group.__aexit__(kind, error, trace)

    def state(self, identity: str = "instance-0") -> TileState:
        return self.tiles[identity].state if identity in self.tiles else TileState.EMPTY

    def live(self, count: int = 1) -> bool:
        return sum(tile.state is TileState.LIVE for tile in self.tiles.values()) == count

    def _tiles(self, tiles: tuple[TileView, ...]) -> None:
        self.tiles = {tile.id: tile for tile in tiles}
        self.published += 1
