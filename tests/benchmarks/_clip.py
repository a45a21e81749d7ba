"""A game's picture for all stacks of ``./loco bench media``, and a guest that shows it.

A 320x240 scroller, doubled as its guest would do it, with twelve noisy sprites and a line of text. It begins anew
without a jump, is one file that all senders map, and carries the number of each picture
(:mod:`tests.benchmarks._counter`).
"""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from backend.contract.status import GuestReport
from backend.streamer.synthetic import SyntheticGuest
from tests.benchmarks import _counter

WIDTH, HEIGHT = 640, 480
PICTURES = 64
RATE_HZ = 30
_SPRITES = 12
_SPRITE_PX = 16
_STEP_PX = 5
"""Of the land in each picture: 64 times 5 are once around."""


def write(path: Path) -> None:
    """Draw all pictures, BGRX."""
    random = np.random.default_rng(5)
    columns, rows = np.arange(320), np.arange(240)[:, None]
    wave = np.sin(columns * 2 * np.pi * 4 / 320) * 24 + np.sin(columns * 2 * np.pi * 11 / 320) * 9
    ground = (rows > 150 + wave).astype(np.uint8)
    bricks = ((columns // 20 + rows // 10) % 2 * 40).astype(np.uint8)
    sky = np.broadcast_to((200 - rows // 2).astype(np.uint8), (240, 320))
    land = np.dstack(
        [np.where(ground, 40 + bricks, sky), np.where(ground, 110 + bricks, 150), np.where(ground, 70, 90)]
    )
    sprites = random.integers(0, 256, (_SPRITES, _SPRITE_PX, _SPRITE_PX, 3), np.uint8)
    letters = np.kron(random.integers(0, 2, (7, 60), np.uint8) * 255, np.ones((1, 4), np.uint8))
    with path.open("wb") as file:
        for number in range(PICTURES):
            small = np.roll(land.astype(np.uint8), -_STEP_PX * number, axis=1)
            _draw_sprites(small, sprites, number)
            small[8:15, 40:280] = letters[..., None]
            picture = np.zeros((HEIGHT, WIDTH, 4), np.uint8)
            picture[..., :3] = small.repeat(2, axis=0).repeat(2, axis=1)
            file.write(picture.tobytes())


def _draw_sprites(small: NDArray[np.uint8], sprites: NDArray[np.uint8], number: int) -> None:
    for index, sprite in enumerate(sprites):
        turn = 2 * np.pi * (number / PICTURES * (1 + index % 3) + index / _SPRITES)
        x, y = int(150 + 130 * np.cos(turn)), int(110 + 80 * np.sin(turn * (1 + index % 2)))
        small[y : y + _SPRITE_PX, x : x + _SPRITE_PX] = sprite


def read(path: Path) -> NDArray[np.uint8]:
    """All pictures; what is painted into them stays private."""
    return np.asarray(np.memmap(path, np.uint8, mode="c").reshape(PICTURES, HEIGHT, WIDTH, 4))


class ClipGuest(SyntheticGuest):
    """Shows the clip, numbered, and tells the clock of each picture; silent."""

    def __init__(
        self,
        clip: NDArray[np.uint8],
        clock: _counter.Clock,
        *,
        on_picture: Callable[[], None],
        on_sound: Callable[[], None],
        on_report: Callable[[GuestReport], None],
        fps: float = RATE_HZ,
    ) -> None:
        super().__init__(on_picture=on_picture, on_sound=on_sound, on_report=on_report, fps=fps)
        self._clip = clip
        self._clock = clock

    def draw(self) -> None:
        """One picture further."""
        self.number += 1
        pixels = self._clip[self.number % PICTURES]
        _counter.paint(pixels, self.number)
        self.screen.pixels = pixels
        self._clock.made(self.number, time.monotonic())
        self.screen.touch(0, HEIGHT)


class PolledClip:
    """The clip for a sender that looks at its own pace."""

    def __init__(self, clip: NDArray[np.uint8]) -> None:
        self._clip = clip
        self._number = 0

    def take(self) -> NDArray[np.uint8]:
        """The next picture."""
        self._number += 1
        picture: NDArray[np.uint8] = self._clip[self._number % PICTURES]
        return picture
