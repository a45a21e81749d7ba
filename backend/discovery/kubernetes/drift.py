"""Counts how often pods and endpoints contradict each other for longer than news travels.

The other drift, between the watch and a full list, is counted by the reflector.
"""

from collections.abc import Collection

PATIENCE_S = 2.0
"""A slice follows its pod within 20 ms, and within 1.1 s when many pods change at once."""


class Disputes:
    """Follows which pods are in dispute."""

    def __init__(self, patience_s: float = PATIENCE_S) -> None:
        self.total = 0
        """Disputes that outlasted patience."""
        self._patience_s = patience_s
        self._since: dict[str, float] = {}
        self._counted: set[str] = set()

    @property
    def lasting(self) -> int:
        """Of those just now, how many have outlasted patience."""
        return len(self._counted)

    def update(self, disputed: Collection[str], now_s: float) -> list[str]:
        """Take the UIDs in dispute at a monotonic time; those that have just outlasted patience."""
        self._since = {uid: self._since.get(uid, now_s) for uid in disputed}
        self._counted &= self._since.keys()
        lasting = [
            uid
            for uid, since_s in self._since.items()
            if uid not in self._counted and now_s - since_s > self._patience_s
        ]
        self._counted.update(lasting)
        self.total += len(lasting)
        return lasting
