import asyncio
import dataclasses
import time
from collections.abc import Awaitable, Callable

from backend.contract.tasks import TaskScope
from backend.discovery.kubernetes.errors import ConnectionLostError
from backend.discovery.kubernetes.prober import Prober
from tests.backend.discovery.kubernetes.following import QUICK
from tests.loco_kiosk.waiting import until

LIMITS = dataclasses.replace(QUICK, probe_every_s=0.03, probe_s=0.05, settle_s=0.005)


class Asked:
    """A prober, what its question does, and what it told."""

    def __init__(self) -> None:
        self.told: list[str | tuple[str, int]] = []
        self.question: Callable[[], Awaitable[object]] = lambda: asyncio.sleep(0)
        self.count = 0
        self.prober = Prober(
            self._ask,
            LIMITS,
            on_answer=lambda: self.told.append("good"),
            on_failure=lambda cause, failures: self.told.append((cause, failures)),
        )

    async def _ask(self) -> None:
        self.count += 1
        await self.question()


async def running(check: Callable[[Asked], Awaitable[None]]) -> None:
    asked, tasks = Asked(), TaskScope("test")
    tasks.spawn(asked.prober.run(), "prober")
    try:
        await check(asked)
    finally:
        await tasks.close()


async def test_without_a_watch_it_asks_nothing() -> None:
    async def check(asked: Asked) -> None:
        await asyncio.sleep(0.1)
        assert asked.count == 0

    await running(check)


async def test_a_fresh_watch_is_proven_at_once_and_then_regularly() -> None:
    async def check(asked: Asked) -> None:
        began = time.monotonic()
        asked.prober.opened("watch")
        await until(lambda: len(asked.told) >= 3, step_s=0.001)
        assert time.monotonic() - began > 0.04
        assert asked.told[:3] == ["good"] * 3

    await running(check)


async def test_failures_in_a_row_are_counted_and_a_good_answer_ends_them() -> None:
    async def fail() -> None:
        raise ConnectionLostError("gone")

    async def check(asked: Asked) -> None:
        asked.question = fail
        asked.prober.opened("watch")
        await until(lambda: len(asked.told) >= 2)
        asked.question = lambda: asyncio.sleep(0)
        await until(lambda: "good" in asked.told)
        asked.question = fail
        await until(lambda: asked.told[-1] != "good")
        assert asked.told[:2] == [("gone", 1), ("gone", 2)]
        assert asked.told[-1] == ("gone", 1)

    await running(check)


async def test_no_answer_in_time_is_a_failure_and_the_next_question_follows_at_once() -> None:
    async def check(asked: Asked) -> None:
        asked.question = lambda: asyncio.sleep(10)
        began = time.monotonic()
        asked.prober.opened("watch")
        await until(lambda: len(asked.told) == 2, step_s=0.001)
        assert time.monotonic() - began < 0.2
        assert asked.told[-1] == ("the API server does not answer", 2)

    await running(check)


async def test_an_answer_to_a_question_of_another_watch_proves_nothing() -> None:
    async def check(asked: Asked) -> None:
        answer = asyncio.Event()
        asked.question = answer.wait
        asked.prober.opened("first")
        await until(lambda: asked.count == 1, step_s=0.001)
        asked.prober.closed()
        answer.set()
        await asyncio.sleep(0.03)
        assert asked.told == []

    await running(check)


async def test_what_the_watch_itself_tells_ends_the_doubt() -> None:
    async def check(asked: Asked) -> None:
        asked.question = lambda: asyncio.sleep(10)
        asked.prober.opened("watch")
        await until(lambda: len(asked.told) == 1, step_s=0.001)
        asked.prober.heard()
        await until(lambda: len(asked.told) == 2, step_s=0.001)
        assert asked.told[-1] == ("the API server does not answer", 1)

    await running(check)
