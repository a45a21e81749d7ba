"""Figures of the wall's pictures, for the panel in the headset, the kiosk and the benchmark."""

from collections.abc import Callable, Mapping

from vr.stage.pictures import Pictures


class Figures:
    """Differences since the last reading, once a second."""

    def __init__(self, pictures: Pictures, skipped: Callable[[], int]) -> None:
        """``skipped`` counts the pictures that gave way to newer ones before they were shown."""
        self._pictures = pictures
        self._skipped = skipped
        self._before = (pictures.uploaded, skipped())
        self.last: Mapping[str, float] = {}
        """The last reading."""

    def read(self) -> Mapping[str, float]:
        """Pictures offered and uploaded, and their age when they were uploaded, in milliseconds."""
        pictures = self._pictures
        counts = (pictures.uploaded, self._skipped())
        uploads, skipped = (now - before for now, before in zip(counts, self._before, strict=True))
        self._before = counts
        ages = sorted(pictures.ages_us)
        pictures.ages_us.clear()
        figures: dict[str, float] = {"offered": uploads + skipped, "uploads": uploads}
        if ages:
            figures |= {"age_p50_ms": _at(ages, 0.5), "age_p95_ms": _at(ages, 0.95), "age_max_ms": ages[-1] / 1e3}
        self.last = figures
        return figures


def _at(ordered_us: list[int], share: float) -> float:
    return ordered_us[min(int(len(ordered_us) * share), len(ordered_us) - 1)] / 1e3
