"""The refresh poke: QEMU looks at the guest's picture every 30 ms; after an input it is asked to look sooner."""

import asyncio
from contextlib import suppress
from pathlib import Path

from backend.qemu.errors import MonitorError

DELAYS_S = (0.0015, 0.005, 0.012, 0.022)
"""After an input: when a quick guest has drawn, when a slower one has, and just before QEMU looks by itself."""
SPACING_S = 0.003
"""Least time between two pokes, however quickly inputs follow each other."""

# A screendump refreshes the display first and opens its file afterwards. A directory cannot be opened, so that no
# picture is written: 0.09 instead of 1.35 ms of QEMU's time.
_POKE = b'{"execute":"screendump","arguments":{"filename":"/"}}\n'
_NEGOTIATE = b'{"execute":"qmp_capabilities"}\n'
_ANSWERS = (b'{"return"', b'{"error"')


class PokeTimes:
    """When to poke next. Pure; times in seconds of any one clock."""

    def __init__(self) -> None:
        self._due: list[float] = []
        self._last = float("-inf")

    def after_input(self, now: float) -> None:
        """An input was sent."""
        soonest = self._due[0] if self._due else float("inf")
        first = max(min(soonest, now + DELAYS_S[0]), self._last + SPACING_S)
        later = [now + delay for delay in DELAYS_S[1:]]
        self._due = [first, *(time for time in later if time >= first + SPACING_S)]

    def next_due(self) -> float | None:
        """Time of the next poke."""
        return self._due[0] if self._due else None

    def poked(self, now: float) -> None:
        """A poke was sent; drops those that came due meanwhile."""
        self._last = now
        self._due = [time for time in self._due[1:] if time > now]


class Poker:
    """Pokes one guest on its own monitor. Never two in flight: some versions of QEMU abort on that.

    Threading: event loop only.
    """

    def __init__(self, socket_path: Path) -> None:
        self._path = socket_path
        self._times = PokeTimes()
        self._input = asyncio.Event()

    def after_input(self) -> None:
        """Call once for each input, or batch of inputs, sent to the guest."""
        self._times.after_input(asyncio.get_running_loop().time())
        self._input.set()

    async def run(self) -> None:
        """Poke until cancelled.

        Raises:
            MonitorError: QEMU is gone.
        """
        try:
            reader, writer = await asyncio.open_unix_connection(self._path)
            try:
                await self._poke_forever(reader, writer)
            finally:
                writer.close()
        except (OSError, ValueError) as error:
            raise MonitorError(f"QEMU's monitor {self._path.name} closed.") from error

    async def _poke_forever(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # Plain QMP rather than the library: this runs for each input, and it is twice as quick.
        writer.write(_NEGOTIATE)
        await _answer(reader)
        while True:
            await self._wait_until_due()
            self._times.poked(asyncio.get_running_loop().time())
            writer.write(_POKE)
            await _answer(reader)

    async def _wait_until_due(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due = self._times.next_due()
            if due is not None and due <= loop.time():
                return
            self._input.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout_at(due):
                    await self._input.wait()


async def _answer(reader: asyncio.StreamReader) -> None:
    """Skip the greeting and events, up to the answer of the last command."""
    while True:
        line = await reader.readline()
        if not line:
            raise OSError("end of file")
        if line.startswith(_ANSWERS):
            return
