"""Rates and mean stage times of the last second."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SecondSummary:
    """What happened in one second."""

    fps: float = 0.0
    bit_rate_bps: int = 0
    stages_ms: dict[str, float] = field(default_factory=dict)


class StageTimes:
    """Adds up pictures until :meth:`summarize` closes the second."""

    def __init__(self) -> None:
        self.pictures = 0
        """Since the start."""
        self._in_second = 0
        self._bytes = 0
        self._sums_us: dict[str, int] = {}

    def add(self, stages_us: dict[str, int], size_bytes: int) -> None:
        """One picture went through these stages."""
        self.pictures += 1
        self._in_second += 1
        self._bytes += size_bytes
        for stage, spent_us in stages_us.items():
            self._sums_us[stage] = self._sums_us.get(stage, 0) + spent_us

    def summarize(self, elapsed_s: float) -> SecondSummary:
        """Close a second that lasted ``elapsed_s``."""
        count = self._in_second
        stages = {stage: round(total / count / 1000, 3) for stage, total in self._sums_us.items()} if count else {}
        summary = SecondSummary(round(count / elapsed_s, 1), round(self._bytes * 8 / elapsed_s), stages)
        self._in_second, self._bytes, self._sums_us = 0, 0, {}
        return summary
