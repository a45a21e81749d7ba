"""A guest made of nothing: for tests, benchmarks, and to try a network without QEMU.

It draws a number as 24 black or white squares along the top, moves a bar, changes its probe area with every key and
mouse press, and plays a tone if asked. Every input is kept for tests to look at.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.contract.control import PointerMode
from backend.contract.keys import PhysicalKey
from backend.contract.status import GuestReport, GuestState
from backend.streamer.clock import monotonic_us

COUNTER_BITS = 24
COUNTER_SQUARE = 16
_BAR_HEIGHT = 96
_IDLE_LOOK_S = 0.1
"""How often it is looked whether something is to be drawn or played again."""
_TONE_HZ = 440.0
_TONE_BLOCK = 480
_RATE_HZ = 48_000


@dataclass(frozen=True, slots=True)
class SyntheticDamage:
    """See :class:`backend.streamer.source.Damage`."""

    pixels: NDArray[np.uint8]
    top: int
    bottom: int
    left: int
    right: int
    captured_us: int
    first_us: int
    resized: bool


class SyntheticScreen:
    """A BGRX picture that remembers which rows changed."""

    def __init__(self, width: int, height: int, on_picture: Callable[[], None]) -> None:
        self._on_picture = on_picture
        self.resize(width, height)

    def resize(self, width: int, height: int) -> None:
        """A new grey picture of another size."""
        self.pixels = np.full((height, width, 4), 96, np.uint8)
        self._resized = True
        self._rows: tuple[int, int] | None = None
        self.touch(0, height)

    def touch(self, top: int, bottom: int) -> None:
        """The rows ``[top, bottom)`` were drawn."""
        now_us = monotonic_us()
        first = self._rows is None
        if self._rows is None:
            self._rows, self._first_us = (top, bottom), now_us
        else:
            self._rows = (min(top, self._rows[0]), max(bottom, self._rows[1]))
        self._captured_us = now_us
        if first:
            self._on_picture()

    def take(self, *, whole: bool = False) -> SyntheticDamage | None:
        """See :class:`backend.streamer.source.Screen`."""
        if whole:
            if self._rows is None:
                self._first_us = self._captured_us
            self._rows = (0, self.pixels.shape[0])
        if self._rows is None:
            return None
        columns = (0, self.pixels.shape[1])
        damage = SyntheticDamage(self.pixels, *self._rows, *columns, self._captured_us, self._first_us, self._resized)
        self._rows, self._resized = None, False
        return damage


class SyntheticSound:
    """PCM that was played and not yet taken."""

    def __init__(self) -> None:
        self.drops: dict[str, int] = {}
        self._blocks: list[NDArray[np.int16]] = []

    def play(self, pcm: NDArray[np.int16]) -> None:
        """Add sample frames, (n, 2)."""
        self._blocks.append(pcm)

    def want(self, frames: int) -> None:
        """See :class:`backend.streamer.source.Sound`; here each block is told."""

    def take(self) -> NDArray[np.int16] | None:
        """See :class:`backend.streamer.source.Sound`."""
        if not self._blocks:
            return None
        pcm = np.concatenate(self._blocks)
        self._blocks.clear()
        return pcm


class SyntheticGuest:
    """See the module.

    Args:
        on_picture, on_sound, on_report: as for :class:`backend.qemu.guest.Guest`.
        fps: moving pictures a second; 0 for a still one.
        tone: whether it plays.
    """

    def __init__(
        self,
        *,
        on_picture: Callable[[], None],
        on_sound: Callable[[], None],
        on_report: Callable[[GuestReport], None],
        width: int = 640,
        height: int = 480,
        fps: float = 30.0,
        tone: bool = False,
    ) -> None:
        self.screen = SyntheticScreen(width, height, on_picture)
        self.sound = SyntheticSound()
        self.pointer = PointerMode.ABSOLUTE
        self.probe: tuple[int, int, int, int] | None = (0, height - 32, 32, 32)
        self.report = GuestReport(GuestState.RUNNING)
        self.fps = fps
        self.tone = tone
        self.number = 0
        self.inputs: deque[tuple[object, ...]] = deque(maxlen=10_000)
        self.drops: dict[str, int] = {}
        self.resets = self.restarts = 0
        self.watched = self.watched_closely = False
        self._on_sound = on_sound
        self._on_report = on_report
        self._played = 0

    async def run(self) -> None:
        """Draw and play until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._draw_for_ever(), name="synthetic picture")
            tasks.create_task(self._play_for_ever(), name="synthetic sound")

    def draw(self) -> None:
        """One moving picture further."""
        self.number += 1
        pixels = self.screen.pixels
        height, width = pixels.shape[:2]
        size = COUNTER_SQUARE
        for bit in range(COUNTER_BITS):
            pixels[:size, bit * size : (bit + 1) * size] = 255 if self.number >> bit & 1 else 0
        top = height // 3
        bar = pixels[top : top + _BAR_HEIGHT]
        bar[:] = 96
        x = self.number * 4 % width
        bar[:, x : x + 48] = (40, 160, 230, 0)
        self.screen.touch(0, top + _BAR_HEIGHT)

    def change_report(self, report: GuestReport) -> None:
        """Act as if the guest were in this state."""
        self.report = report
        self._on_report(report)

    def set_watched(self, watched: bool) -> None:
        """Keep it."""
        self.watched = watched

    def watch_closely(self, closely: bool) -> None:
        """Keep it."""
        self.watched_closely = closely

    def key(self, key: PhysicalKey, down: bool) -> None:
        """See :class:`backend.streamer.source.Guest`; likewise those below."""
        self._input("key", key.code, down)
        if down:
            self._answer()

    def button(self, button: int, down: bool) -> None:
        """Keep it and answer."""
        self._input("button", button, down)
        if down:
            self._answer()

    def wheel(self, down: int, right: int) -> None:
        """Keep it."""
        self._input("wheel", down, right)

    def move_to(self, x: int, y: int) -> None:
        """Keep it."""
        self._input("move_to", x, y)

    def move_by(self, dx: int, dy: int) -> None:
        """Keep it."""
        self._input("move_by", dx, dy)

    async def reset(self) -> None:
        """Count it and start from number 0."""
        self.resets += 1
        self.number = 0

    async def restart(self) -> None:
        """Count it and start from number 0."""
        self.restarts += 1
        self.number = 0

    def _input(self, *what: object) -> None:
        self.inputs.append(what)

    def _answer(self) -> None:
        height = self.screen.pixels.shape[0]
        area = self.screen.pixels[height - 32 :, :32]
        area[:] = 0 if area[0, 0, 0] > 127 else 255
        self.screen.touch(height - 32, height)

    async def _draw_for_ever(self) -> None:
        loop = asyncio.get_running_loop()
        due_s = loop.time()
        while True:
            if self.fps <= 0:
                await asyncio.sleep(_IDLE_LOOK_S)
                due_s = loop.time()
                continue
            self.draw()
            due_s = max(due_s + 1 / self.fps, loop.time() - 0.1)
            await asyncio.sleep(max(0.0, due_s - loop.time()))

    async def _play_for_ever(self) -> None:
        while True:
            # As quiet as a guest that plays nothing: a process that woke for each block would not look idle in figures.
            await asyncio.sleep(_TONE_BLOCK / _RATE_HZ if self.tone else _IDLE_LOOK_S)
            if self.tone:
                self.play_tone(_TONE_BLOCK)

    def play_tone(self, frames: int) -> None:
        """That many sample frames of 440 Hz at -12 dBFS peak."""
        phase = 2 * np.pi * _TONE_HZ / _RATE_HZ * np.arange(self._played, self._played + frames)
        self._played += frames
        wave = (np.sin(phase) * 8192).astype(np.int16)
        self.sound.play(np.stack((wave, wave), axis=1))
        self._on_sound()
