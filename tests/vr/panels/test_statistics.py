import numpy as np
import pytest

from loco_kiosk.look import palette
from tests.vr.panels.reading import LEAST_CAP_ARCMIN, reading, view
from vr.panels.statistics import ANGLE_DEG, HEIGHT, WIDTH, StatisticsPanel, rows

FIGURES = {
    "frames": 58.0,
    "work_p50_ms": 1.8,
    "work_p95_ms": 5.6,
    "work_max_ms": 9.6,
    "offered": 270.0,
    "uploads": 266.0,
    "age_p50_ms": 7.2,
    "age_p95_ms": 21.0,
    "layers": 13.0,
    "sound_underruns": 0.0,
}


def drawn(panel: StatisticsPanel, *arguments: object) -> int:
    """Frames until nothing changes any more."""
    count = 0
    while panel.draw(*arguments):  # type: ignore[arg-type]  # handed through
        count += 1
        assert count < 20
    return count


def test_figures_and_their_judgement_are_in_words() -> None:
    told = {row.label: (row.value, row.good) for row in rows(FIGURES, view(4, fps=29.6, delay_ms=24.0))}
    assert told["Frames"] == ("58 a second", None)
    assert told["Work: median / 95 %"] == ("1.8 / 5.6 ms", True)
    assert told["Pictures shown"] == ("266 of 270", True)
    assert told["Their age: median / 95 %"] == ("7.2 / 21.0 ms", True)
    assert told["Gaps in the sound"] == ("0", True)
    assert told["PC 5: capture to here"] == ("24 ms", None)
    assert told["PC 5: pictures"] == ("30 fps", None)


@pytest.mark.parametrize(
    ("name", "value", "label"),
    [
        ("work_p95_ms", 8.1, "Work: median / 95 %"),
        ("uploads", 250.0, "Pictures shown"),
        ("age_p95_ms", 26.0, "Their age: median / 95 %"),
        ("sound_underruns", 2.0, "Gaps in the sound"),
    ],
)
def test_a_figure_beyond_its_bound_is_marked(name: str, value: float, label: str) -> None:
    assert {row.label: row.good for row in rows(FIGURES | {name: value}, None)}[label] is False


def test_figures_that_are_not_known_yet_are_dashes() -> None:
    told = rows({}, None)
    assert all(row.good is None for row in told)
    assert {row.value for row in told} <= {"-", "none", ""}


def test_every_figure_reads() -> None:
    with reading() as written:
        panel = StatisticsPanel()
        drawn(panel, FIGURES | {"work_p95_ms": 9.0}, [3.0, 9.0], view(name="A machine with quite a long name"))
    assert min(one.cap_arcmin(WIDTH, ANGLE_DEG) for one in written if one.asked) >= LEAST_CAP_ARCMIN
    assert min(palette.contrast(one.ink, one.on) for one in written) >= palette.AA
    assert panel.pixels.shape == (HEIGHT, WIDTH, 4)
    assert panel.pixels[..., 3].min() == 255


def test_a_few_rows_are_drawn_in_one_frame() -> None:
    panel = StatisticsPanel()
    with reading() as written:
        panel.draw(FIGURES, [], view())
    assert len(written) <= 2 * 3 + 1
    assert drawn(panel, FIGURES, [], view()) == 2
    with reading() as written:
        assert not panel.draw(FIGURES, [], view())
    assert written == []


def test_the_graph_grows_from_the_right_and_marks_slow_seconds() -> None:
    panel = StatisticsPanel()
    panel.draw(FIGURES, [4.0], None)
    graph = panel.pixels[84:216, 28:692].astype(int)
    green = (graph[..., 1] > 180) & (graph[..., 0] < 150)
    columns = np.flatnonzero(green.any(axis=0))
    assert columns.min() > 640
    panel.draw(FIGURES, [4.0] * 30 + [20.0] * 2, None)
    graph = panel.pixels[84:216, 28:692].astype(int)
    orange = (graph[..., 0] > 230) & (graph[..., 2] < 120)
    assert 10 < np.flatnonzero(orange.any(axis=0)).size < 30


def test_more_than_a_minute_keeps_the_newest() -> None:
    panel = StatisticsPanel()
    panel.draw(FIGURES, [20.0] * 100 + [1.0] * 60, None)
    graph = panel.pixels[84:216, 28:692].astype(int)
    assert not ((graph[..., 0] > 230) & (graph[..., 2] < 120)).any()
