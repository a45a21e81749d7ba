"""The reconnect loop."""

import asyncio
import contextlib
import logging
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.contract.retry import Backoff, forever

QUICK = Backoff(initial_s=0.001, maximum_s=0.002)


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_a_delay_never_leaves_its_bounds(failures: int, chance: float) -> None:
    backoff = Backoff(initial_s=0.2, maximum_s=10, jitter=0.3)
    delay_s = backoff.delay_s(failures, lambda low, high: low + (high - low) * chance)
    assert 0.2 * 0.7 <= delay_s <= 10 * 1.3


def test_delays_double_up_to_the_maximum() -> None:
    plain = [Backoff(initial_s=1, maximum_s=5).delay_s(n, lambda *_: 1.0) for n in range(1, 6)]
    assert plain == [1, 2, 4, 5, 5]


async def test_failure_and_recovery_are_each_told_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    calls = 0
    recovered = asyncio.Event()

    async def attempt(healthy: Callable[[], None]) -> None:
        nonlocal calls
        calls += 1
        if calls < 5:
            raise ConnectionError("refused")
        healthy()
        recovered.set()
        await asyncio.Event().wait()

    told: list[int] = []
    async with asyncio.TaskGroup() as group:
        task = group.create_task(
            forever(
                "the link",
                attempt,
                failures=(OSError,),
                backoff=QUICK,
                on_failure=lambda _error, count, _delay: told.append(count),
            )
        )
        await recovered.wait()
        task.cancel()
    assert told == [1, 2, 3, 4]
    messages = [record.getMessage() for record in caplog.records]
    assert messages == ["the link: refused; trying again", "the link: works again after 4 failed attempts"]


async def test_an_error_that_nobody_expected_is_raised() -> None:
    async def attempt(_healthy: Callable[[], None]) -> None:
        raise ValueError("bug")

    with pytest.raises(ValueError, match="bug"):
        await forever("x", attempt, failures=(OSError,), backoff=QUICK)


async def test_an_orderly_end_is_tried_again() -> None:
    calls = 0
    third = asyncio.Event()

    async def attempt(healthy: Callable[[], None]) -> None:
        nonlocal calls
        healthy()
        calls += 1
        if calls == 3:
            third.set()

    task = asyncio.get_running_loop().create_task(forever("x", attempt, failures=(OSError,), backoff=QUICK))
    await third.wait()
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
