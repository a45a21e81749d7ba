"""How long the frames take; read once a second by whoever shows or reports it."""

from collections.abc import Mapping

_MOST = 1000
"""Frames between two readings that are remembered; nobody reading must not fill the memory."""


class Meter:
    """Work of the frames since the last reading."""

    def __init__(self) -> None:
        self._work_s: list[float] = []
        self._layers = 0
        self.last: Mapping[str, float] = {}
        """The last reading."""

    def add(self, work_s: float, layers: int) -> None:
        """One frame: from the end of the wait for it to its own end."""
        if len(self._work_s) < _MOST:
            self._work_s.append(work_s)
        self._layers = layers

    def read(self) -> Mapping[str, float]:
        """Number of frames, percentiles of their work in milliseconds, and layers of the last one; starts anew."""
        work = sorted(self._work_s)
        self._work_s.clear()
        figures: dict[str, float] = {"frames": len(work)}
        if work:
            figures |= {
                "work_p50_ms": _percentile_ms(work, 0.50),
                "work_p95_ms": _percentile_ms(work, 0.95),
                "work_max_ms": work[-1] * 1e3,
                "layers": self._layers,
            }
        self.last = figures
        return figures


def _percentile_ms(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1e3
