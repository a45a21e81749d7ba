from tests.vr.stage.canvases import Workshop
from vr.stage.figures import Figures
from vr.stage.pictures import Pictures


class Nothing:
    def newest(self, place: int) -> None:
        return None

    def repeat(self, place: int) -> None:
        pass


def test_figures_are_those_since_the_last_reading() -> None:
    pictures = Pictures(Nothing(), Workshop().make)
    skipped = 5
    figures = Figures(pictures, lambda: skipped)
    pictures.uploaded, skipped = 9, 6
    pictures.ages_us += list(range(1000, 101_000, 1000))
    first = figures.read()
    assert first == {"offered": 10, "uploads": 9, "age_p50_ms": 51.0, "age_p95_ms": 96.0, "age_max_ms": 100.0}
    assert figures.last is first
    assert figures.read() == {"offered": 0, "uploads": 0}
