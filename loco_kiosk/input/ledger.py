"""What is held down: so that everything that went down goes up again."""

from collections.abc import Hashable
from typing import Generic, TypeVar

Item = TypeVar("Item", bound=Hashable)


class Ledger(Generic[Item]):
    """Keys or buttons held down, in the order of pressing."""

    def __init__(self) -> None:
        self._held: dict[Item, None] = {}

    def press(self, item: Item) -> bool:
        """Note ``item`` as down; False if it was already."""
        if item in self._held:
            return False
        self._held[item] = None
        return True

    def release(self, item: Item) -> bool:
        """Note ``item`` as up; False if it was not down: its press went elsewhere."""
        if item not in self._held:
            return False
        del self._held[item]
        return True

    def clear(self) -> tuple[Item, ...]:
        """Forget everything; what was held, last pressed first."""
        held = tuple(reversed(self._held))
        self._held.clear()
        return held

    def __contains__(self, item: object) -> bool:
        return item in self._held

    def __len__(self) -> int:
        return len(self._held)

    @property
    def held(self) -> frozenset[Item]:
        """What is down now."""
        return frozenset(self._held)
