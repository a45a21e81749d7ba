import asyncio
import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.contract.events import (
    Added,
    DiscoveryState,
    Event,
    FocusChanged,
    Freshness,
    Removed,
    Snapshot,
    Updated,
)
from backend.contract.instance import Instance, InstanceState
from backend.discovery.condition import TRUST_S, Condition, of_silence
from backend.discovery.registry import Registry
from backend.discovery.source import Remove, Sighting, SourceEvent, Synced, Unavailable, Upsert

READY = Condition(InstanceState.READY, "", 100)


def sighting(slot: int, name: str = "PC", port: int = 8081, prefix: str = "instance") -> Sighting:
    return Sighting(id=f"{prefix}-{slot}", slot=slot, name=name, addresses=("127.0.0.1",), port=port)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Client:
    """What a viewer does with the events, to the letter of the contract."""

    def __init__(self) -> None:
        self.instances: dict[str, Instance] = {}
        self.revision = 0
        self.focus: str | None = None
        self.snapshots = 0

    def take(self, event: Event) -> None:
        match event:
            case Snapshot():
                self.instances = {instance.id: instance for instance in event.instances}
                self.revision, self.focus = event.revision, event.focus
                self.snapshots += 1
            case Added(revision, instance):
                assert instance.id not in self.instances
                self._step(revision)
                self.instances[instance.id] = instance
            case Updated(revision, instance):
                assert instance.id in self.instances
                self._step(revision)
                self.instances[instance.id] = instance
            case Removed(revision, instance_id):
                self._step(revision)
                del self.instances[instance_id]
            case FocusChanged(focus):
                self.focus = focus
            case Freshness():
                pass

    def _step(self, revision: int) -> None:
        assert revision == self.revision + 1
        self.revision = revision

    @property
    def by_slot(self) -> tuple[Instance, ...]:
        return tuple(sorted(self.instances.values(), key=lambda instance: instance.slot))


slots = st.integers(0, 4)
sightings = st.builds(
    sighting, slots, name=st.sampled_from("ab"), port=st.integers(0, 2), prefix=st.sampled_from(["a", "b"])
)
ids = st.builds(lambda prefix, slot: f"{prefix}-{slot}", st.sampled_from(["a", "b"]), slots)
source_events = st.one_of(
    st.builds(Upsert, sightings),
    st.builds(Remove, ids),
    st.builds(Synced, st.frozensets(ids)),
    st.builds(Unavailable, st.just("away")),
)
reports = st.tuples(ids, st.sampled_from([READY, Condition(InstanceState.LOST, "gone", 0)]))
focuses = st.one_of(st.none(), ids)
steps = st.lists(
    st.one_of(
        source_events, reports, st.just("read"), st.tuples(st.just("focus"), focuses), st.tuples(st.just("wait"), slots)
    ),
    max_size=60,
)


async def drain(subscription: object, client: Client, registry: Registry) -> None:
    while client.revision != registry.revision or client.focus != registry.focus or not client.snapshots:
        async with asyncio.timeout(20):
            client.take(await subscription.get())  # type: ignore[attr-defined]  # a Subscription


@given(steps, st.integers(1, 5))
@settings(max_examples=150)
def test_replayed_events_equal_the_registry_whatever_order_and_duplicates(steps: list[object], bound: int) -> None:
    async def scenario() -> None:
        clock = Clock()
        registry = Registry("test", clock=clock, queue_bound=bound)
        eager, lazy = Client(), Client()
        with registry.subscribe() as first, registry.subscribe() as second:
            for step in steps:
                match step:
                    case "read":
                        await drain(second, lazy, registry)
                    case ("focus", str() | None as focus):
                        registry.set_focus(focus)
                    case ("wait", int(seconds)):
                        clock.now += seconds
                    case (str(instance_id), Condition() as condition):
                        registry.report(instance_id, condition, heard=condition is READY)
                    case _:
                        registry.apply(step)  # type: ignore[arg-type]  # only source events are left
                await drain(first, eager, registry)
                assert eager.by_slot == registry.instances
            await drain(second, lazy, registry)
            assert lazy.by_slot == registry.instances
            assert len({instance.slot for instance in registry.instances}) == len(registry.instances)

    asyncio.run(scenario())


