"""Presses keys in every guest and watches its pictures, through what the kiosk itself uses.

One key is held at a time, about two a second in each guest. Where a guest has a probe area, an answer is the first
change of that area in a decoded picture; elsewhere it is the streamer's own word for the first picture after the key.
"""

import asyncio
import itertools
import time
from collections import Counter, deque
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Protocol

from loco_kiosk.check.report import Figure, Report, TileResult
from loco_kiosk.client.tile import TileState, TileView

KEY = "KeyA"
"""Harmless in the demo guest (its lamp changes), on a desktop and in games."""
PRESSES_PER_S = 0.95
"""In each guest. Not one: a second is thirty pictures at 30 fps, and every key would meet the same moment of a picture.
No more: each press draws and sounds, and nine people seldom type faster at once."""
HOLD_S = 0.03
PAGE = 9
"""Tiles of the first page, which shows during a check."""
LIVE_PATIENCE_S = 90.0
"""Nine guests that boot for the first time on two slow cores need half of it."""
_CONTROL_PATIENCE_S = 3.0
_POLL_S = 0.1


class Presented(Protocol):
    """Counts of what one instance got onto the screen."""

    @property
    def presented(self) -> int:
        """Pictures that reached a swap."""

    @property
    def capture_to_swap_ms(self) -> Collection[float]:
        """The newest times, the newest last."""

    @property
    def drops(self) -> Mapping[str, int]:
        """Pictures that did not, by cause."""


class Subject(Protocol):
    """The running kiosk, as the check needs it. Threading: the GUI thread."""

    def views(self) -> Sequence[TileView]:
        """The newest views of all tiles."""

    def press(self, instance: str, code: str, down: bool) -> None:
        """Move a key in one guest, by the ordinary way."""

    def request_control(self, instance: str) -> None:
        """Ask for keyboard and mouse of a guest."""

    def release_control(self, instance: str) -> None:
        """Give them back."""

    def watch(self, instance: str, on_change: Callable[[int], None]) -> None:
        """Call ``on_change(decoded_us)`` from any thread when the probe area of a guest changes."""

    def unwatch(self, instance: str) -> None:
        """Stop watching."""

    def presented(self, instance: str) -> Presented:
        """Counts of one instance since the start of the program."""


class _Watched:
    """One tile under measurement."""

    def __init__(self, view: TileView, presented: Presented) -> None:
        self.id = view.id
        self.changes: deque[int] = deque(maxlen=256)
        self.pressed = 0
        self.answers_ms: list[float] = []
        self.looks: Counter[bool] = Counter()
        self.loudest_dbfs = view.level_dbfs
        self.words = ""
        self.view = view
        self._presented_before = presented.presented
        self._drops_before = Counter(view.drops) + Counter(presented.drops)
        self._freezes_before, self._frozen_before_ms = view.freezes, view.frozen_ms
        self._pressed_us: int | None = None
        self._told_ms = view.key_to_picture_ms

    def press(self, now_us: int) -> None:
        """A key goes down now."""
        self.collect()
        self.changes.clear()
        self.pressed += 1
        self._pressed_us = now_us

    def collect(self) -> None:
        """Take the first change after the key, once."""
        while self._pressed_us is not None and self.changes:
            changed_us = self.changes.popleft()
            if changed_us >= self._pressed_us:
                self.answers_ms.append((changed_us - self._pressed_us) / 1000)
                self._pressed_us = None

    def look(self, view: TileView) -> None:
        """The newest view."""
        self.view = view
        live = view.state is TileState.LIVE
        self.looks[live] += 1
        self.loudest_dbfs = max(self.loudest_dbfs, view.level_dbfs)
        if not live:
            self.words = f"{view.reason} {view.next_step}".strip()
        elif not view.mine and view.holder:
            self.words = f"{view.holder} has keyboard and mouse."
        told_ms = view.key_to_picture_ms
        if view.probe is None and told_ms is not None and told_ms != self._told_ms:
            self.answers_ms.append(told_ms)
        self._told_ms = told_ms

    def result(self, presented: Presented, seconds: float) -> TileResult:
        """The figures."""
        self.collect()
        count = presented.presented - self._presented_before
        drops = Counter(self.view.drops) + Counter(presented.drops) - self._drops_before
        return TileResult(
            id=self.id,
            state=self.view.state,
            fps_presented=count / seconds,
            key_to_picture=Figure.of(self.answers_ms),
            capture_to_swap=Figure.of(list(presented.capture_to_swap_ms)[-count:] if count else []),
            drops={cause: number for cause, number in drops.items() if number},
            freezes=max(0, self.view.freezes - self._freezes_before),
            frozen_ms=max(0.0, self.view.frozen_ms - self._frozen_before_ms),
            audio_dbfs=self.loudest_dbfs,
            pressed=self.pressed,
            on_page=self.view.slot < PAGE,
            live_share=self.looks[True] / max(1, self.looks.total()),
            problem=self.words,
        )


