"""What the whole promise is about, with the real times: stale within 7 s, live within a second of the return."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator

import pytest

from backend.discovery.kubernetes.limits import Limits
from tests.backend.discovery.kubernetes.following import Following, following, truth
from tests.fakes.kube_api.objects import pod
from tests.fakes.kube_api.process import running
from tests.fakes.kube_api.proxy import Proxy, proxying
from tests.fakes.kube_api.server import Fault, KubeApiServer

REAL = Limits()


@pytest.fixture
async def proxy(server: KubeApiServer) -> AsyncIterator[Proxy]:
    async with proxying(server.port) as passing:
        yield passing


async def stale_after_s(one: Following) -> float:
    began = time.monotonic()
    await one.until(lambda: one.reflector.phase == "stale", 8)
    return time.monotonic() - began


async def live_after_s(one: Following) -> float:
    began = time.monotonic()
    await one.live(5)
    return time.monotonic() - began


async def test_a_black_hole_is_noticed_within_seven_seconds_and_what_happened_meanwhile_arrives(
    server: KubeApiServer, proxy: Proxy
) -> None:
    async with following(f"http://127.0.0.1:{proxy.port}", limits=REAL) as one:
        await one.until(lambda: server.asked("probe"))
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


async def test_a_stopped_server_is_noticed_and_trusted_again_as_soon_as_it_goes_on() -> None:
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


async def test_a_short_pause_is_no_outage(server: KubeApiServer, proxy: Proxy) -> None:
    async with following(f"http://127.0.0.1:{proxy.port}", limits=REAL) as one:
        await one.until(lambda: server.asked("probe"))
        proxy.pause()
        await asyncio.sleep(1.5)
        proxy.resume()
        await server.cluster.put("pods", pod(5))
        await one.until(lambda: "emu-5" in one.names, 1)
        assert {phase for phase, _, _ in one.told} == {"syncing", "live"}


async def test_a_restart_of_the_server_makes_it_stale_keeps_what_is_known_and_is_caught_up(
    server: KubeApiServer,
) -> None:
    async with following(server.url, limits=REAL) as one:
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


async def test_a_server_that_was_down_for_long_is_live_within_a_second_of_its_return(server: KubeApiServer) -> None:
    async with following(server.url, limits=REAL) as one:
        await one.live()
        await server.restart(down_s=6)
        assert await live_after_s(one) < 1
        assert one.versions == truth(server.cluster)


async def test_connections_that_are_reset_and_work_again_cause_no_flicker(server: KubeApiServer, proxy: Proxy) -> None:
    async with following(f"http://127.0.0.1:{proxy.port}", limits=REAL) as one:
        await one.until(lambda: server.asked("probe"))
        for number in range(3):
            proxy.cut()
            await server.cluster.put("pods", pod(3 + number))
            await one.until(lambda: one.versions == truth(server.cluster), 2)
            await asyncio.sleep(1.2)
        assert {phase for phase, _, _ in one.told} == {"syncing", "live"}
        assert one.counters.lists == 1


async def test_in_a_storm_of_410_lists_are_spread_and_the_first_good_watch_ends_it(server: KubeApiServer) -> None:
    async with following(server.url, limits=REAL) as one:
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
