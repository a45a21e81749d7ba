"""One supervised child process."""

import asyncio
import contextlib
import signal
from collections.abc import Awaitable, Callable
from typing import Protocol

from backend.contract.retry import Backoff, forever
from backend.contract.tasks import within
from backend.local.errors import ChildExitedError

STABLE_S = 5.0
"""A child that lived for so long worked; its next end is not a failure in a row."""
STOP_S = 1.2
"""From SIGTERM to SIGKILL; everything has to be gone within three seconds."""
_BACKOFF = Backoff(initial_s=0.1, maximum_s=10.0)


class Running(Protocol):
    """A process that runs."""

    @property
    def pid(self) -> int:
        """Its number."""

    async def wait(self) -> int:
        """Its exit status, negative for a signal."""

    def send_signal(self, number: int, /) -> None:
        """May raise ProcessLookupError if it has ended, as asyncio's processes do."""


class Child:
    """Keeps one process running."""

    def __init__(self, name: str, start: Callable[[], Awaitable[Running]], *, backoff: Backoff = _BACKOFF) -> None:
        self._name = name
        self._start = start
        self._backoff = backoff
        self._running: Running | None = None
        self.starts = 0

    @property
    def pid(self) -> int | None:
        """Of the running process, None between two."""
        return None if self._running is None else self._running.pid

    async def run(self) -> None:
        """Start it, and again whenever it ends, until cancelled; then it is gone."""
        await forever(self._name, self._attempt, failures=(OSError, ChildExitedError), backoff=self._backoff)

    def replace(self) -> None:
        """End the running process the hard way; :meth:`run` starts another."""
        if self._running is not None:
            _signal(self._running, signal.SIGKILL)

    async def _attempt(self, healthy: Callable[[], None]) -> None:
        process = await self._start()
        self._running = process
        self.starts += 1
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(STABLE_S):
                    raise ChildExitedError(_ended(await process.wait()))
            healthy()
            raise ChildExitedError(_ended(await process.wait()))
        except asyncio.CancelledError:
            await _end(process)
            raise
        finally:
            self._running = None


async def _end(process: Running) -> None:
    _signal(process, signal.SIGTERM)
    try:
        await within(STOP_S, process.wait())
    except TimeoutError:
        _signal(process, signal.SIGKILL)
        await process.wait()


def _signal(process: Running, number: int) -> None:
    """Nothing happens if it has just ended: an error here would take the place of the cancellation that asked."""
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(number)


def _ended(status: int) -> str:
    return f"it was killed by signal {-status}" if status < 0 else f"it ended with status {status}"
