"""The refresh poke: QEMU looks at the guest's picture every 30 ms; after an input it is asked to look sooner.

Where somebody watches closely it is asked steadily, for as long as the guest draws more than QEMU would see.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from backend.qemu.errors import MonitorError
from backend.qemu.poke_pace import PokePace

DELAYS_S = (0.001, 0.002, 0.004, 0.008, 0.014, 0.022)
"""After an input: when a quick guest has drawn, when slower ones have, and just before QEMU looks by itself."""
SPACING_S = 0.001
"""Least time between two pokes, however quickly inputs follow each other."""
STREAM_S = 0.02
"""Inputs that follow each other so quickly, as those of a mouse that moves, get every other poke."""

BEAT_S = 1 / 60
"""Between two steady pokes: as many as a viewer can show."""

# A screendump refreshes the display first and opens its file afterwards. A directory cannot be opened, so that no
# picture is written: 0.09 instead of 1.35 ms of QEMU's time. QEMU reads a monitor byte by byte, each with five system
# calls, so all but the last byte is there beforehand.
_LOADED = b'{"execute":"screendump","arguments":{"filename":"/"}'
_POKE = b"}"
_NEGOTIATE = b'{"execute":"qmp_capabilities"}\n'
_ANSWERS = (b'{"return"', b'{"error"')


class PokeTimes:
    """When to poke next. Pure; times in seconds of any one clock."""

    def __init__(self) -> None:
        self._due: list[float] = []
        self._last = self._input = float("-inf")
        self._beat = float("inf")

    def after_input(self, now: float) -> None:
        """An input was sent."""
        delays = DELAYS_S[:: 2 if now - self._input < STREAM_S else 1]
        self._input = now
        soonest = self._due[0] if self._due else float("inf")
        first = max(min(soonest, now + delays[0]), self._last + SPACING_S)
        later = [now + delay for delay in delays[1:]]
        self._due = [first, *(time for time in later if time >= first + SPACING_S)]

    def steadily(self, steady: bool, now: float) -> None:
        """Poke every :data:`BEAT_S` from now on, or no longer."""
        if not steady:
            self._beat = float("inf")
        elif self._beat == float("inf"):
            self._beat = max(now, self._last + SPACING_S)

    def next_due(self) -> float | None:
        """Time of the next poke."""
        due = min(self._beat, self._due[0]) if self._due else self._beat
        return None if due == float("inf") else due

    def poked(self, now: float) -> None:
        """A poke was sent; drops those that came due meanwhile."""
        self._last = now
        soonest = now + SPACING_S
        if self._beat < soonest:
            self._beat = max(self._beat + BEAT_S, soonest)
        self._due = [time for time in self._due if time >= soonest]


class Poker:
    """Pokes one guest on its own monitor. Never two in flight: some versions of QEMU abort on that.

    Args:
        socket_path: of the monitor.
        pictures: how many changed pictures were seen so far.

    Threading: event loop only.
    """

    def __init__(self, socket_path: Path, pictures: Callable[[], int] = lambda: 0) -> None:
        self._path = socket_path
        self._pictures = pictures
        self._times = PokeTimes()
        self._pace = PokePace()
        self._news = asyncio.Event()

    def after_input(self) -> None:
        """Call once for each input, or batch of inputs, sent to the guest."""
        self._times.after_input(asyncio.get_running_loop().time())
        self._news.set()

    def watch_closely(self, closely: bool) -> None:
        """Whether somebody wants every picture that the guest draws."""
        now = asyncio.get_running_loop().time()
        self._pace.watch_closely(closely, now, self._pictures())
        self._times.steadily(self._pace.steady, now)
        self._news.set()

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
            writer.write(_LOADED)
            await self._wait_until_due()
            self._times.poked(asyncio.get_running_loop().time())
            writer.write(_POKE)
            await _answer(reader)

    async def _wait_until_due(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            now, look = loop.time(), self._pace.next_look()
            if look <= now:
                self._pace.look(now, self._pictures())
                self._times.steadily(self._pace.steady, now)
                continue
            due = self._times.next_due()
            if due is not None and due <= now:
                return
            self._news.clear()
            with suppress(TimeoutError):
                soonest = look if due is None else min(due, look)
                async with asyncio.timeout_at(None if soonest == float("inf") else soonest):
                    await self._news.wait()


async def _answer(reader: asyncio.StreamReader) -> None:
    """Skip the greeting and events, up to the answer of the last command."""
    while True:
        line = await reader.readline()
        if not line:
            raise OSError("end of file")
        if line.startswith(_ANSWERS):
            return