class Check:
    """One check. ``on_start`` is called when the measuring begins, after the wait for live tiles."""

    def __init__(
        self,
        subject: Subject,
        *,
        expected: int,
        seconds: float,
        on_start: Callable[[], None] = lambda: None,
        presses_per_s: float = PRESSES_PER_S,
        live_patience_s: float = LIVE_PATIENCE_S,
        control_patience_s: float = _CONTROL_PATIENCE_S,
    ) -> None:
        self._subject = subject
        self._expected = expected
        self._seconds = seconds
        self._on_start = on_start
        self._presses_per_s = presses_per_s
        self._live_patience_s = live_patience_s
        self._control_patience_s = control_patience_s
        self._watched: list[_Watched] = []

    async def run(self) -> Report:
        """Wait, measure, and leave every guest as it was."""
        await self._until(self._all_live, self._live_patience_s)
        for view in self._views():
            self._subject.request_control(view.id)
        await self._until(self._all_mine, self._control_patience_s)
        self._watched = [_Watched(view, self._subject.presented(view.id)) for view in self._views()]
        for tile in self._watched:
            self._subject.watch(tile.id, tile.changes.append)
        self._on_start()
        began = time.monotonic()
        try:
            await self._press_all(began + self._seconds)
        finally:
            for tile in self._watched:
                self._subject.unwatch(tile.id)
                self._subject.release_control(tile.id)
        seconds = time.monotonic() - began
        tiles = tuple(tile.result(self._subject.presented(tile.id), seconds) for tile in self._watched)
        keys = Figure.of([answer_ms for tile in self._watched for answer_ms in tile.answers_ms])
        return Report(tiles=tiles, expected=self._expected, seconds=seconds, key_to_picture=keys)

    async def _press_all(self, end: float) -> None:
        """Round after round through the live tiles, each press in its own part of the round."""
        part_s = 1 / self._presses_per_s / max(1, len(self._watched))
        turns = itertools.cycle(self._watched)
        due = time.monotonic()
        while self._watched and (due := max(due + part_s, time.monotonic())) < end:
            tile = next(turns)
            if tile.view.state is TileState.LIVE:
                await self._press(tile, min(HOLD_S, part_s / 2))
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            self._look()
        await asyncio.sleep(max(0.0, end - time.monotonic()))
        self._look()

    async def _press(self, tile: _Watched, hold_s: float) -> None:
        tile.press(time.monotonic_ns() // 1000)
        self._subject.press(tile.id, KEY, True)
        try:
            await asyncio.sleep(hold_s)
        finally:
            self._subject.press(tile.id, KEY, False)

    def _look(self) -> None:
        views = {view.id: view for view in self._views()}
        for tile in self._watched:
            tile.collect()
            if tile.id in views:
                tile.look(views[tile.id])

    def _views(self) -> list[TileView]:
        """The tiles to check: those that hold a machine, in the order of their slots."""
        views = sorted((view for view in self._subject.views() if view.id), key=lambda view: view.slot)
        return views[: self._expected]

    def _all_live(self) -> bool:
        views = self._views()
        return len(views) >= self._expected and all(view.state is TileState.LIVE for view in views)

    def _all_mine(self) -> bool:
        return all(view.mine for view in self._views())

    async def _until(self, condition: Callable[[], bool], patience_s: float) -> None:
        for _ in range(round(patience_s / _POLL_S)):
            if condition():
                return
            await asyncio.sleep(_POLL_S)
