"""Sentences that the wearer should read: those that last, and those that were read after a while."""

READ_S = 12.0
"""A sentence about what does not come right by itself, such as missing sound, need not hang there for ever."""


class Notices:
    """Which sentences hang in the room now. Times in seconds."""

    def __init__(self) -> None:
        self._since: dict[str, float] = {}

    def text(self, lasting: str, passing: tuple[str, ...], now_s: float) -> str:
        """What to show: ``lasting`` as long as it is so, each of ``passing`` for a while only."""
        self._since = {sentence: self._since.get(sentence, now_s) for sentence in passing if sentence}
        fresh = [sentence for sentence, since_s in self._since.items() if now_s - since_s < READ_S]
        return " ".join([lasting, *fresh] if lasting else fresh)
