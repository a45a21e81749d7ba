"""Sense from pointer messages that come late, twice or never."""


class PointerOrder:
    """Order and sums of one viewer's pointer messages."""

    def __init__(self) -> None:
        self._newest: int | None = None
        self._sum = (0, 0)

    def is_newer(self, sequence: int) -> bool:
        """Whether this message overtakes all before it; if so, it is now the newest (u32, may wrap)."""
        if self._newest is not None and (sequence - self._newest - 1) & 0xFFFF_FFFF >= 0x8000_0000:
            return False
        self._newest = sequence
        return True

    def movement(self, x: int, y: int) -> tuple[int, int]:
        """What the sums ``x`` and ``y`` (i32, may wrap) add to the sums before."""
        moved = (_difference(x, self._sum[0]), _difference(y, self._sum[1]))
        self._sum = (x, y)
        return moved


def _difference(new: int, old: int) -> int:
    return (new - old + 0x8000_0000) % 0x1_0000_0000 - 0x8000_0000
