"""What the whole promise is about, with the real times: stale within 7 s, live within a second of the return.

Each story waits for seconds while nothing happens, so all of them run side by side, each against a server of its own.
"""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest
import pytest_asyncio

from backend.contract.tasks import TaskScope
from backend.discovery.kubernetes.limits import Limits
from tests.backend.discovery.kubernetes.conftest import three_pods
from tests.backend.discovery.kubernetes.following import Following, following, truth
from tests.fakes.kube_api.objects import pod
from tests.fakes.kube_api.process import running
from tests.fakes.kube_api.proxy import Proxy, proxying
from tests.fakes.kube_api.server import Fault, KubeApiServer

REAL = Limits()


@asynccontextmanager
async def behind_a_proxy() -> AsyncIterator[tuple[KubeApiServer, Proxy, Following]]:
    """A server with three pods, what its bytes pass through, and who follows it there."""
    async with (
        three_pods() as server,
        proxying(server.port) as proxy,
        following(f"http://127.0.0.1:{proxy.port}", limits=REAL) as one,
    ):
        await one.until(lambda: one.statistics.api_calls["pods", "probe", "200"])  # the watch is open, and trusted
        yield server, proxy, one


async def stale_after_s(one: Following) -> float:
    began = time.monotonic()
    await one.until(lambda: one.reflector.phase == "stale", 8)
    return time.monotonic() - began


async def live_after_s(one: Following) -> float:
    began = time.monotonic()
    await one.live(5)
    return time.monotonic() - began


async def a_black_hole_is_noticed_within_seven_seconds_and_what_happened_meanwhile_arrives() -> None:
    async with behind_a_proxy() as (server, proxy, one):
        proxy.pause()
        await server.cluster.put("pods", pod(0, ready=False))
        await server.cluster.delete("pods", "emu-1")
        assert await stale_after_s(one) < 7
        assert one.names == {"emu-0", "emu-1", "emu-2"}
        assert one.reflector.reason == "The API server does not answer; trying again."
        await asyncio.sleep(1)
        proxy.resume()
        assert await live_after_s(one) < 1
        await one.until(lambda: one.versions == truth(server.cluster), 1)


async def a_stopped_server_is_noticed_and_trusted_again_as_soon_as_it_goes_on() -> None:
    async with running(pods=3) as process, following(process.url, limits=REAL) as one:
        await one.live()
        await one.until(lambda: one.statistics.api_calls["pods", "probe", "200"])
        process.signal(signal.SIGSTOP)
        process.tell({"put": "pods", "object": pod(7)})
        assert await stale_after_s(one) < 7
        assert "emu-7" not in one.names
        process.signal(signal.SIGCONT)
        assert await live_after_s(one) < 1
        await one.until(lambda: "emu-7" in one.names, 1)


async def a_short_pause_is_no_outage() -> None:
    async with behind_a_proxy() as (server, proxy, one):
        proxy.pause()
        await asyncio.sleep(1.5)
        proxy.resume()
        await server.cluster.put("pods", pod(5))
        await one.until(lambda: "emu-5" in one.names, 1)
        assert {phase for phase, _, _ in one.told} == {"syncing", "live"}


async def a_restart_of_the_server_makes_it_stale_keeps_what_is_known_and_is_caught_up() -> None:
    async with three_pods() as server, following(server.url, limits=REAL) as one:
        await one.until(lambda: server.asked("probe"))
        await server.stop()
        assert await stale_after_s(one) < 3
        assert "(connection refused)" in one.reflector.reason or "broke" in one.reflector.reason
        assert len(one.names) == 3
        await server.cluster.put("pods", pod(6))
        await server.cluster.delete("pods", "emu-2")
        await asyncio.sleep(3)
        server.cluster.forget_history()
        server.behaviour.faults.append(Fault(403, "", times=2))  # while permissions are being loaded
        await server.start()
        assert await live_after_s(one) < 2
        assert one.versions == truth(server.cluster)
        assert one.reflector.denied is False


async def a_server_that_was_down_for_long_is_live_within_a_second_of_its_return() -> None:
    async with three_pods() as server, following(server.url, limits=REAL) as one:
        await one.live()
        await server.restart(down_s=6)
        assert await live_after_s(one) < 1
        assert one.versions == truth(server.cluster)


async def connections_that_are_reset_and_work_again_cause_no_flicker() -> None:
    async with behind_a_proxy() as (server, proxy, one):
        for number in range(3):
            proxy.cut()
            await server.cluster.put("pods", pod(3 + number))
            await one.until(lambda: one.versions == truth(server.cluster), 2)
            await asyncio.sleep(1.2)
        assert {phase for phase, _, _ in one.told} == {"syncing", "live"}
        assert one.counters.lists == 1


async def in_a_storm_of_410_lists_are_spread_and_the_first_good_watch_ends_it() -> None:
    async with three_pods() as server, following(server.url, limits=REAL) as one:
        await one.live()
        server.behaviour.storm = True
        await server.restart()
        before = server.asked("list")
        await asyncio.sleep(4)
        assert server.asked("list") - before <= 15
        assert one.reflector.phase == "stale"
        assert "410" in one.reflector.reason
        await server.cluster.put("pods", pod(4))
        await one.until(lambda: "emu-4" in one.names, 1)
        server.behaviour.storm = False
        assert await live_after_s(one) < 1


Story = Callable[[], Coroutine[Any, Any, None]]
STORIES: tuple[Story, ...] = (
    a_black_hole_is_noticed_within_seven_seconds_and_what_happened_meanwhile_arrives,
    a_stopped_server_is_noticed_and_trusted_again_as_soon_as_it_goes_on,
    a_short_pause_is_no_outage,
    a_restart_of_the_server_makes_it_stale_keeps_what_is_known_and_is_caught_up,
    a_server_that_was_down_for_long_is_live_within_a_second_of_its_return,
    connections_that_are_reset_and_work_again_cause_no_flicker,
    in_a_storm_of_410_lists_are_spread_and_the_first_good_watch_ends_it,
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def told() -> AsyncIterator[dict[Story, asyncio.Task[None]]]:
    """All stories, at work."""
    tasks = TaskScope("stories")
    yield {story: tasks.spawn(story(), story.__name__) for story in STORIES}
    await tasks.close()


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
async def test_outages(told: dict[Story, asyncio.Task[None]], story: Story) -> None:
    await told[story]
