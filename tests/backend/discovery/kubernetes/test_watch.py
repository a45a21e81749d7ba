import asyncio

import pytest

from backend.discovery.kubernetes.errors import ConnectionLostError, GoneError
from backend.discovery.kubernetes.statistics import Statistics
from backend.discovery.kubernetes.store import change_of
from backend.discovery.kubernetes.watch import Watch
from tests.backend.discovery.kubernetes.following import PODS, api_for
from tests.fakes.kube_api.objects import pod
from tests.fakes.kube_api.server import KubeApiServer
from tests.loco_kiosk.waiting import until


class Told:
    def __init__(self) -> None:
        self.accepted = 0
        self.names: list[str] = []

    def accept(self) -> None:
        self.accepted += 1

    def take(self, lines: list[bytes]) -> None:
        self.names += [change_of(line).item["metadata"]["name"] for line in lines]


async def test_it_tells_that_it_was_accepted_and_then_each_change_until_the_server_ends_it(
    server: KubeApiServer,
) -> None:
    server.behaviour.end_watches_after_s = 0.3
    told = Told()
    async with api_for(server.url, Statistics()) as api, asyncio.TaskGroup() as tasks:
        watch = Watch(api, PODS, str(server.cluster.version), 290)
        assert watch.age_s == 0
        followed = tasks.create_task(watch.follow(told.accept, told.take))
        await until(lambda: told.accepted)
        await server.cluster.put("pods", pod(7))
        await followed
        assert told.names == ["emu-7"]
        assert told.accepted == 1
        assert watch.age_s >= 0.2


async def test_it_can_be_stopped_while_it_is_quiet(server: KubeApiServer) -> None:
    told = Told()
    async with api_for(server.url, Statistics()) as api, asyncio.TaskGroup() as tasks:
        watch = Watch(api, PODS, str(server.cluster.version), 290)
        followed = tasks.create_task(_error_of(watch, told))
        await until(lambda: told.accepted)
        watch.stop()
        watch.stop()
        assert isinstance(await followed, ConnectionLostError)
        watch.stop()


async def test_an_error_in_what_takes_the_lines_ends_it(server: KubeApiServer) -> None:
    told = Told()
    async with api_for(server.url, Statistics()) as api:
        watch = Watch(api, PODS, "1", 290)
        assert isinstance(await _error_of(watch, told), GoneError)


async def test_watches_end_at_different_times() -> None:
    async with api_for("http://127.0.0.1:9", Statistics()) as api:
        ends = {Watch(api, PODS, "1", 290)._parameters["timeoutSeconds"] for _ in range(40)}
    assert len(ends) > 5
    assert all(232 <= int(end) <= 290 for end in ends)


async def _error_of(watch: Watch, told: Told) -> Exception:
    with pytest.raises((ConnectionLostError, GoneError)) as caught:
        await watch.follow(told.accept, told.take)
    return caught.value
