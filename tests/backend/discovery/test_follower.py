from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import aiohttp
import pytest

from backend.contract.instance import InstanceState
from backend.contract.retry import Backoff
from backend.contract.status import GuestState
from backend.contract.tasks import TaskScope
from backend.discovery import condition
from backend.discovery.follower import Followers
from backend.discovery.registry import Registry
from backend.discovery.source import Remove, Sighting, Synced, Upsert
from tests.backend.fake_streamer import FakeStreamer, until

FAST = Backoff(initial_s=0.01, maximum_s=0.05)


@asynccontextmanager
async def following(registry: Registry, silence_s: float = 1.0, zone: str = "") -> AsyncIterator[Followers]:
    tasks = TaskScope("test")
    async with aiohttp.ClientSession() as client:
        followers = Followers(registry, client, silence_s=silence_s, backoff=FAST, zone=lambda: zone)
        tasks.spawn(followers.run(), "followers")
        try:
            yield followers
        finally:
            await tasks.close()


async def test_the_state_of_the_guest_reaches_the_registry_with_its_reason() -> None:
    registry = Registry("test")
    async with FakeStreamer().serving() as streamer, following(registry):
        registry.apply(Upsert(streamer.sighting()))
        await until(lambda: registry.instances[0].state is InstanceState.READY)
        streamer.change(GuestState.HUNG, "The processor spins. Reset it.")
        await until(lambda: registry.instances[0].state is InstanceState.DEGRADED)
        assert registry.instances[0].reason == "The processor spins. Reset it."
        streamer.change(GuestState.RUNNING)
        await until(lambda: registry.instances[0].state is InstanceState.READY)


async def test_a_streamer_that_went_is_degraded_then_lost_then_ready_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(condition, "LOST_AFTER_S", 0.3)
    registry = Registry("test")
    streamer = FakeStreamer()
    async with following(registry):
        async with streamer.serving():
            registry.apply(Upsert(streamer.sighting()))
            await until(lambda: registry.instances[0].state is InstanceState.READY)
        await until(lambda: registry.instances[0].state is InstanceState.DEGRADED)
        await until(lambda: registry.instances[0].state is InstanceState.LOST)
        assert "connection refused" in registry.instances[0].reason
        async with streamer.serving(streamer.port):
            await until(lambda: registry.instances[0].state is InstanceState.READY)


async def test_a_failing_streamer_makes_few_revisions_however_often_it_is_asked() -> None:
    registry = Registry("test")
    async with FakeStreamer().serving() as streamer:
        port = streamer.port
    async with following(registry):
        registry.apply(Upsert(Sighting(id="instance-0", slot=0, name="PC", addresses=("127.0.0.1",), port=port)))
        await until(lambda: "not answer yet" in registry.instances[0].reason)
        revision = registry.revision
        await until(lambda: registry.get("instance-0") is not None)
        assert registry.revision == revision


async def test_a_silent_streamer_counts_as_gone() -> None:
    registry = Registry("test")
    async with FakeStreamer().serving() as streamer, following(registry, silence_s=0.2):
        registry.apply(Upsert(streamer.sighting()))
        await until(lambda: registry.instances[0].state is InstanceState.READY)
        streamer.silent = True
        await until(lambda: registry.instances[0].state is InstanceState.DEGRADED)
        assert "silent" in registry.instances[0].reason


@pytest.mark.parametrize("line", [b"nonsense\n", b'{"version": 99}\n', b"[" * 100_000 + b"\n", b"\xff\xfe\n"])
async def test_a_streamer_that_talks_nonsense_disturbs_nobody_else(line: bytes) -> None:
    registry = Registry("test")
    bad = FakeStreamer("instance-1")
    bad.status_line = line
    async with FakeStreamer().serving() as good, bad.serving(), following(registry):
        registry.apply(Upsert(bad.sighting(1)))
        registry.apply(Upsert(good.sighting(0)))
        await until(lambda: registry.instances[0].state is InstanceState.READY)
        await until(lambda: "not answer yet" in registry.instances[1].reason)


async def test_a_new_address_is_followed_and_a_removed_instance_is_let_go() -> None:
    registry = Registry("test")
    old, new = FakeStreamer(), FakeStreamer()
    new.guest = type(new.guest)(GuestState.PAUSED, "On the new machine.")
    async with old.serving(), new.serving(), following(registry):
        registry.apply(Upsert(old.sighting()))
        await until(lambda: registry.instances[0].state is InstanceState.READY)
        registry.apply(Upsert(new.sighting()))
        await until(lambda: registry.instances[0].reason == "On the new machine.")
        registry.apply(Remove("instance-0"))
        registry.apply(Synced(frozenset()))
        assert registry.instances == ()


async def test_who_has_vanished_is_not_asked_any_more_until_it_returns() -> None:
    registry = Registry("test")
    streamer = FakeStreamer()
    async with streamer.serving(), following(registry) as followers:
        registry.apply(Upsert(streamer.sighting()))
        await until(lambda: registry.instances[0].state is InstanceState.READY)
        registry.apply(Synced(frozenset()))
        await until(lambda: not followers.followed)
        assert registry.status("instance-0") is None
        registry.apply(Upsert(streamer.sighting()))
        await until(lambda: registry.instances[0].state is InstanceState.READY)
        assert registry.status("instance-0") is not None


@pytest.mark.parametrize("there_before", [True, False])
async def test_instances_in_the_own_zone_are_followed_first(there_before: bool) -> None:
    registry = Registry("test")

    def come() -> None:
        for slot, zone in enumerate(("far", "near", "far", "near")):
            sighting = FakeStreamer(f"instance-{slot}").sighting(slot)
            registry.apply(Upsert(replace(sighting, port=9, zone=zone)))

    if there_before:
        come()
    async with following(registry, zone="near") as followers:
        await until(lambda: registry.subscribers)
        if not there_before:
            come()
        await until(lambda: len(followers.followed) == 4)
        assert list(followers.followed) == ["instance-1", "instance-3", "instance-0", "instance-2"]
