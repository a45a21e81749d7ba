import asyncio
import json
import os
import shutil
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import aiohttp
import pytest

from backend.api.lan_source import LanAwayError, LanSource
from backend.contract.instance import InstanceState
from backend.contract.lan import LanStatus
from backend.contract.status import GuestReport, GuestState
from backend.contract.tasks import TaskScope
from backend.discovery import condition
from backend.discovery.follower import Followers
from backend.discovery.registry import Registry
from backend.local.cluster import Cluster
from backend.local.errors import LocalClusterError
from backend.local.plan import LanPlan
from tests.backend.fake_streamer import until
from tests.backend.local.stand_ins import StandInEmulator, cluster_plan


@asynccontextmanager
async def wall(cluster: Cluster, silence_s: float = 3.0) -> AsyncIterator[Registry]:
    """A registry that follows the cluster and its streamers."""
    tasks = TaskScope("test")
    registry = Registry("local")
    async with aiohttp.ClientSession() as client, cluster:
        tasks.spawn(registry.follow(cluster), "discovery")
        tasks.spawn(
            Followers(registry, client, silence_s=silence_s, on_lost=cluster.replace_streamer).run(), "followers"
        )
        try:
            yield registry
        finally:
            await tasks.close()


def all_ready(registry: Registry, count: int) -> bool:
    return sum(instance.state is InstanceState.READY for instance in registry.instances) == count


async def test_every_guest_gets_its_streamer_and_all_are_gone_afterwards(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    made: list[StandInEmulator] = []
    cluster = Cluster(cluster_plan(3, tmp_path, environment, made))
    async with wall(cluster) as registry:
        await until(lambda: all_ready(registry, 3), 20)
        assert [instance.id for instance in registry.instances] == ["instance-0", "instance-1", "instance-2"]
        assert len({instance.port for instance in registry.instances}) == 3
        pids = [machine.streamer.pid for machine in cluster.machines.values()]
        directories = [emulator.run_directory for emulator in made]
        assert all(directory.is_dir() for directory in directories)
    assert not any(emulator.running for emulator in made)
    assert not any(directory.exists() for directory in directories)
    await until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids))


async def test_a_killed_streamer_returns_on_its_port_and_the_others_do_not_notice(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    cluster = Cluster(cluster_plan(2, tmp_path, environment, []))
    async with wall(cluster) as registry:
        await until(lambda: all_ready(registry, 2), 20)
        port, other = registry.instances[0].port, registry.instances[1]
        streamer = cluster.machines["instance-0"].streamer
        assert streamer.pid is not None
        os.kill(streamer.pid, signal.SIGKILL)
        await until(lambda: not all_ready(registry, 2))
        await until(lambda: all_ready(registry, 2))
        assert registry.instances[0].port == port
        assert registry.instances[1] == other


async def test_a_streamer_that_hangs_is_replaced(
    tmp_path: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(condition, "LOST_AFTER_S", 0.4)
    cluster = Cluster(cluster_plan(1, tmp_path, environment, []))
    async with wall(cluster, silence_s=0.3) as registry:
        await until(lambda: all_ready(registry, 1), 20)
        streamer = cluster.machines["instance-0"].streamer
        assert streamer.pid is not None
        os.kill(streamer.pid, signal.SIGSTOP)
        await until(lambda: registry.instances[0].state is InstanceState.LOST)
        await until(lambda: all_ready(registry, 1))
        assert streamer.starts == 2


async def test_what_the_emulator_reports_is_shown_on_its_tile(tmp_path: Path, environment: dict[str, str]) -> None:
    made: list[StandInEmulator] = []
    async with wall(Cluster(cluster_plan(1, tmp_path, environment, made))) as registry:
        await until(lambda: all_ready(registry, 1), 20)
        made[0].report(GuestReport(GuestState.RESTARTING, "QEMU was killed. It is started again at once."))
        await until(lambda: registry.instances[0].state is InstanceState.DEGRADED)
        assert registry.instances[0].reason == "QEMU was killed. It is started again at once."
        made[0].report(GuestReport(GuestState.RUNNING))
        await until(lambda: all_ready(registry, 1))


async def test_guests_start_some_at_a_time(tmp_path: Path, environment: dict[str, str]) -> None:
    made: list[StandInEmulator] = []
    cluster = Cluster(cluster_plan(3, tmp_path, environment, made, parallel=1))
    async with wall(cluster) as registry:
        made[0].may_run.clear()
        await until(lambda: made[0].running)
        assert [emulator.running for emulator in made] == [True, False, False]
        assert "turn" in registry.instances[2].reason
        made[0].may_run.set()
        await until(lambda: all(emulator.running for emulator in made), 20)


async def test_restart_reaches_the_emulator(tmp_path: Path, environment: dict[str, str]) -> None:
    made: list[StandInEmulator] = []
    async with Cluster(cluster_plan(1, tmp_path, environment, made)) as cluster:
        await cluster.restart("instance-0")
        await cluster.refresh()
        assert made[0].restarts == 1


async def test_two_clusters_in_one_place_are_refused(tmp_path: Path, environment: dict[str, str]) -> None:
    async with Cluster(cluster_plan(1, tmp_path, environment, [])):
        with pytest.raises(LocalClusterError, match="Another local cluster"):
            async with asyncio.timeout(20), Cluster(cluster_plan(1, tmp_path, environment, [])):
                pass


async def test_a_missing_setpriv_is_told(
    tmp_path: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(LocalClusterError, match="util-linux"):
        async with Cluster(cluster_plan(1, tmp_path, environment, [])):
            pass


async def first_status(lan: LanSource) -> LanStatus:
    while True:
        with suppress(LanAwayError):
            return LanStatus.from_json(json.loads(await lan.body()))
        await asyncio.sleep(0.05)


async def test_the_switch_runs_beside_the_guests_and_is_gone_with_them(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    plan = cluster_plan(2, tmp_path, environment, [], lan=LanPlan(arguments=("--guests", "2")))
    cluster = Cluster(plan)
    async with wall(cluster), LanSource(cluster.lan_address) as lan:
        assert cluster.switch is not None
        async with asyncio.timeout(20):
            status = await first_status(lan)
        assert [port.name for room in status.rooms for port in room.ports] == ["instance-0", "instance-1"]
        pid = cluster.switch.pid
    await until(lambda: not Path(f"/proc/{pid}").exists())


async def test_without_a_lan_there_is_no_switch(tmp_path: Path, environment: dict[str, str]) -> None:
    cluster = Cluster(cluster_plan(1, tmp_path, environment, []))
    async with cluster:
        assert (cluster.switch, cluster.lan_address) == (None, "")
