"""Ownership of background tasks."""

import asyncio
import gc
import logging

import pytest

from backend.contract.tasks import LoopErrors, TaskScope, within


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


async def leave_behind(error: Exception) -> None:
    """A task that fails and that nobody asks, as libraries have them."""

    async def fail() -> None:
        raise error

    loop = asyncio.get_running_loop()
    await asyncio.wait([loop.create_task(fail(), name="of a library")])
    gc.collect()


async def test_expected_errors_of_libraries_are_counted_and_told_in_one_quiet_line(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    errors = LoopErrors("builtins.ConnectionError")
    asyncio.get_running_loop().set_exception_handler(errors)
    await leave_behind(ConnectionResetError("gone"))
    assert errors.counts == {"ConnectionResetError": 1}
    (record,) = [record for record in caplog.records if "gone" in record.getMessage()]
    assert (record.levelname, record.exc_info) == ("DEBUG", None)
    assert record.getMessage().startswith("of a library:")


async def test_other_errors_of_libraries_are_logged_with_the_name_of_their_task(
    caplog: pytest.LogCaptureFixture,
) -> None:
    errors = LoopErrors("builtins.ConnectionError")
    asyncio.get_running_loop().set_exception_handler(errors)
    await leave_behind(ValueError("a mistake"))
    assert not errors.counts
    (record,) = caplog.records
    assert record.levelname == "ERROR"
    assert "of a library" in caplog.text
    assert "ValueError: a mistake" in caplog.text


async def test_an_error_of_a_callback_is_logged_with_what_was_called(caplog: pytest.LogCaptureFixture) -> None:
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(LoopErrors())
    loop.call_soon(int, "no number")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert "no number" in caplog.text


async def test_clean_up_that_takes_too_long_is_cut_short_also_while_its_task_is_cancelled() -> None:
    started, outcome = asyncio.Event(), ""

    async def work() -> None:
        nonlocal outcome
        try:
            started.set()
            await asyncio.Event().wait()
        finally:
            try:
                await within(0.01, asyncio.Event().wait())
            except TimeoutError:
                outcome = "cut short"

    scope = TaskScope("sample")
    scope.spawn(work(), "work")
    await started.wait()
    await scope.close()
    assert outcome == "cut short"


async def test_what_is_done_in_time_is_returned() -> None:
    async def work() -> str:
        return "done"

    assert await within(10, work()) == "done"
