"""More screens than a wall holds: pages of nine."""

from collections.abc import Sequence

from vr.scene.layout import PAGE


class Pages:
    """Which page is open; screens keep their order."""

    def __init__(self) -> None:
        self._ids: tuple[str, ...] = ()
        self._page = 0

    @property
    def page(self) -> int:
        """Number of the open page, from 0."""
        return self._page

    @property
    def count(self) -> int:
        """How many pages there are; at least one."""
        return max(1, -(-len(self._ids) // PAGE))

    @property
    def shown(self) -> tuple[str, ...]:
        """Ids of the open page."""
        return self._ids[self._page * PAGE : (self._page + 1) * PAGE]

    def set(self, ids: Sequence[str]) -> None:
        """All screens, by slot; a page that no longer exists gives way to the last one."""
        self._ids = tuple(ids)
        self._page = min(self._page, self.count - 1)

    def turn(self, pages: int) -> bool:
        """Turn forth or back; False at the end."""
        before, self._page = self._page, min(max(self._page + pages, 0), self.count - 1)
        return self._page != before

    def open(self, id: str) -> None:  # noqa: A002 - the wire's word
        """Turn to the page of a screen."""
        if id in self._ids:
            self._page = self._ids.index(id) // PAGE
