"""The kiosk's whole receive path without a window: all streams in one process.

``python -m tests.benchmarks._ours_receiver BACKEND_URL STREAMS [TIER]`` writes ``"live"`` when each has a picture, and
a report of all arrivals when its input ends.
"""

import asyncio
import json
import sys
import time
from collections import defaultdict, deque

import numpy as np
from av.video.frame import VideoFrame

from backend.contract.control import Tier
from loco_kiosk.client.tile import TileView
from loco_kiosk.client.wall import Wall
from loco_kiosk.media.frames import FrameTiming
from loco_kiosk.media.mixer import Mixer
from tests.benchmarks import _counter
from tests.loco_kiosk.waiting import until


class Sink:
    """Reads the number of each picture."""

    def __init__(self) -> None:
        self.arrivals: deque[tuple[int, float]] = deque(maxlen=_counter.SLOTS)
        self.pictures = 0

    def put(self, frame: VideoFrame, timing: FrameTiming) -> None:
        """Take a picture."""
        now_s = time.monotonic()
        self.pictures += 1
        plane = frame.planes[0]
        luma = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
        self.arrivals.append((_counter.read_luma(luma, frame.height), now_s))


class Receiver:
    """A wall whose pictures are numbers."""

    def __init__(self, url: str) -> None:
        self.sinks: dict[str, Sink] = defaultdict(Sink)
        self.tiles: tuple[TileView, ...] = ()
        self.wall = Wall(
            url,
            sink=lambda identity: self.sinks[identity],
            mixer=Mixer(),
            viewer_name="benchmark",
            on_tiles=self._tiles,
            on_backend=lambda _view: None,
        )

    def live(self, streams: int) -> bool:
        """Whether each stream has shown something."""
        return sum(bool(sink.arrivals) for sink in self.sinks.values()) >= streams

    def report(self) -> dict[str, object]:
        """Everything, in the order of the instances."""
        return {
            "arrivals": [list(self.sinks[identity].arrivals) for identity in sorted(self.sinks)],
            "pictures": sum(sink.pictures for sink in self.sinks.values()),
            "tiles": [
                {
                    "stages_ms": tile.stages_ms,
                    "drops": tile.drops,
                    "kbit_s": tile.bit_rate_bps / 1000,
                    "loss": tile.loss,
                    "freezes": tile.freezes,
                }
                for tile in self.tiles
            ],
        }

    def _tiles(self, tiles: tuple[TileView, ...]) -> None:
        self.tiles = tiles


async def main() -> None:
    """Receive until the input ends."""
    url, streams, *tier = sys.argv[1:]
    receiver = Receiver(url)
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(receiver.wall.run())
        if tier:
            receiver.wall.set_tiers({f"instance-{number}": Tier(tier[0]) for number in range(int(streams))})
        await until(lambda: receiver.live(int(streams)), 60.0)
        print(json.dumps("live"), flush=True)
        await asyncio.to_thread(sys.stdin.read)
        print(json.dumps(receiver.report()), flush=True)
        running.cancel()


if __name__ == "__main__":
    asyncio.run(main())
