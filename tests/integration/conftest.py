"""A real embedded cluster, and a viewer of it that has no window."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import av
import pytest

from loco_kiosk.client.tile import TileState, TileView
from loco_kiosk.client.wall import BackendView, Wall
from loco_kiosk.media.frames import FrameSink, FrameTiming
from loco_kiosk.media.mixer import Mixer

ROOT = Path(__file__).resolve().parents[2]
MACHINES = 3
LIVE_WITHIN_S = 30.0


class Cluster:
    """``loco-backend --local`` as a child, with a state directory that keeps its snapshots between tests."""

    def __init__(self, state_directory: Path, log_file: Path, machines: int = MACHINES) -> None:
        self._state_directory = state_directory
        self._machines = machines
        self.log_file = log_file
        self.url = ""
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, port: int = 0) -> None:
        """Start it and take its address from the ready line."""
        reading, writing = os.pipe()
        command = [sys.executable, "-m", "backend", "--local", str(self._machines), "--port", str(port)]
        command += ["--ready-fd", str(writing), "--state-directory", str(self._state_directory), "--no-zeroconf"]
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                pass_fds=[writing],
                stderr=log,
                stdout=log,
                env={**os.environ, "LOCO_CONFIG": "/dev/null"},
            )
        os.close(writing)
        with open(reading) as pipe:
            line = pipe.readline()
        assert line, self.log_file.read_text()
        self.url = json.loads(line)["url"]

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it and wait until it has ended."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(timeout=10)

    def pid_of(self, program: str, instance: str) -> int:
        """The child that runs ``program`` for ``instance``; raises LookupError when there is none."""
        assert self.process is not None
        for pid in descendants(self.process.pid):
            # A streamer is forked off the nursery, so only its name tells whose it is.
            if program in command_line(pid) and instance in (command_line(pid) + name_of(pid)):
                return pid
        raise LookupError(f"no {program} for {instance}")


def descendants(root: int) -> list[int]:
    """Every process below ``root``, by /proc."""
    children: dict[int, list[int]] = defaultdict(list)
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children[int(fields[1])].append(int(stat.parent.name))
    found, queue = [], [root]
    while queue:
        below = children[queue.pop()]
        found += below
        queue += below
    return found


def command_line(pid: int) -> str:
    """The words of a process's command line; empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def name_of(pid: int) -> str:
    """The name that the kernel has of a process; empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/comm").read_text()
    except OSError:
        return ""


class Counter:
    """A sink that remembers when each picture came, in monotonic seconds."""

    def __init__(self) -> None:
        self.times_s: list[float] = []
        self.delays_ms: list[float] = []

    def put(self, frame: av.VideoFrame, timing: FrameTiming) -> None:
        """Count one picture."""
        self.times_s.append(time.monotonic())
        if timing.captured_us is not None:
            self.delays_ms.append((timing.decoded_us - timing.captured_us) / 1000)


class Viewer:
    """A wall without a window."""

    def __init__(self, url: str) -> None:
        self.counters: dict[str, Counter] = defaultdict(Counter)
        self.tiles: dict[str, TileView] = {}
        self.backend: BackendView | None = None
        self.wall = Wall(
            url,
            sink=self._sink,
            mixer=Mixer(),
            viewer_name="test",
            on_tiles=self._keep_tiles,
            on_backend=self._keep_backend,
        )

    def _sink(self, instance: str) -> FrameSink:
        return self.counters[instance]

    def _keep_tiles(self, tiles: tuple[TileView, ...]) -> None:
        self.tiles = {tile.id: tile for tile in tiles}

    def _keep_backend(self, view: BackendView) -> None:
        self.backend = view

    def state(self, instance: str) -> TileState:
        """State of one tile; EMPTY where there is none."""
        return self.tiles[instance].state if instance in self.tiles else TileState.EMPTY

    async def all_live(self) -> None:
        """Wait until every machine is live and shows pictures."""
        await until(
            lambda: (
                sum(t.state is TileState.LIVE and bool(self.counters[t.id].times_s) for t in self.tiles.values())
                == MACHINES
            ),
            LIVE_WITHIN_S,
            lambda: str(self.tiles),
        )


async def until(condition: Callable[[], bool], within_s: float, describe: Callable[[], str] = lambda: "") -> None:
    """Wait for a condition; fails with ``describe`` when it does not come in time."""
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, f"not within {within_s} s: {describe()}"
        await asyncio.sleep(0.02)


@pytest.fixture(scope="session")
def state_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all tests, so that only the first boots cold."""
    return tmp_path_factory.mktemp("state")


@pytest.fixture
def cluster(state_directory: Path, tmp_path: Path) -> Iterator[Cluster]:
    """A running cluster of :data:`MACHINES` demo guests."""
    cluster = Cluster(state_directory, tmp_path / "backend.log")
    cluster.start()
    yield cluster
    cluster.stop()
    text = cluster.log_file.read_text()
    assert "Traceback" not in text, text


@pytest.fixture
async def viewer(cluster: Cluster) -> AsyncIterator[Viewer]:
    """A viewer whose tiles are all live."""
    viewer = Viewer(cluster.url)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(viewer.wall.run())
        await viewer.all_live()
        yield viewer
        task.cancel()
