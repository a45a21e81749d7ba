"""A live capture: what passes some ports of a room, until somebody has seen enough."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence

from backend.lan import pcapng
from backend.lan.port import Port
from backend.lan.room import Room

QUEUE_BYTES = 4 * 2**20
"""What a slow reader may be behind; frames beyond are missed, which the capture says of itself."""


class Capture:
    """Taps a room inside its context."""

    def __init__(self, room: Room, ports: Sequence[Port], *, both_ways: bool) -> None:
        """``both_ways`` also takes what goes to the ports; without, each frame of a whole room comes once."""
        self._room = room
        self._both_ways = both_ways
        self._numbers = {port: number for number, port in enumerate(ports)}
        self._blocks: list[bytes] = []
        self._bytes = 0
        self._missed = 0
        self._more = asyncio.Event()
        self._ended = False
        self.missed = 0
        """Frames that the reader was too slow for."""

    def __enter__(self) -> "Capture":
        self._room.taps.append(self._tap)
        return self

    def __exit__(self, *_: object) -> None:
        self._room.taps.remove(self._tap)

    def end(self) -> None:
        """There will be no more."""
        self._ended = True
        self._more.set()

    async def chunks(self) -> AsyncIterator[bytes]:
        """The file, as it grows, until :meth:`end`."""
        yield pcapng.section_header() + b"".join(pcapng.interface(_name(port)) for port in self._numbers)
        ended = False
        while not ended:
            await self._more.wait()
            self._more.clear()
            ended = self._ended
            chunk = b"".join(self._blocks)
            self._blocks.clear()
            self._bytes = 0
            yield chunk

    def _tap(self, port: Port, frame: bytes, came_in: bool) -> None:
        number = self._numbers.get(port)
        if number is None or not (came_in or self._both_ways):
            return
        if self._bytes > QUEUE_BYTES:
            self._missed += 1
            self.missed += 1
            return
        block = pcapng.packet(number, time.time_ns(), frame, came_in=came_in, dropped=self._missed)
        self._missed = 0
        self._blocks.append(block)
        self._bytes += len(block)
        self._more.set()


def _name(port: Port) -> str:
    return f"{port.number} {port.name}"
