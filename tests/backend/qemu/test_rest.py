import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from backend.qemu import rest
from backend.qemu.rest import WORDS, Rest, RestPolicy, Unwatched

AFTER_S = 0.05


class Guest:
    """A processor that can be stopped."""

    def __init__(self) -> None:
        self.runs = True
        self.switches = 0
        self.boots = False
        self.inputs_lost = False
        self.words: list[str] = []
        self.changed = asyncio.Event()
        self.rest = Rest(may_rest=lambda: not self.boots, on_stop=self._stop, on_change=self._say)

    async def switch(self, runs: bool) -> None:
        assert self.inputs_lost or runs
        await asyncio.sleep(0)
        self.runs = runs
        self.switches += 1
        self.changed.set()

    def _stop(self, stopped: bool) -> None:
        self.inputs_lost = stopped
        self.changed.set()

    def _say(self) -> None:
        self.words.append(self.rest.words)
        self.changed.set()

    async def until(self, condition: Callable[[], bool]) -> float:
        loop = asyncio.get_running_loop()
        began = loop.time()
        async with asyncio.timeout(5):
            while not condition():
                self.changed.clear()
                await self.changed.wait()
        return loop.time() - began

    @asynccontextmanager
    async def resting_by(self, unwatched: Unwatched) -> AsyncIterator[None]:
        async with asyncio.TaskGroup() as tasks:
            task = tasks.create_task(self.rest.run(RestPolicy(unwatched, AFTER_S), self.switch), name="rest")
            try:
                yield
            finally:
                task.cancel()


async def test_an_unwatched_guest_sleeps_after_its_time_and_wakes_at_once() -> None:
    guest = Guest()
    async with guest.resting_by(Unwatched.PAUSE):
        assert await guest.until(lambda: not guest.runs) >= AFTER_S * 0.9
        assert guest.rest.words == WORDS[Unwatched.PAUSE]
        guest.rest.set_watched(True)
        assert await guest.until(lambda: guest.runs and not guest.inputs_lost) < 0.02
        await guest.until(lambda: not guest.rest.words)
        await asyncio.sleep(AFTER_S * 3)
        assert guest.runs
        guest.rest.set_watched(False)
        assert await guest.until(lambda: not guest.runs) >= AFTER_S * 0.9


async def test_an_input_wakes_the_guest_and_keeps_it_awake_for_its_time() -> None:
    guest = Guest()
    async with guest.resting_by(Unwatched.PAUSE):
        await guest.until(lambda: not guest.runs)
        guest.rest.touch()
        assert await guest.until(lambda: guest.runs) < 0.02
        for _ in range(4):
            await asyncio.sleep(AFTER_S / 2)
            guest.rest.touch()
            assert guest.runs
        await guest.until(lambda: not guest.runs)


async def test_a_slow_guest_runs_a_part_of_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rest, "SLOW_STOP_S", 0.02)
    monkeypatch.setattr(rest, "SLOW_RUN_S", 0.01)
    guest = Guest()
    async with guest.resting_by(Unwatched.SLOW):
        await guest.until(lambda: guest.switches >= 6)
        assert guest.words == [WORDS[Unwatched.SLOW]]
        guest.rest.set_watched(True)
        await guest.until(lambda: not guest.rest.words)
        assert guest.runs
        before = guest.switches
        await asyncio.sleep(0.1)
        assert guest.switches == before


async def test_a_guest_that_boots_runs_until_it_is_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rest, "AGAIN_S", 0.02)
    guest = Guest()
    guest.boots = True
    async with guest.resting_by(Unwatched.PAUSE):
        await asyncio.sleep(AFTER_S * 4)
        assert guest.runs
        guest.boots = False
        await guest.until(lambda: not guest.runs)


async def test_without_a_policy_it_is_left_alone() -> None:
    guest = Guest()
    await guest.rest.run(RestPolicy(), guest.switch)
    assert not guest.words
