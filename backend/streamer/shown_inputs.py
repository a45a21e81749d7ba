"""Which input the guest has answered with a picture."""

from collections import deque

_MOST = 64
"""Inputs that wait for a picture; a guest that draws nothing answers none."""


class ShownInputs:
    """The inputs of one viewer that no picture followed yet."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[int, int]] = deque(maxlen=_MOST)

    def note(self, sequence: int, now_us: int) -> None:
        """The input reached the guest."""
        self._waiting.append((sequence, now_us))

    def shown_by(self, changed_us: int) -> list[int]:
        """Sequence numbers that a picture shows whose newest change was captured then; each is told once."""
        shown = []
        while self._waiting and self._waiting[0][1] <= changed_us:
            shown.append(self._waiting.popleft()[0])
        return shown
