"""When to ask for which packets again (RFC 4585, section 6.2.1). Pure: no clock of its own, no network."""

from loco_kiosk.media.reorder import FrameBuffer

REPEAT_US = 10_000
"""A request, or its answer, may itself be lost; a round trip on a LAN is well under this."""
TAIL_US = 5_000
"""The packets of one picture leave together; 5 ms after the last, its end is lost rather than late."""
TAIL_TRIES = 5
"""A tail that nobody has is not asked for for ever; the heartbeat of the stream asks again."""


class NackTimer:
    """Decides what to request of the sender for one :class:`FrameBuffer`."""

    def __init__(self, buffer: FrameBuffer) -> None:
        self._buffer = buffer
        self._asked_us = -REPEAT_US
        self._expecting = 0

    @property
    def active(self) -> bool:
        """True while :meth:`due` must be called every few milliseconds."""
        buffer = self._buffer
        return buffer.hole_since_us is not None or buffer.unfinished_since_us is not None or self._expecting > 0

    def expect_more(self) -> None:
        """The sender says that there is a newer picture than any packet that came: ask for what follows the newest."""
        self._expecting = TAIL_TRIES

    def arrived(self) -> None:
        """A packet came: what was expected is there, or shows as a hole."""
        self._expecting = 0

    def due(self, now_us: int) -> list[int]:
        """Sequence numbers to request now; empty when none, or when the last request is too young."""
        if now_us - self._asked_us < REPEAT_US:
            return []
        wanted = self._wanted(now_us)
        if wanted:
            self._asked_us = now_us
        return wanted

    def _wanted(self, now_us: int) -> list[int]:
        if holes := self._buffer.missing():
            return holes
        since_us = self._buffer.unfinished_since_us
        tail = since_us is not None and now_us - since_us >= TAIL_US
        if self._expecting:
            self._expecting -= 1
            tail = True
        return [self._buffer.after_newest] if tail else []
