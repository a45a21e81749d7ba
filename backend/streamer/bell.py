"""Wakes everybody who waits for the next change."""

import asyncio


class Bell:
    """Rings for all who wait at that moment; who comes later waits for the next ring."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        """Wake all who wait."""
        event, self._event = self._event, asyncio.Event()
        event.set()

    async def wait(self) -> None:
        """Until the next ring."""
        await self._event.wait()
