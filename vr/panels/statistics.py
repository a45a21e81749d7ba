"""The panel of figures: how the frames, the pictures and the sound do."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from loco_kiosk.client.vr_messages import ScreenView
from loco_kiosk.look import palette, wording
from vr.panels.sheet import Pixels, Sheet

WIDTH, HEIGHT = 720, 640
ASPECT = WIDTH / HEIGHT
ANGLE_DEG = WIDTH / 25
BUDGET_MS = 8.0
"""Work of a frame that leaves the runtime room, at up to 90 frames a second."""
HISTORY = 60
"""Seconds of the graph."""
_PIECES = 3
"""Rows drawn in one frame at most: the panel shall not spoil what it measures."""
_MARGIN, _LINE, _FIRST = 28, 43, 234
_GRAPH = (_MARGIN, 84, WIDTH - 2 * _MARGIN, 132)
_TOP_MS = 2 * BUDGET_MS
_GOOD, _BAD = palette.STATES["live"], palette.STATES["stale"]


class Row(NamedTuple):
    """One figure in words; ``good`` is None where it is neither good nor bad."""

    label: str
    value: str
    good: bool | None = None


class StatisticsPanel:
    """Draws the figures, a few rows a frame."""

    def __init__(self) -> None:
        sheet = Sheet(WIDTH, HEIGHT, palette.CHIP)
        sheet.frame((0, 0, WIDTH, HEIGHT), palette.BAR_SOFT, 4)
        title = "Work of a frame in the last minute"
        sheet.text(title, _MARGIN, 46, 30, palette.BAR_INK, on=palette.CHIP, room=WIDTH - 2 * _MARGIN, bold=True)
        self._pixels = np.array(sheet.image)
        self._rows: dict[int, Row] = {}
        self._history: tuple[float, ...] | None = None

    def draw(self, figures: Mapping[str, float], history_ms: Sequence[float], front: ScreenView | None) -> bool:
        """Take figures over, each frame; whether :attr:`pixels` changed.

        ``figures`` are those of the last second by the names in which the program reports them, ``history_ms`` the
        work that 95 of 100 frames stayed under in each second before, newest last, ``front`` the screen in focus.
        """
        wanted = dict(enumerate(rows(figures, front)))
        stale = [number for number, row in wanted.items() if self._rows.get(number) != row][:_PIECES]
        for number in stale:
            self._rows[number] = wanted[number]
            self._paste(_MARGIN, _FIRST + number * _LINE, _row(wanted[number]))
        history = tuple(history_ms[-HISTORY:])
        if history == self._history:
            return bool(stale)
        self._history = history
        self._paste(_GRAPH[0], _GRAPH[1], _graph(history))
        return True

    @property
    def pixels(self) -> Pixels:
        """The panel as it is now, opaque: a view that the next :meth:`draw` changes."""
        seen = self._pixels.view()
        seen.flags.writeable = False
        return seen

    def _paste(self, x: int, y: int, piece: Pixels) -> None:
        height, width = piece.shape[:2]
        self._pixels[y : y + height, x : x + width] = piece


def rows(figures: Mapping[str, float], front: ScreenView | None) -> list[Row]:
    """The figures in words."""
    work, uploads, offered = figures.get("work_p95_ms"), figures.get("uploads"), figures.get("offered")
    age, gaps = figures.get("age_p95_ms"), figures.get("sound_underruns")
    kept_up = None if not offered or uploads is None else uploads >= 0.95 * offered
    return [
        Row("Frames", _plain(figures.get("frames"), " a second")),
        Row("Work: median / 95 %", _pair(figures.get("work_p50_ms"), work), _below(work, BUDGET_MS)),
        Row("Longest frame", _ms(figures.get("work_max_ms"))),
        Row("Pictures shown", _of(uploads, offered), kept_up),
        Row("Their age: median / 95 %", _pair(figures.get("age_p50_ms"), age), _below(age, 25.0)),
        Row("Layers", _plain(figures.get("layers"))),
        Row("Gaps in the sound", _plain(gaps), _below(gaps, 1.0)),
        Row(
            f"{front.name}: capture to here" if front else "Screen in focus", wording.delay(front) if front else "none"
        ),
        Row(f"{front.name}: pictures" if front else "", wording.fps(front) if front else ""),
    ]


def _row(row: Row) -> Pixels:
    width = WIDTH - 2 * _MARGIN
    sheet = Sheet(width, _LINE, palette.CHIP)
    ink = palette.BAR_INK if row.good is None else _GOOD if row.good else _BAD
    sheet.text(row.label, 0, _LINE / 2, 26, palette.BAR_SOFT, on=palette.CHIP, room=width - 250)
    sheet.text(row.value, width, _LINE / 2, 26, ink, on=palette.CHIP, room=240, align="right")
    return sheet.pixels()


def _graph(history_ms: Sequence[float]) -> Pixels:
    _, _, width, height = _GRAPH
    sheet = Sheet(width, height, palette.STAGE)
    limit = height * (1 - BUDGET_MS / _TOP_MS)
    step = width / HISTORY
    for number, value in enumerate(reversed(history_ms), start=1):
        tall = max(2.0, min(value / _TOP_MS, 1.0) * height)
        sheet.box(width - number * step, height - tall, step - 2, tall, _GOOD if value < BUDGET_MS else _BAD)
    sheet.box(0, limit, width, 2, palette.BAR_INK)
    sheet.text(f"{BUDGET_MS:.0f} ms", 8, limit - 18, 22, palette.BAR_INK, on=palette.STAGE, room=100)
    return sheet.pixels()


def _below(value: float | None, bound: float) -> bool | None:
    return None if value is None else value < bound


def _plain(value: float | None, unit: str = "") -> str:
    return "-" if value is None else f"{value:.0f}{unit}"


def _ms(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f} ms"


def _pair(half: float | None, most: float | None) -> str:
    return "-" if half is None or most is None else f"{half:.1f} / {most:.1f} ms"


def _of(part: float | None, whole: float | None) -> str:
    return "-" if part is None or whole is None else f"{part:.0f} of {whole:.0f}"
