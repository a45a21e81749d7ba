"""Keeps pictures out of the decoder until one comes that needs none before it, and says when to ask for it. Pure.

The request is a picture loss indication (PLI; RFC 4585, section 6.3.1). Senders limit key frames, so asking faster than
they answer is useless.
"""

FIRST_US = 300_000
"""Streamers send a key frame at most every 300 ms, and one unasked when a viewer joins."""
_SLOWEST_US = 2_400_000
_PATIENCE_US = 100_000


class KeyFrameGate:
    """Closed at the start and after each loss; a key frame opens it."""

    def __init__(self, now_us: int) -> None:
        self.closed = True
        self.requests = 0
        self.losses = 0
        """How often an open gate had to close."""
        self._next_us = now_us + FIRST_US
        self._interval_us = FIRST_US

    def lose(self, now_us: int) -> None:
        """A picture is lost: close, and ask at once unless it is asked already."""
        if not self.closed or not self.requests:
            self._next_us = now_us
        self.losses += not self.closed
        self.closed = True

    def hear(self, now_us: int) -> None:
        """A packet came: the first key frame may be on its way, so nothing is asked for just yet."""
        if self.closed and not self.requests:
            self._next_us = max(self._next_us, now_us + _PATIENCE_US)

    def open(self) -> None:
        """A key frame came."""
        self.closed = False
        self.requests = 0
        self._interval_us = FIRST_US

    def due(self, now_us: int) -> bool:
        """True when a key frame must be asked for now; asks again ever more slowly."""
        if not self.closed or now_us < self._next_us:
            return False
        self.requests += 1
        self._next_us = now_us + self._interval_us
        self._interval_us = min(_SLOWEST_US, 2 * self._interval_us)
        return True
