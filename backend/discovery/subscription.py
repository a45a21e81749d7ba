"""One reader of the registry's events."""

import asyncio
from collections import deque
from collections.abc import Callable

from backend.contract.events import Event, Snapshot


class Subscription:
    """A snapshot first, then changes; after an overflow a snapshot again, instead of the backlog."""

    def __init__(self, snapshot: Callable[[], Snapshot], bound: int) -> None:
        self._snapshot = snapshot
        self._bound = bound
        self._queue: deque[Event] = deque()
        self._wake = asyncio.Event()
        self._snapshot_due = True

    async def get(self) -> Event:
        """The next event; all readers get the same object. Cancelling loses none."""
        while True:
            if self._snapshot_due:
                self._snapshot_due = False
                return self._snapshot()
            if self._queue:
                return self._queue.popleft()
            self._wake.clear()
            await self._wake.wait()

    async def batch(self) -> list[Event]:
        """All events that have come since, one at least. Cancelling loses none."""
        events = [await self.get()]
        while self._queue and not self._snapshot_due:
            events.append(self._queue.popleft())
        return events

    def put(self, event: Event) -> bool:
        """Queue an event; False when that made the backlog too long, so that a snapshot replaces it."""
        if self._snapshot_due:
            return True
        self._wake.set()
        if len(self._queue) < self._bound:
            self._queue.append(event)
            return True
        self._queue.clear()
        self._snapshot_due = True
        return False
