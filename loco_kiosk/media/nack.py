"""When to ask for which packets again (RFC 4585, section 6.2.1). Pure: no clock of its own, no network."""

from loco_kiosk.media.reorder import FrameBuffer

REPEAT_US = 10_000
"""A request, or its answer, may itself be lost; a round trip on a LAN is well under this."""
TAIL_US = 5_000
"""The packets of one picture leave together; 5 ms after the last, its end is lost rather than late."""
TAIL_TRIES = 5
"""A tail that nobody has is not asked for for ever; the heartbeat of the stream asks again."""
MAX_PATIENCE_US = 20_000
_LEARNING = 0.25
_FORGET_PER_S = 0.2
_MOST_SEEN = 300
"""Holes whose packet may still come by itself; a few round trips of a bad way."""


class NackTimer:
    """Decides what to request of the sender for one :class:`FrameBuffer`.

    A packet that comes by itself after all was not lost but overtaken. How late such packets are is the patience with
    which a hole is looked at before it is asked for; a way in order lowers it again.
    """

    def __init__(self, buffer: FrameBuffer) -> None:
        self.round_trip_us = 0
        """As measured elsewhere; an answer cannot be here any sooner."""
        self._buffer = buffer
        self._due_us: dict[int, int] = {}
        self._seen_us: dict[int, int] = {}
        self._tail_us = 0
        self._expecting = 0
        self._patience_us = 0.0
        self._judged_us = 0

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

    def original(self, sequence: int, now_us: int) -> None:
        """A packet came that nobody sent again; call it before :meth:`due`."""
        seen_us = self._seen_us.pop(sequence, None)
        if seen_us is not None:
            self._patience_us += _LEARNING * (min(MAX_PATIENCE_US, now_us - seen_us) - self._patience_us)

    def due(self, now_us: int) -> list[int]:
        """Sequence numbers to request now; empty when none, or when the last request is too young."""
        self._forget(now_us)
        holes = self._buffer.missing()
        if not holes:
            self._due_us.clear()
            return self._tail(now_us)
        for hole in holes:
            self._seen_us.setdefault(hole, now_us)
        known = self._due_us
        patience_us = round(self._patience_us)
        self._due_us = {hole: known.get(hole, now_us + patience_us) for hole in holes}
        wanted = [hole for hole, due_us in self._due_us.items() if due_us <= now_us]
        again_us = now_us + max(REPEAT_US, self.round_trip_us + patience_us)
        self._due_us.update(dict.fromkeys(wanted, again_us))
        return wanted

    def _tail(self, now_us: int) -> list[int]:
        since_us = self._buffer.unfinished_since_us
        ripe = since_us is not None and now_us - since_us >= TAIL_US + self._patience_us
        if not (ripe or self._expecting) or now_us < self._tail_us:
            return []
        self._expecting = max(0, self._expecting - 1)
        self._tail_us = now_us + max(REPEAT_US, self.round_trip_us)
        return [self._buffer.after_newest]

    def _forget(self, now_us: int) -> None:
        passed_s, self._judged_us = (now_us - self._judged_us) / 1e6, now_us
        self._patience_us *= max(0.0, 1.0 - _FORGET_PER_S * passed_s)
        if len(self._seen_us) > _MOST_SEEN:
            self._seen_us.clear()
