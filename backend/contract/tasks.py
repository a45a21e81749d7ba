"""One owner for background tasks: named, kept, and stopped by cancel and wait."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Coroutine
from typing import Any, TypeVar

log = logging.getLogger(__name__)

Result = TypeVar("Result")


async def within(seconds: float, awaited: Awaitable[Result]) -> Result:
    """Wait for no longer than that; for clean-up, which runs in tasks that are being cancelled.

    There :func:`asyncio.timeout` takes its own cancellation for the other one, up to Python 3.11.2: Debian 12 has that.

    Raises:
        TimeoutError: it took longer, and was cancelled.
    """
    return await asyncio.wait_for(awaited, seconds)


class TaskScope:
    """Owns the tasks of one object. A task that fails is logged with its name; the others go on.

    Use an :class:`asyncio.TaskGroup` where tasks live inside one function; use this where they live as long as an
    object. Threading: one event loop only.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._tasks: set[asyncio.Task[Any]] = set()

    def spawn(self, coroutine: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
        """Start a task; it is forgotten when it ends."""
        task = asyncio.get_running_loop().create_task(coroutine, name=f"{self._name}: {name}")
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    async def close(self, timeout_s: float = 5.0) -> None:
        """Cancel every task and wait for it; names those that do not stop in time."""
        tasks = [task for task in self._tasks if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        if not tasks:
            return
        _, hung = await asyncio.wait(tasks, timeout=timeout_s)
        for task in hung:
            log.error("task '%s' did not stop within %.0f s", task.get_name(), timeout_s)

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("task '%s' failed", task.get_name(), exc_info=error)


class LoopErrors:
    """Exception handler of an event loop: what libraries leave behind in tasks of their own.

    Errors of the classes in ``expected`` are counted and told at debug level, in one line; all others are logged with
    the name of their task. Classes are named (``OpenSSL.SSL.Error``), so that nobody must import them for this.
    """

    def __init__(self, *expected: str) -> None:
        self._expected = frozenset(expected)
        self.counts: Counter[str] = Counter()

    def __call__(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """For :meth:`asyncio.loop.set_exception_handler`."""
        error = context.get("exception")
        task = context.get("task") or context.get("future")
        where = task.get_name() if isinstance(task, asyncio.Task) else context.get("handle", "the event loop")
        message = context.get("message", "failed")
        if error is not None and not self._expected.isdisjoint(_class_names(error)):
            self.counts[type(error).__name__] += 1
            log.debug("%s: %s: %s", where, message, error)
        else:
            log.error("%s: %s", where, message, exc_info=error)


def _class_names(error: BaseException) -> set[str]:
    return {f"{kind.__module__}.{kind.__qualname__}" for kind in type(error).__mro__}


END_OF_SESSION = ("builtins.ConnectionError", "builtins.EOFError", "OpenSSL.SSL.Error")
"""What the libraries' own tasks die of when the other side goes: aiortc's while they send, qemu.qmp's while they read.
The session says that it ended, in words."""
