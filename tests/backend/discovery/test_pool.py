import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace

import aiohttp
import pytest
from yarl import URL

from backend.contract.routes import STREAMER_WHEP
from backend.contract.tasks import TaskScope
from backend.discovery.pool import StreamerPool, streamer_url
from backend.discovery.registry import Registry
from backend.discovery.source import Remove, Upsert
from tests.backend.fake_streamer import FakeStreamer, until


def url(streamer: FakeStreamer) -> URL:
    return URL(f"http://127.0.0.1:{streamer.port}{STREAMER_WHEP}")


async def ask(pool: StreamerPool, streamer: FakeStreamer) -> int:
    async with pool.request("POST", url(streamer), data=b"offer") as response:
        await response.read()
        return response.status


async def test_the_second_request_finds_the_connection_made() -> None:
    async with FakeStreamer().serving() as streamer, StreamerPool() as pool:
        assert [await ask(pool, streamer) for _ in range(3)] == [201] * 3
        counts = pool.statistics
        assert (counts.requests, counts.opened, counts.reused, counts.failed) == (3, 1, 2, 0)


async def test_connections_to_one_streamer_are_bounded_and_the_others_wait_their_turn() -> None:
    async with FakeStreamer().serving() as streamer, StreamerPool(connections=2) as pool:
        streamer.delay_s = 0.05
        assert await asyncio.gather(*(ask(pool, streamer) for _ in range(6))) == [201] * 6
        assert (pool.statistics.opened, pool.statistics.waited) == (2, 4)


async def test_connections_are_kept_to_a_bounded_number_of_streamers() -> None:
    async with AsyncExitStack() as stack:
        streamers = [await stack.enter_async_context(FakeStreamer(f"instance-{n}").serving()) for n in range(4)]
        pool = await stack.enter_async_context(StreamerPool(streamers=2))
        for streamer in streamers:
            assert await ask(pool, streamer) == 201
        assert (pool.streamers, pool.statistics.let_go) == (2, 2)
        assert await ask(pool, streamers[3]) == 201
        assert pool.statistics.opened == 4


async def test_an_address_that_leaves_the_roster_is_let_go_at_once() -> None:
    registry = Registry("test")
    tasks = TaskScope("test")
    async with FakeStreamer().serving() as one, FakeStreamer("instance-1").serving() as other, StreamerPool() as pool:
        registry.apply(Upsert(one.sighting(0)))
        registry.apply(Upsert(other.sighting(1)))
        tasks.spawn(pool.follow(registry), "pool")
        await ask(pool, one)
        await ask(pool, other)
        registry.apply(Upsert(replace(one.sighting(0), port=9)))
        await until(lambda: pool.streamers == 1)
        registry.apply(Remove("instance-1"))
        await until(lambda: pool.streamers == 0)
        await tasks.close()


async def test_a_request_under_way_survives_the_end_of_its_instance() -> None:
    async with FakeStreamer().serving() as streamer, StreamerPool() as pool:
        streamer.delay_s = 0.1
        async with asyncio.TaskGroup() as tasks:
            asked = tasks.create_task(ask(pool, streamer))
            await until(lambda: streamer.requests)
            await pool.let_go(url(streamer).origin())
        assert asked.result() == 201
        assert pool.streamers == 0


async def test_a_refused_connection_is_counted_and_told() -> None:
    async with FakeStreamer().serving() as streamer:
        gone = url(streamer)
    async with StreamerPool() as pool:
        with pytest.raises(aiohttp.ClientConnectorError):
            async with pool.request("POST", gone):
                pass
        assert pool.statistics.failed == 1


async def test_an_ipv6_address_makes_a_url_with_brackets() -> None:
    registry = Registry("test")
    registry.apply(Upsert(replace(FakeStreamer().sighting(), addresses=("2001:db8::1",), port=80)))
    assert str(streamer_url(registry.instances[0])) == "http://[2001:db8::1]"
