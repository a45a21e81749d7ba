"""Whether steady pokes pay: only while the guest draws more often than QEMU looks by itself, 33 times a second."""

LOOK_S = 0.5
"""Between two looks at how often the picture changed."""
QUICK_PER_S = 42.0
"""With steady pokes: a guest that changes its picture so often shows more with them. One of 30 pictures a second is
seen up to 40 times, since some of its pictures are seen half drawn."""
ALWAYS_PER_S = 27.0
"""Without them: at most of QEMU's own looks there was something new."""
FIRST_PATIENCE_S, MAX_PATIENCE_S = 1.0, 8.0
"""After pokes that brought nothing, so long until they are tried again; longer after each failure."""


class PokePace:
    """Decides by trying. Pure; times in seconds of any one clock, ``pictures`` counts changes that were seen.

    Attributes:
        steady: whether to poke steadily now.
    """

    def __init__(self) -> None:
        self.steady = False
        self._closely = False
        self._pictures = 0
        self._since = 0.0
        self._next_look = float("inf")
        self._patience = FIRST_PATIENCE_S
        self._try_after = 0.0

    def watch_closely(self, closely: bool, now: float, pictures: int) -> None:
        """Somebody wants every picture, or nobody any more; the first try is at once."""
        if closely == self._closely:
            return
        self._closely = self.steady = closely
        self._patience = FIRST_PATIENCE_S
        self._begin(now, pictures)

    def next_look(self) -> float:
        """When :meth:`look` is due; infinity for never."""
        return self._next_look

    def look(self, now: float, pictures: int) -> None:
        """Count what came since the last look, and decide."""
        rate = (pictures - self._pictures) / max(now - self._since, 1e-6)
        if self.steady and rate < QUICK_PER_S:
            self.steady = False
            self._try_after = now + self._patience
            self._patience = min(self._patience * 2, MAX_PATIENCE_S)
        elif self.steady:
            self._patience = FIRST_PATIENCE_S
        else:
            self.steady = rate >= ALWAYS_PER_S and now >= self._try_after
        self._begin(now, pictures)

    def _begin(self, now: float, pictures: int) -> None:
        self._since, self._pictures = now, pictures
        self._next_look = now + LOOK_S * (1 if self.steady else 2) if self._closely else float("inf")
