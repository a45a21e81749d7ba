"""The last two minutes of what is measured of each stream, once a second: what graphs are drawn of. Plain Python."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from loco_kiosk.client.tile import TileView

KEPT = 120
"""Samples of a stream: two minutes."""
SHOWN = 60
"""Samples of a graph."""
Sample = Mapping[str, float | None]
_LEAST_TOPS = {"loss": 0.02, "bit_rate_bps": 100_000.0, "shown_fps": 30.0}
_LEAST_TOP_MS = 5.0


@dataclass(frozen=True, slots=True)
class Measured:
    """A stream, and what of it reached the screen."""

    view: TileView
    shown_fps: float
    swap_ms: float | None
    """Capture to screen, of the newest picture."""

    def sample(self) -> Sample:
        """By the names of the series."""
        view = self.view
        return {
            "shown_fps": self.shown_fps,
            "fps": view.fps,
            "delay_ms": view.delay_ms if view.fps else None,
            "swap_ms": self.swap_ms if self.shown_fps else None,
            "key_to_picture_ms": view.key_to_picture_ms,
            "bit_rate_bps": float(view.bit_rate_bps),
            "loss": view.loss,
            "jitter_ms": view.jitter_ms,
            "round_trip_ms": view.round_trip_ms,
            "path_delay_ms": view.path_delay_ms,
            "sound_buffer_ms": view.sound_buffer_ms,
            "frozen_ms": view.frozen_ms,
            **{f"stage_{name}_ms": value for name, value in view.stages_ms.items()},
        }


class History:
    """Samples by instance, oldest first."""

    def __init__(self) -> None:
        self._samples: dict[str, deque[Sample]] = {}

    def add(self, measured: Mapping[str, Measured]) -> None:
        """Note one second; whoever is not named any more is forgotten."""
        for gone in self._samples.keys() - measured.keys():
            del self._samples[gone]
        for instance, each in measured.items():
            self._samples.setdefault(instance, deque(maxlen=KEPT)).append(each.sample())

    def samples(self, instance: str) -> list[Sample]:
        """What is kept of a stream."""
        return list(self._samples.get(instance, ()))

    def trace(self, instance: str, series: str) -> list[float]:
        """The last minute of one series as parts of its highest value, 0 to 1; -1 where nothing was measured."""
        values = [sample.get(series) for sample in self.samples(instance)[-SHOWN:]]
        known = [value for value in values if value is not None]
        if not known:
            return []
        top = max(*known, _LEAST_TOPS.get(series, _LEAST_TOP_MS))
        return [-1.0 if value is None else max(0.0, value) / top for value in values]
