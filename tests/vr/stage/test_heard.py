"""Sound of the wall on a loopback device."""

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from loco_kiosk.client.tile import TileState
from loco_kiosk.client.vr_messages import NO_PLACE, ScreenView, SoundState
from tests.vr.audio.listening import PIECE, level_db, level_difference_db, tone
from vr.audio.spatial import SpatialSound
from vr.audio.wall_sound import WallSound
from vr.scene.geometry import ORIGIN
from vr.scene.layout import wall
from vr.stage.heard import Heard

PLACEMENTS = {f"pc-{index}": spot.placement(4 / 3) for index, spot in enumerate(wall(9))}
LOUD = SoundState(1.0, False, False)


def view(place: int, name: str) -> ScreenView:
    return ScreenView(place=place, slot=place, id=name, name=name, state=TileState.LIVE)


class Ears:
    """A wall whose screens play, and what is heard of it."""

    def __init__(self) -> None:
        self.opened: list[SpatialSound] = []
        self.playing: dict[int, NDArray[np.int16]] = {}
        self.sound = WallSound(self._open)
        self.heard = Heard(self, self.sound)
        self.views = [view(index, name) for index, name in enumerate(PLACEMENTS)]
        self.now_s = 0.0

    def samples(self, place: int, frames: int) -> NDArray[np.int16] | None:
        samples = self.playing.get(place)
        if samples is None or not len(samples):
            return None
        self.playing[place] = samples[PIECE:]
        return samples[:PIECE]

    def step(self, front: str = "", levels: SoundState = LOUD) -> None:
        self.now_s += 0.02
        self.heard.step(self.views, PLACEMENTS, front, levels, head=ORIGIN, now_s=self.now_s)

    def listen(self, place: int, front: str = "", levels: SoundState = LOUD) -> NDArray[np.float32]:
        self.playing = {place: tone(30)}
        pieces = []
        for _ in range(28):
            self.step(front, levels)
            pieces.append(self.opened[0].render(PIECE))
        return np.concatenate(pieces[8:])

    def _open(self) -> SpatialSound:
        self.opened.append(SpatialSound.open(loopback=True))
        return self.opened[-1]


def with_ears(test: Callable[[Ears], None]) -> None:
    ears = Ears()
    deadline = time.monotonic() + 20
    while not ears.heard.audible:
        assert time.monotonic() < deadline
        ears.step()
    try:
        test(ears)
    finally:
        ears.heard.close()


def test_a_screen_is_heard_from_where_it_hangs() -> None:
    def left_and_right(ears: Ears) -> None:
        assert level_difference_db(ears.listen(3)) > 3
        assert level_difference_db(ears.listen(5)) < -3
        assert ears.heard.notice == ""

    with_ears(left_and_right)


def test_screens_beside_the_one_in_front_are_quieter() -> None:
    def ducked(ears: Ears) -> None:
        assert level_db(ears.listen(4)) - level_db(ears.listen(4, front="pc-0")) > 9

    with_ears(ducked)


def test_a_muted_wall_is_silent() -> None:
    def muted(ears: Ears) -> None:
        assert level_db(ears.listen(4, levels=SoundState(1.0, True, False))) < -90

    with_ears(muted)


def test_screens_that_are_not_shown_are_forgotten() -> None:
    def gone(ears: Ears) -> None:
        ears.listen(4)
        ears.views = [view(NO_PLACE, "pc-4")]
        ears.playing = {4: tone(30)}
        ears.step()
        assert len(ears.playing[4]) == 30 * PIECE

    with_ears(gone)
