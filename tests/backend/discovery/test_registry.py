import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from backend.contract.events import Added, Event, FocusChanged, Freshness, Removed, Snapshot, Updated
from backend.contract.instance import Instance, InstanceState
from backend.discovery.condition import Condition
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
@settings(max_examples=150, deadline=None)
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
@settings(deadline=None)
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
    registry = Registry("test", clock=clock)
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
