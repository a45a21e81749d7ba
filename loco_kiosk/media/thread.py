"""The media thread: one asyncio loop of its own, apart from the GUI's."""

import asyncio
import concurrent.futures
import logging
import threading
import time
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import uvloop

from backend.contract.tasks import END_OF_SESSION, LoopErrors

log = logging.getLogger(__name__)

Result = TypeVar("Result")
_BEAT_S = 0.1
_MARGIN_S = 1.0


class MediaThread:
    """Runs coroutines of the receive path.

    Threading: :meth:`start`, :meth:`stop`, :meth:`submit`, :meth:`call` and :attr:`heartbeat_us` are for other threads;
    what they run is in the media thread.
    """

    def __init__(self, name: str = "media") -> None:
        self._name = name
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._own_tasks: set[asyncio.Task[Any]] = set()
        self._heartbeat_us = 0

    @property
    def heartbeat_us(self) -> int:
        """When the loop last turned; microseconds of the monotonic clock, 0 before the start."""
        return self._heartbeat_us

    def start(self) -> None:
        """Start the loop; returns once it turns."""
        assert self._thread is None, "the media thread runs already"
        ready = threading.Event()
        # A daemon: a loop that hangs must not keep the process, and with it the embedded cluster, alive.
        self._thread = threading.Thread(target=self._run, args=(ready,), name=self._name, daemon=True)
        self._thread.start()
        ready.wait()

    def submit(self, coroutine: Coroutine[Any, Any, Result]) -> concurrent.futures.Future[Result]:
        """Run a coroutine in the media thread."""
        return asyncio.run_coroutine_threadsafe(self._own(coroutine), self._running())

    def call(self, function: Callable[..., object], *arguments: object) -> None:
        """Call a function in the media thread, soon; a call after :meth:`stop` is forgotten."""
        loop = self._loop
        if loop is not None:
            try:
                loop.call_soon_threadsafe(function, *arguments)
            except RuntimeError:
                log.debug("call of %r after the media thread has ended", function)

    def stop(self, timeout_s: float = 10.0) -> bool:
        """Cancel what was submitted, wait for it and end the thread; False when it did not end in time."""
        thread, loop = self._thread, self._loop
        if thread is None or loop is None:
            return True
        # Ours first: WebRTC connections cannot be closed any more once the tasks inside of them are cancelled.
        ended = asyncio.run_coroutine_threadsafe(self._end_own(timeout_s - _MARGIN_S), loop)
        ended.add_done_callback(lambda _: loop.call_soon_threadsafe(loop.stop))
        thread.join(timeout_s)
        if thread.is_alive():
            log.error("the media thread did not stop within %.0f s", timeout_s)
            return False
        self._thread = None
        return True

    async def _own(self, coroutine: Coroutine[Any, Any, Result]) -> Result:
        task = asyncio.current_task()
        assert task is not None
        self._own_tasks.add(task)
        try:
            return await coroutine
        finally:
            self._own_tasks.discard(task)

    async def _end_own(self, timeout_s: float) -> None:
        tasks = list(self._own_tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=timeout_s)

    def _running(self) -> asyncio.AbstractEventLoop:
        assert self._loop is not None, "start the media thread first"
        return self._loop

    def _run(self, ready: threading.Event) -> None:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            self._loop = loop = runner.get_loop()
            loop.set_exception_handler(LoopErrors(*END_OF_SESSION))
            loop.call_soon(self._beat)
            loop.call_soon(ready.set)
            try:
                loop.run_forever()
            finally:
                self._loop = None  # leaving the runner cancels all tasks and waits for them

    def _beat(self) -> None:
        self._heartbeat_us = time.monotonic_ns() // 1000
        if self._loop is not None:
            self._loop.call_later(_BEAT_S, self._beat)
