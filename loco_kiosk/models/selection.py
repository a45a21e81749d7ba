"""Which tile is picked, which page shows, and whether a tile fills the screen. Plain Python, no Qt."""

from dataclasses import dataclass, replace

COLUMNS = 3
PAGE = 9
"""Slots on a page: a 3x3 grid."""
_STEPS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}


@dataclass(frozen=True, slots=True)
class Selection:
    """What the viewer looks at; every method returns the next selection."""

    slots: int = 0
    """Slots that the wall has."""
    page: int = 0
    picked: int | None = None
    """Slot, counted over all pages."""
    zoomed: bool = False

    @property
    def pages(self) -> int:
        """Pages of the wall, at least one."""
        return max(1, -(-self.slots // PAGE))

    def with_slots(self, slots: int) -> "Selection":
        """The wall has ``slots`` slots now."""
        resized = replace(self, slots=slots)
        page = min(self.page, resized.pages - 1)
        gone = self.picked is not None and self.picked >= resized.pages * PAGE
        return replace(resized, page=page, picked=None, zoomed=False) if gone else replace(resized, page=page)

    def pick(self, position: int) -> "Selection":
        """Pick a position (0 to 8) of the page that shows."""
        return self if self.zoomed else replace(self, picked=self.page * PAGE + position)

    def step(self, direction: str) -> "Selection":
        """Move the picked tile by an arrow; over the left and right edge to the neighbouring page."""
        if self.zoomed:
            return self
        if self.picked is None:
            return self.pick(0)
        column, row = self.picked % PAGE % COLUMNS, self.picked % PAGE // COLUMNS
        across, down = _STEPS[direction]
        column, row = column + across, min(max(row + down, 0), COLUMNS - 1)
        turned = self.page + (column >= COLUMNS) - (column < 0)
        if not 0 <= turned < self.pages:
            return self
        return replace(self, page=turned, picked=turned * PAGE + row * COLUMNS + column % COLUMNS)

    def turn(self, pages: int) -> "Selection":
        """Turn pages forwards or backwards, to the same position there."""
        page = min(max(self.page + pages, 0), self.pages - 1)
        if self.zoomed or page == self.page:
            return self
        return replace(self, page=page, picked=None if self.picked is None else self.picked % PAGE + page * PAGE)

    def follow(self, slot: int | None) -> "Selection":
        """Somebody else picked a slot, on whatever page, or none; nobody is sent away from a zoomed tile to none."""
        if slot is None:
            return self if self.zoomed else replace(self, picked=None)
        return replace(self, page=slot // PAGE, picked=slot)

    def zoom(self) -> "Selection":
        """Let the picked tile fill the screen."""
        return self if self.picked is None else replace(self, zoomed=True)

    def grid(self) -> "Selection":
        """Back to the grid."""
        return replace(self, zoomed=False)

    def on_page(self, position: int) -> int:
        """The slot at a position of the page that shows."""
        return self.page * PAGE + position
