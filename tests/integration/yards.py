"""Demo guests of a local cluster that exchange trains over the real switch: what each of them says of its trains."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import aiohttp

from backend.contract.lan import LanStatus, PortState
from backend.contract.routes import LAN, LIVE
from backend.qemu.monitor import Monitor, connect
from backend.qemu.run_directory import RunDirectory
from tests.integration.conftest import Cluster, command_line, descendants

POLL_S = 0.2
"""The guests' debug ports keep their last 64 KiB: minutes of what they say."""
SETTLE_S = 30.0
FASTER, STOP = "right", "s"
"""Keys: faster, six times for 270 pixels a second; stops the train in the picture, and starts it again."""


class Yard:
    """The trains of one guest, by the markers on its debug port: packaging/guest/README.md."""

    def __init__(self, monitor: Monitor) -> None:
        self.arrived: list[str] = []
        self.departed: list[str] = []
        self.acknowledged: list[str] = []
        self._monitor = monitor
        self._rest = ""

    @property
    def trains(self) -> int:
        """How many it has; each begins with one."""
        return 1 + len(self.arrived) - len(self.departed)

    @property
    def under_way(self) -> set[str]:
        """Hand-overs that it goes on with until they are acknowledged."""
        return set(self.departed) - set(self.acknowledged)

    async def read(self) -> None:
        """Take in what the guest said since the last time."""
        text = self._rest + await self._monitor.execute("ringbuf-read", {"device": "debug", "size": 65536})
        *lines, self._rest = text.split("\n")
        for words in map(str.split, lines):
            ids = {"A": self.arrived, "D": self.departed, "Q": self.acknowledged}.get(words[0] if words else "")
            if ids is not None:
                ids.append(words[1])

    async def tap(self, key: str, times: int = 1) -> None:
        """Press and release a key."""
        for down in (True, False) * times:
            event = {"type": "key", "data": {"down": down, "key": {"type": "qcode", "data": key}}}
            await self._monitor.execute("input-send-event", {"events": [event]})


class Yards:
    """All guests of a cluster; made by :func:`yards`."""

    def __init__(self, cluster: Cluster, http: aiohttp.ClientSession, all_yards: list[Yard]) -> None:
        self.all = all_yards
        self._cluster = cluster
        self._http = http

    @property
    def arrivals(self) -> int:
        """Hand-overs that came to an end well."""
        return sum(len(yard.arrived) for yard in self.all)

    async def read(self) -> None:
        """Take in what all guests said."""
        await asyncio.gather(*(yard.read() for yard in self.all))

    async def until(self, holds: Callable[[], bool], within_s: float, what: str) -> None:
        """Read until a condition holds."""
        deadline = time.monotonic() + within_s
        while True:
            await self.read()
            if holds():
                return
            assert time.monotonic() < deadline, f"no {what} within {within_s:.0f} s: {self.told()}"
            await asyncio.sleep(POLL_S)

    async def until_each_got_one_more(self, within_s: float = 60.0) -> None:
        """Wait until a train has come to every yard from now on."""
        before = [len(yard.arrived) for yard in self.all]
        await self.until(
            lambda: all(len(yard.arrived) > count for yard, count in zip(self.all, before, strict=True)),
            within_s,
            "arrival in each yard",
        )

    async def kill_switch(self) -> float:
        """Kill the switch; the seconds until every guest got a frame from its successor."""
        pid = switch_pid(self._cluster)
        began_s = time.monotonic()
        os.kill(pid, signal.SIGKILL)
        while True:
            status = await self.status()
            ports = [port for room in status.rooms for port in room.ports] if status is not None else []
            if ports and all(port.state is PortState.UP and port.frames_out for port in ports):
                assert switch_pid(self._cluster) != pid
                return time.monotonic() - began_s
            assert time.monotonic() < began_s + 30, status
            await asyncio.sleep(0.05)

    async def status(self) -> LanStatus | None:
        """What the backend tells of the LAN; None while the switch is away."""
        async with self._http.get(self._cluster.url + LAN) as response:
            return LanStatus.from_json(await response.json()) if response.status == 200 else None

    async def settled(self) -> None:
        """Stop all trains and wait until none is under way."""
        for yard in self.all:
            await yard.tap(STOP)
        await self.until(lambda: not any(yard.under_way for yard in self.all), SETTLE_S, "end of all hand-overs")

    def each_train_is_somewhere_once(self) -> None:
        """Assert that none was lost and none doubled."""
        departed = [each for yard in self.all for each in yard.departed]
        arrived = [each for yard in self.all for each in yard.arrived]
        assert len(set(departed)) == len(departed)
        assert sorted(arrived) == sorted(departed)
        assert sum(yard.trains for yard in self.all) == len(self.all)
        assert all(yard.trains >= 0 for yard in self.all)

    def told(self) -> list[tuple[int, int, int]]:
        """Arrivals, departures and trains of each yard."""
        return [(len(yard.arrived), len(yard.departed), yard.trains) for yard in self.all]


def switch_pid(cluster: Cluster) -> int:
    """The process of the switch; raises LookupError between two."""
    assert cluster.process is not None
    for pid in descendants(cluster.process.pid):
        if "-m backend.lan " in command_line(pid):
            return pid
    raise LookupError("no switch")


def run_root(cluster: Cluster) -> Path:
    """Where the run directories of the guests are."""
    words = command_line(switch_pid(cluster)).split()
    return Path(words[words.index("--directory") + 1])


@asynccontextmanager
async def yards(cluster: Cluster, count: int, within_s: float = 90.0) -> AsyncIterator[Yards]:
    """The guests of a running cluster, with all trains at full speed."""
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(aiohttp.ClientSession())
        async with asyncio.timeout(within_s):
            while await ready(http, cluster.url) < count:  # noqa: ASYNC110 - it asks over HTTP
                await asyncio.sleep(0.1)
        root, found = run_root(cluster), []
        for number in range(count):
            monitor = await stack.enter_async_context(connect(RunDirectory(root / f"instance-{number}").control))
            found.append(Yard(monitor))
            await found[-1].tap(FASTER, 6)
        yield Yards(cluster, http, found)


async def ready(http: aiohttp.ClientSession, url: str) -> int:
    """How many guests are."""
    async with http.get(url + LIVE) as response:
        count: int = (await response.json())["summary"]["ready"]
        return count
