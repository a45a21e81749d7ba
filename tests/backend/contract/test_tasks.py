"""Ownership of background tasks."""

import asyncio
import logging

import pytest

from backend.contract.tasks import TaskScope


async def test_closing_cancels_and_waits() -> None:
    ended = asyncio.Event()
    started = asyncio.Event()

    async def work() -> None:
        started.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    scope = TaskScope("sample")
    task = scope.spawn(work(), "work")
    await started.wait()
    await scope.close()
    assert ended.is_set()
    assert task.cancelled()


async def test_a_task_that_fails_is_told_with_its_name_and_the_others_go_on(caplog: pytest.LogCaptureFixture) -> None:
    async def fail() -> None:
        raise ValueError("broken")

    scope = TaskScope("sample")
    good = scope.spawn(asyncio.Event().wait(), "good")
    bad = scope.spawn(fail(), "bad")
    await asyncio.wait([bad])
    assert not good.done()
    await scope.close()
    assert "task 'sample: bad' failed" in caplog.text


async def test_a_task_that_does_not_stop_is_named(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    free = asyncio.Event()
    started = asyncio.Event()

    async def stubborn() -> None:
        started.set()
        while not free.is_set():
            try:
                await free.wait()
            except asyncio.CancelledError:
                continue

    scope = TaskScope("sample")
    task = scope.spawn(stubborn(), "stubborn")
    await started.wait()
    await scope.close(timeout_s=0.05)
    assert "task 'sample: stubborn' did not stop" in caplog.text
    free.set()
    await task


async def test_a_task_may_close_its_own_scope() -> None:
    scope = TaskScope("sample")
    await scope.spawn(scope.close(), "closer")
