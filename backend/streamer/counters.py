"""What was dropped, by cause."""

from collections import Counter


class Drops:
    """Counts since the start; shared by all parts of one streamer. One event loop only."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def count(self, cause: str, number: int = 1) -> None:
        """Something was dropped for ``cause``, a short name with underscores."""
        self._counts[cause] += number

    def totals(self) -> dict[str, int]:
        """All causes so far."""
        return dict(self._counts)
