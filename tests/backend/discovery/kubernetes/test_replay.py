"""The recorded streams of a real cluster, through real HTTP: what is known at the end, and on the way."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from backend.discovery.kubernetes.resource import Resource, endpoint_slices, endpoints, pods
from tests.backend.discovery.kubernetes.following import Following, following, truth
from tests.fakes.kube_api.recording import begin, in_order, load, play
from tests.fakes.kube_api.server import KubeApiServer, serving

KINDS = ("pods", "endpointslices", "endpoints")


def resource(kind: str) -> Resource:
    namespace = load(kind).listed["items"][0]["metadata"]["namespace"]
    named = {"pods": pods(namespace, "app=emu"), "endpointslices": endpoint_slices(namespace, "emu")}
    return named.get(kind, endpoints(namespace, "emu"))


async def replayed(kind: str, between: Callable[[int, KubeApiServer, Following], Awaitable[None]]) -> Following:
    recording = load(kind)
    async with serving() as server:
        await begin(server.cluster, recording)
        async with following(server.url, resource=resource(kind)) as one:
            await one.live()
            assert one.versions == truth(server.cluster, kind)
            for number, (_, _, event) in enumerate(in_order(recording)):
                await play(server.cluster, kind, event)
                await between(number, server, one)
            await one.until(lambda: one.versions == truth(server.cluster, kind))
            assert one.counters.malformed == one.counters.drift == 0
        return one


@pytest.mark.parametrize("kind", KINDS)
async def test_each_recorded_event_arrives_and_the_end_is_that_of_the_cluster(kind: str) -> None:
    async def nothing(_number: int, _server: KubeApiServer, _one: Following) -> None:
        await asyncio.sleep(0)

    one = await replayed(kind, nothing)
    assert one.counters.lists == 1
    assert one.counters.events == len(load(kind).events)


async def test_the_pods_of_the_end_are_nine_new_ones_under_the_old_names() -> None:
    seen: list[int] = []

    async def count(_number: int, server: KubeApiServer, one: Following) -> None:
        await one.until(lambda: one.versions == truth(server.cluster))
        seen.append(len(one.names))

    one = await replayed("pods", count)
    assert min(seen) == 1
    assert one.names == {f"emu-{ordinal}" for ordinal in range(9)}
    before = {item["metadata"]["uid"] for item in load("pods").listed["items"]}
    assert len(before & one.reflector.objects.keys()) == 1


@pytest.mark.parametrize("every", [3, 7])
async def test_a_history_that_is_gone_again_and_again_changes_nothing_of_the_end(every: int) -> None:
    async def break_off(number: int, server: KubeApiServer, _one: Following) -> None:
        if number % every == 0:
            server.behaviour.cut_next_line = True
        if number % (every * 2) == 0:
            collection = server.cluster.collections["pods"]
            collection.history.clear()
            collection.oldest = collection.version
        await asyncio.sleep(0.005)

    one = await replayed("pods", break_off)
    assert one.counters.restarts > 0
