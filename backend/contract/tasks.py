"""One owner for background tasks: named, kept, and stopped by cancel and wait."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

log = logging.getLogger(__name__)


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
