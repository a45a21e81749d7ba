"""A part fails: the others do not notice, and it comes back by itself."""

import asyncio
import itertools
import os
import random
import signal
import socket
import time
from urllib.parse import urlsplit

import aiohttp
import pytest

from loco_kiosk.client.tile import TileState
from tests.integration.conftest import Cluster, Viewer, command_line, descendants, until

pytestmark = [pytest.mark.qemu, pytest.mark.timeout(120)]
VICTIM, OTHERS = "instance-0", ("instance-1", "instance-2")
BACK_WITHIN_S = 15.0


def longest_gap_s(viewer: Viewer, instance: str, since_s: float) -> float:
    """Longest time without a picture of a moving guest."""
    times = [since_s, *(at for at in viewer.counters[instance].times_s if at > since_s), time.monotonic()]
    return max(later - earlier for earlier, later in itertools.pairwise(times))


async def returns_alone(viewer: Viewer, since_s: float) -> None:
    """Wait until the victim's pictures run again; the others must never have stopped."""
    seen = len(viewer.counters[VICTIM].times_s)
    await until(
        lambda: viewer.state(VICTIM) is TileState.LIVE and len(viewer.counters[VICTIM].times_s) > seen + 5,
        BACK_WITHIN_S,
        lambda: str(viewer.tiles.get(VICTIM)),
    )
    for instance in OTHERS:
        assert longest_gap_s(viewer, instance, since_s) < 1.0


async def test_a_killed_emulator_is_shown_and_comes_back(cluster: Cluster, viewer: Viewer) -> None:
    began_s = time.monotonic()
    os.kill(cluster.pid_of("qemu-system", VICTIM), signal.SIGKILL)
    await until(lambda: viewer.state(VICTIM) is not TileState.LIVE, 5, lambda: str(viewer.tiles))
    tile = viewer.tiles[VICTIM]
    assert tile.reason
    assert tile.next_step
    await returns_alone(viewer, began_s)


async def test_a_killed_streamer_is_shown_and_comes_back(cluster: Cluster, viewer: Viewer) -> None:
    began_s = time.monotonic()
    os.kill(cluster.pid_of("backend.local.nursery_process", VICTIM), signal.SIGKILL)
    await until(lambda: viewer.state(VICTIM) is not TileState.LIVE, 8, lambda: str(viewer.tiles))
    assert viewer.tiles[VICTIM].reason
    await returns_alone(viewer, began_s)


async def test_a_stopped_streamer_is_shown_as_stale(cluster: Cluster, viewer: Viewer) -> None:
    """Stopped, not dead: nothing is closed, only silence tells."""
    pid = cluster.pid_of("backend.local.nursery_process", VICTIM)
    began_s = time.monotonic()
    os.kill(pid, signal.SIGSTOP)
    try:
        await until(lambda: viewer.state(VICTIM) is not TileState.LIVE, 8, lambda: str(viewer.tiles))
    finally:
        os.kill(pid, signal.SIGCONT)
    await returns_alone(viewer, began_s)


async def test_sessions_outlive_a_killed_backend_where_streamers_do(cluster: Cluster, viewer: Viewer) -> None:
    """The embedded backend takes its emulators along; the wall says so and is right again after the restart."""
    port = urlsplit(cluster.url).port
    assert port is not None
    cluster.stop(signal.SIGKILL)
    await until(lambda: viewer.backend is not None and not viewer.backend.connected, 5, lambda: str(viewer.backend))
    await until(lambda: all(tile.state is not TileState.LIVE for tile in viewer.tiles.values()), 10)
    for counter in viewer.counters.values():
        counter.times_s.clear()
    cluster.start(port)
    await viewer.all_live()


async def test_no_process_outlives_a_killed_backend(cluster: Cluster) -> None:
    assert cluster.process is not None
    await until(lambda: len(descendants(cluster.process.pid)) >= 6, 20)  # type: ignore[union-attr]  # asserted above
    children = descendants(cluster.process.pid)
    cluster.stop(signal.SIGKILL)
    await until(
        lambda: not any(command_line(pid) for pid in children), 5, lambda: str(list(map(command_line, children)))
    )


async def test_garbage_on_every_socket_disturbs_nobody(cluster: Cluster, viewer: Viewer) -> None:
    ports = {urlsplit(cluster.url).port}
    async with aiohttp.ClientSession() as http, http.get(f"{cluster.url}/api/instances") as response:
        ports |= {instance["port"] for instance in (await response.json())["instances"]}
    chance = random.Random(7)
    began_s = time.monotonic()
    for port in ports:
        for length in (1, 64, 5000):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(chance.randbytes(length))
            writer.write_eof()
            await asyncio.wait_for(reader.read(), 10)
            writer.close()
            await writer.wait_closed()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        for port in udp_ports(cluster):
            for length in (0, 1, 12, 200, 1400):
                udp.sendto(chance.randbytes(length), ("127.0.0.1", port))
    seen = {instance: len(viewer.counters[instance].times_s) for instance in (VICTIM, *OTHERS)}
    for instance, count in seen.items():
        await until(lambda i=instance, n=count: len(viewer.counters[i].times_s) > n + 15, 5)  # type: ignore[misc]
        assert longest_gap_s(viewer, instance, began_s) < 1.0


def udp_ports(cluster: Cluster) -> list[int]:
    """UDP ports on which the cluster's processes receive media."""
    assert cluster.process is not None
    inodes = set()
    for pid in descendants(cluster.process.pid):
        try:
            links = [os.readlink(f"/proc/{pid}/fd/{name}") for name in os.listdir(f"/proc/{pid}/fd")]
        except OSError:
            continue
        inodes |= {link[8:-1] for link in links if link.startswith("socket:[")}
    with open("/proc/net/udp") as table:
        rows = [line.split() for line in table.readlines()[1:]]
    return [int(row[1].split(":")[1], 16) for row in rows if row[9] in inodes]
