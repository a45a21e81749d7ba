"""Says what was not acknowledged once more, long before SCTP itself would: a key must not wait for a timer.

A tail loss probe, as TCP has (RFC 8985, section 7). The receiver drops what comes twice by its transmission sequence
number (RFC 9260, section 6.2), so that a key is never pressed twice.
"""

import asyncio
from collections.abc import Callable

FIRST_S = 0.015
"""An acknowledgement on a LAN takes 2 ms, on two busy processors 10."""
_ROUND_TRIPS = 2.0
_TRIES = 3
"""Then SCTP's own timer has its turn."""


class Insistence:
    """``repeat`` sends what is unacknowledged again; False when nothing is. Threading: one event loop."""

    def __init__(self, repeat: Callable[[], bool], round_trip_s: Callable[[], float]) -> None:
        self.repeats = 0
        self._repeat = repeat
        self._round_trip_s = round_trip_s
        self._tries = 0
        self._timer: asyncio.TimerHandle | None = None

    def sent(self) -> None:
        """Something left that shall arrive soon."""
        self._tries = 0
        if self._timer is None:
            self._wait()

    def close(self) -> None:
        """Stop."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _wait(self) -> None:
        delay_s = max(FIRST_S, _ROUND_TRIPS * self._round_trip_s()) * (1 << self._tries)
        self._timer = asyncio.get_running_loop().call_later(delay_s, self._look)

    def _look(self) -> None:
        self._timer = None
        if self._tries < _TRIES and self._repeat():
            self.repeats += 1
            self._tries += 1
            self._wait()
