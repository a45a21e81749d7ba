"""Canvases that were closed, kept for the next of their size."""

from collections import deque
from typing import Protocol, TypeVar

MOST = 9
"""One page of screens: they change places when the wearer turns the page, and their sizes while guests start."""


class Spare(Protocol):
    """A canvas that nobody uses."""

    @property
    def width_px(self) -> int:
        """Columns."""

    @property
    def height_px(self) -> int:
        """Rows."""

    def destroy(self, *, session_ended: bool) -> None:
        """Free all of it; the swapchain of an ended session is gone already."""


CanvasT = TypeVar("CanvasT", bound=Spare)


class Spares(deque[CanvasT]):
    """Of one session. To make a swapchain stops the frame loop: for 10 ms where it is fast, for 300 where it is not."""

    def take(self, size_px: tuple[int, int]) -> CanvasT | None:
        """A canvas of this size, if there is one."""
        for canvas in self:
            if (canvas.width_px, canvas.height_px) == size_px:
                self.remove(canvas)
                return canvas
        return None

    def keep(self, canvas: CanvasT) -> None:
        """Keep it; the one that waited longest makes room."""
        self.append(canvas)
        if len(self) > MOST:
            self.popleft().destroy(session_ended=False)

    def end(self) -> None:
        """Free all of them, after the session."""
        while self:
            self.pop().destroy(session_ended=True)
