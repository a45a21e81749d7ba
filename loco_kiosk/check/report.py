"""The figures of one check, and their JSON."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from loco_kiosk.client.tile import TileState


@dataclass(frozen=True, slots=True)
class Figure:
    """A distribution in milliseconds; None where nothing was measured."""

    n: int = 0
    p50: float | None = None
    p95: float | None = None

    @classmethod
    def of(cls, samples: Sequence[float]) -> "Figure":
        """Median and 95th percentile of ``samples``."""
        return cls(len(samples), percentile(samples, 50), percentile(samples, 95)) if samples else cls()

    def to_json(self) -> dict[str, Any]:
        """The JSON object."""
        return {"n": self.n, "p50": _rounded(self.p50), "p95": _rounded(self.p95)}


@dataclass(frozen=True, slots=True, kw_only=True)
class TileResult:
    """What one tile did during the check."""

    id: str
    state: TileState
    fps_presented: float = 0.0
    """Pictures that reached the screen, a second."""
    key_to_picture: Figure = field(default_factory=Figure)
    capture_to_swap: Figure = field(default_factory=Figure)
    drops: Mapping[str, int] = field(default_factory=dict)
    freezes: int = 0
    """How often the picture stood still though the guest drew."""
    frozen_ms: float = 0.0
    """For how long in all."""
    audio_dbfs: float = -120.0
    """The loudest moment."""
    pressed: int = 0
    """Keys that were pressed in this guest."""
    live_share: float = 0.0
    """Part of the time in which the tile was live, 0 to 1."""
    on_page: bool = True
    """Whether it lies on the page that shows; pictures of other pages never reach the screen."""
    problem: str = ""
    """What the tile itself said when it was last not live, or why its keys reach nobody."""

    def to_json(self) -> dict[str, Any]:
        """The JSON object."""
        return {
            "id": self.id,
            "state": self.state.value,
            "fps_presented": round(self.fps_presented, 2),
            "key_to_picture_ms": self.key_to_picture.to_json(),
            "capture_to_swap_ms": self.capture_to_swap.to_json(),
            "freezes": self.freezes,
            "frozen_ms": round(self.frozen_ms, 1),
            "drops": dict(self.drops),
            "audio_dbfs": round(self.audio_dbfs, 1),
        }


@dataclass(frozen=True, slots=True)
class ProcessCost:
    """What one process of our own tree cost during the check."""

    role: str
    """``kiosk``, ``backend``, ``streamer``, ``qemu`` or ``other``."""
    id: str
    cpu_s: float
    rss_mib: float
    """Resident memory, pages shared with other processes included."""
    pss_mib: float = 0.0
    """Proportional share: shared pages are divided among those who share them, so that sums are true."""

    def to_json(self) -> dict[str, Any]:
        """The JSON object."""
        return {"role": self.role, "id": self.id, "cpu_s": round(self.cpu_s, 3), "rss_mib": round(self.rss_mib, 1)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything."""

    tiles: tuple[TileResult, ...]
    expected: int
    seconds: float
    key_to_picture: Figure = field(default_factory=Figure)
    """Of all keys in all tiles: a tile gets so few that its 95th percentile is little more than its slowest key."""
    processes: tuple[ProcessCost, ...] = ()
    platform: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self, ok: bool) -> dict[str, Any]:
        """The document that ``--report`` writes; ``ok`` is the verdict."""
        return {
            "tiles": [tile.to_json() for tile in self.tiles],
            "key_to_picture_ms": self.key_to_picture.to_json(),
            "processes": [process.to_json() for process in self.processes],
            "platform": dict(self.platform),
            "seconds": round(self.seconds, 3),
            "ok": ok,
        }


def percentile(samples: Sequence[float], percent: float) -> float:
    """The smallest sample that at least ``percent`` of all do not exceed (nearest rank).

    Raises:
        ValueError: there are no samples.
    """
    if not samples:
        raise ValueError("no samples")
    return sorted(samples)[max(0, math.ceil(len(samples) * percent / 100) - 1)]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
