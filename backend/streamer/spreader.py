"""Packets of a large picture leave spread over some milliseconds, so that sound and input find room between them.

A key frame has up to a hundred packets. Sent at once they fill the queue of the next narrow link: what comes behind
them waits, and what does not fit is lost.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

AT_ONCE = 10
"""Packets that no queue minds; usual pictures have fewer."""
FASTEST_BPS = 40_000_000
"""Unless the way is known to be narrower: a key frame of 40 kB takes 8 ms."""
_SLICE_S = 0.002
_LONGEST_S = 0.4
"""So much may wait; a viewer who is further behind loses the next picture."""

Packet = TypeVar("Packet")


class Spreader(Generic[Packet]):
    """Hands packets to ``write`` in their order, at a limited rate.

    Args:
        write: sends one packet now.
        length: bytes of a packet.
    """

    def __init__(self, write: Callable[[Packet], None], length: Callable[[Packet], int]) -> None:
        self.rate_bps = FASTEST_BPS
        self._write = write
        self._length = length
        self._waiting: deque[Packet] = deque()
        self._bytes = 0
        self._timer: asyncio.TimerHandle | None = None

    @property
    def busy(self) -> bool:
        """Whether packets wait; what comes now must queue up behind them."""
        return bool(self._waiting)

    @property
    def full(self) -> bool:
        """Whether so much waits that nothing more should be added."""
        return self._bytes * 8 > self.rate_bps * _LONGEST_S

    def add(self, packets: list[Packet]) -> None:
        """Send the first of them now, unless others wait, and the rest in time."""
        if not self._waiting:
            for packet in packets[:AT_ONCE]:
                self._write(packet)
            packets = packets[AT_ONCE:]
        self._waiting.extend(packets)
        self._bytes += sum(map(self._length, packets))
        if self._waiting and self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_SLICE_S, self._send)

    def clear(self) -> None:
        """Forget what waits."""
        self._waiting.clear()
        self._bytes = 0
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _send(self) -> None:
        self._timer = None
        allowed = self.rate_bps * _SLICE_S / 8
        sent = 0
        while self._waiting and (sent < allowed or not sent):
            packet = self._waiting.popleft()
            sent += self._length(packet)
            self._write(packet)
        self._bytes = max(0, self._bytes - sent)
        if self._waiting:
            self._timer = asyncio.get_running_loop().call_later(sent * 8 / self.rate_bps, self._send)
