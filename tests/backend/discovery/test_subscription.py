import asyncio

from backend.contract.events import FocusChanged, Snapshot
from backend.discovery.registry import Registry
from backend.discovery.subscription import Subscription


async def test_a_reader_that_waits_wakes_up_for_an_event() -> None:
    subscription = Subscription(Registry("test").snapshot, 2)
    assert isinstance(await subscription.get(), Snapshot)
    event = FocusChanged("instance-3")
    async with asyncio.TaskGroup() as tasks:
        reader = tasks.create_task(subscription.get())
        await asyncio.sleep(0)
        assert subscription.put(event)
    assert reader.result() is event


async def test_what_does_not_fit_becomes_a_snapshot() -> None:
    subscription = Subscription(Registry("test").snapshot, 2)
    assert subscription.put(FocusChanged("before the first snapshot, which will know"))
    await subscription.get()
    assert [subscription.put(FocusChanged(name)) for name in "abc"] == [True, True, False]
    assert isinstance(await subscription.get(), Snapshot)


async def test_all_that_waits_comes_at_once_and_a_snapshot_alone() -> None:
    registry = Registry("test", queue_bound=3)
    with registry.subscribe() as subscription:
        assert [type(event) for event in await subscription.batch()] == [Snapshot]
        for number in range(3):
            registry.set_focus(f"instance-{number}")
        assert await subscription.batch() == [FocusChanged(f"instance-{number}") for number in range(3)]
        for number in range(5):
            registry.set_focus(f"other-{number}")
        assert [type(event) for event in await subscription.batch()] == [Snapshot]
