import asyncio

from backend.streamer.bell import Bell


async def test_a_ring_wakes_all_who_wait_and_nobody_who_comes_later() -> None:
    bell = Bell()
    async with asyncio.TaskGroup() as tasks:
        waiting = [tasks.create_task(bell.wait()) for _ in range(3)]
        await asyncio.sleep(0)
        bell.ring()
        late = tasks.create_task(bell.wait())
        await asyncio.wait(waiting)
        assert not late.done()
        bell.ring()