@given(st.lists(source_events, max_size=30), st.dictionaries(slots, st.sampled_from("ab")))
def test_after_a_complete_list_exactly_what_it_holds_is_not_lost(
    before: list[SourceEvent], held: dict[int, str]
) -> None:
    async def scenario() -> None:
        registry = Registry("test")
        for event in before:
            registry.apply(event)
        complete = [sighting(slot, prefix=prefix) for slot, prefix in held.items()]
        for item in complete:
            registry.apply(Upsert(item))
        registry.apply(Synced(frozenset(item.id for item in complete)))
        present = {item.id for item in registry.instances if item.state is not InstanceState.GONE}
        assert present == {item.id for item in complete}

    asyncio.run(scenario())


async def test_empty_is_not_the_same_as_not_known_yet() -> None:
    registry = Registry("test")
    assert not registry.snapshot().synced
    with registry.subscribe() as subscription:
        assert isinstance(await subscription.get(), Snapshot)
        registry.apply(Synced(frozenset()))
        event = await subscription.get()
    assert isinstance(event, Freshness)
    assert event.synced


async def test_a_vanished_instance_keeps_slot_and_last_seen_until_it_is_replaced() -> None:
    clock = Clock()
    registry = Registry("test", clock=clock)
    registry.apply(Upsert(sighting(3)))
    clock.now = 1010.0
    registry.report("instance-3", READY, heard=True)
    clock.now = 1020.0
    registry.apply(Synced(frozenset()))
    (lost,) = registry.instances
    assert (lost.state, lost.slot, lost.last_seen, lost.since) == (InstanceState.GONE, 3, 1010.0, 1020.0)
    registry.apply(Upsert(sighting(3, prefix="other")))
    assert [instance.id for instance in registry.instances] == ["other-3"]


async def test_a_returned_instance_is_not_lost_any_more() -> None:
    registry = Registry("test")
    registry.apply(Upsert(sighting(0)))
    registry.apply(Synced(frozenset()))
    registry.apply(Upsert(sighting(0)))
    assert registry.instances[0].state is InstanceState.BOOTING


async def test_the_removed_instance_loses_the_focus() -> None:
    registry = Registry("test")
    registry.apply(Upsert(sighting(0)))
    registry.set_focus("instance-0")
    registry.apply(Remove("instance-0"))
    assert registry.focus is None


async def test_what_does_not_change_makes_no_revision() -> None:
    registry = Registry("test")
    registry.apply(Upsert(sighting(0)))
    registry.report("instance-0", READY, heard=True)
    revision = registry.revision
    registry.apply(Upsert(sighting(0)))
    registry.apply(Synced(frozenset({"instance-0"})))
    registry.report("instance-0", READY, heard=True)
    registry.report("instance-9", READY, heard=True)
    assert registry.revision == revision


async def test_a_slow_subscriber_gets_a_snapshot_in_place_of_a_backlog() -> None:
    registry = Registry("test", queue_bound=3)
    with registry.subscribe() as subscription:
        assert isinstance(await subscription.get(), Snapshot)
        for slot in range(4):
            registry.apply(Upsert(sighting(slot)))
        event = await subscription.get()
        assert isinstance(event, Snapshot)
        assert event.revision == 4
        assert len(event.instances) == 4
    assert registry.overflows == 1
    assert registry.subscribers == 0


async def test_cancelling_a_reader_loses_no_event() -> None:
    registry = Registry("test")
    with registry.subscribe() as subscription:
        await subscription.get()
        waiting = asyncio.timeout(0.01)
        try:
            async with waiting:
                await subscription.get()
        except TimeoutError:
            registry.apply(Upsert(sighting(0)))
        assert isinstance(await subscription.get(), Added)


async def test_the_age_counts_from_the_last_confirmation_and_trouble_is_told() -> None:
    clock = Clock()
    registry = Registry("test", monotonic=clock)
    registry.apply(Synced(frozenset()))
    clock.now += 7.0
    registry.apply(Unavailable("The file is gone."))
    assert (registry.age_s, registry.trouble) == (7.0, "The file is gone.")
    registry.apply(Synced(frozenset()))
    assert (registry.age_s, registry.trouble) == (0.0, "")


async def test_an_instance_that_moves_to_another_slot_is_listed_once() -> None:
    registry = Registry("test")
    registry.apply(Upsert(sighting(0)))
    registry.apply(Upsert(Sighting(id="instance-0", slot=5, name="PC")))
    assert [(instance.id, instance.slot) for instance in registry.instances] == [("instance-0", 5)]


