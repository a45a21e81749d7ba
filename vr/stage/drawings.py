"""Panels and cards on canvases: drawn when what they say changed, a few milliseconds a frame; unseen, given back."""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vr.scene.layer import Canvas
from vr.stage.pictures import MakeCanvas

BUDGET_S = 0.002
"""A frame in which drawing took longer draws nothing more; the rest waits for the next one."""
PATIENCE_S = 0.3
"""A drawing that has waited so long has its turn in any frame: others that change all the time must not starve it."""
UNSEEN_S = 5.0
"""After which a canvas is given back: a label that comes and goes needs no new one each time."""


@dataclass(slots=True)
class _Drawing:
    canvas: Canvas
    says: Hashable
    seen_s: float
    true_s: float
    """When it last said what it was asked to."""


class Drawings:
    """Owns their canvases. Threading: the frame loop's. Times in seconds."""

    def __init__(self, make: MakeCanvas, clock: Callable[[], float] = time.perf_counter) -> None:
        self._make = make
        self._clock = clock
        self._drawings: dict[str, _Drawing] = {}
        self._spent_s = 0.0
        self._now_s = 0.0

    def begin(self, now_s: float) -> None:
        """A frame begins."""
        self._spent_s = 0.0
        self._now_s = now_s
        for name in [name for name, drawing in self._drawings.items() if now_s - drawing.seen_s > UNSEEN_S]:
            self._drawings.pop(name).canvas.close()

    def show(self, name: str, says: Hashable, draw: Callable[[], NDArray[np.uint8]]) -> Canvas | None:
        """The canvas of a drawing that says this; an older one while its turn has not come, None before the first.

        ``draw`` is called only when ``says`` is another than before.
        """
        drawing = self._drawings.get(name)
        if drawing is not None:
            drawing.seen_s = self._now_s
            if drawing.says == says:
                drawing.true_s = self._now_s
        if (drawing is None or drawing.says != says) and self._has_turn(drawing):
            began_s = self._clock()
            drawing = self._draw(name, says, draw())
            self._spent_s += self._clock() - began_s
        return drawing.canvas if drawing is not None and drawing.canvas.filled else None

    def _has_turn(self, drawing: _Drawing | None) -> bool:
        late = drawing is not None and self._now_s - drawing.true_s > PATIENCE_S
        return late or self._spent_s < BUDGET_S

    def close(self) -> None:
        """Give all canvases back."""
        for drawing in self._drawings.values():
            drawing.canvas.close()
        self._drawings.clear()

    def _draw(self, name: str, says: Hashable, pixels: NDArray[np.uint8]) -> _Drawing:
        height, width, _ = pixels.shape
        drawing = self._drawings.get(name)
        if drawing is None or (drawing.canvas.width_px, drawing.canvas.height_px) != (width, height):
            if drawing is not None:
                drawing.canvas.close()
            drawing = self._drawings[name] = _Drawing(self._make(width, height), None, self._now_s, self._now_s)
        if drawing.canvas.upload(pixels):
            drawing.says = says
        return drawing
