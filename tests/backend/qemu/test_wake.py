import asyncio
import threading

from backend.qemu.wake import Wake


async def test_many_rings_are_one_call_in_the_loop() -> None:
    calls: list[str] = []
    wake = Wake(lambda: calls.append(threading.current_thread().name))
    ringers = [threading.Thread(target=wake.ring) for _ in range(8)]
    for ringer in ringers:
        ringer.start()
    for ringer in ringers:
        ringer.join()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert calls == [threading.main_thread().name]
    wake.ring()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert len(calls) == 2


def test_a_ring_after_the_loop_is_gone_is_nothing() -> None:
    async def make() -> Wake:
        return Wake(lambda: None)

    asyncio.run(make()).ring()