async def test_a_change_of_trust_is_pushed_at_once_with_its_reason() -> None:
    clock = Clock()
    registry = Registry("test", monotonic=clock, lost_after_s=60.0)
    with registry.subscribe() as subscription:
        first = await subscription.get()
        assert isinstance(first, Snapshot)
        assert first.state is DiscoveryState.INIT
        told: list[tuple[DiscoveryState, str]] = []
        registry.apply(Synced(frozenset()))
        registry.apply(Synced(frozenset()))
        registry.apply(Unavailable("The API server does not answer."))
        clock.now += 61.0
        registry.tick()
        registry.tick()
        registry.apply(Synced(frozenset()))
        for _ in range(4):
            event = await subscription.get()
            assert isinstance(event, Freshness)
            told.append((event.state, event.reason))
    assert told == [
        (DiscoveryState.LIVE, ""),
        (DiscoveryState.STALE, "The API server does not answer."),
        (DiscoveryState.LOST, "The API server does not answer."),
        (DiscoveryState.LIVE, ""),
    ]


async def test_a_source_that_falls_silent_without_a_word_is_stale() -> None:
    clock = Clock()
    registry = Registry("test", monotonic=clock)
    registry.apply(Synced(frozenset(), age_s=2.0))
    assert (registry.state, registry.age_s) == (DiscoveryState.LIVE, 2.0)
    clock.now += 5.5
    assert registry.state is DiscoveryState.STALE
    assert "quiet" in registry.reason


async def test_a_vanished_instance_is_forgotten_after_its_time() -> None:
    clock = Clock()
    registry = Registry("test", monotonic=clock, forget_after_s=100.0)
    registry.apply(Upsert(sighting(3)))
    registry.apply(Synced(frozenset()))
    clock.now += 99.0
    registry.tick()
    assert registry.get("instance-3")
    clock.now += 2.0
    registry.tick()
    assert not registry.instances


async def test_the_live_document_is_what_its_parts_say_after_every_change() -> None:
    registry = Registry("test")
    assert json.loads(registry.live_json())["instances"] == []
    for slot in range(3):
        registry.apply(Upsert(sighting(slot)))
    registry.report("instance-1", READY, heard=True)
    registry.apply(Synced(frozenset({"instance-0", "instance-1"})))
    document = json.loads(registry.live_json())
    assert document["instances"] == [instance.to_json() for instance in registry.instances]
    assert json.loads(registry.instances_json()) == document["instances"]
    assert document["summary"] == {"total": 3, "ready": 1, "not_ready": 2}
    assert (document["revision"], document["synced"], document["state"]) == (registry.revision, True, "live")


async def test_a_replaced_pod_starts_with_a_clean_record() -> None:
    registry = Registry("test")
    first = replace(sighting(0), incarnation="a", state=InstanceState.READY)
    registry.apply(Upsert(first))
    registry.report("instance-0", Condition(InstanceState.DEGRADED, "Hung.", 20), heard=True)
    registry.apply(Upsert(replace(first, incarnation="b")))
    assert registry.instances[0].state is InstanceState.READY


async def test_the_time_from_bytes_to_event_is_recorded_for_changes_only() -> None:
    clock = Clock()
    registry = Registry("test", monotonic=clock)
    registry.apply(Upsert(sighting(0), received_s=clock.now - 0.004))
    registry.apply(Upsert(sighting(0), received_s=clock.now - 9.0))
    registry.apply(Upsert(sighting(1)))
    assert registry.publish_times.count == 1
    assert registry.publish_times.sum_s == pytest.approx(0.004)


async def test_a_pod_called_ready_is_believed_for_a_moment_even_when_its_streamer_was_silent_while_it_booted() -> None:
    clock = Clock()
    registry = Registry("test", monotonic=clock)
    silence = of_silence(20.0, heard=False, cause="refused")
    registry.apply(Upsert(replace(sighting(0), state=InstanceState.BOOTING, reason="It starts.")))
    clock.now += 20.0
    registry.report("instance-0", silence, heard=False)
    registry.apply(Upsert(replace(sighting(0), state=InstanceState.READY)))
    registry.report("instance-0", silence, heard=False)
    assert states(registry) == ["ready"]
    clock.now += TRUST_S
    registry.report("instance-0", silence, heard=False)
    assert states(registry) == ["degraded"]
    registry.report("instance-0", READY, heard=True)
    assert states(registry) == ["ready"]


def states(registry: Registry) -> list[str]:
    return [instance.state.value for instance in registry.instances]
