"""The program's life with a real runtime and a real feed: worn, lost and back, left, never there."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import av
import numpy as np
import pytest

from backend.contract.errors import LocoError
from loco_kiosk.client.tile import TileState
from loco_kiosk.client.vr_ends import FeedEnds
from loco_kiosk.client.vr_messages import (
    FromVr,
    Roster,
    ScreenView,
    Statistics,
    Stop,
    ToVr,
    from_vr_from_line,
    to_line,
)
from loco_kiosk.client.vr_messages import Status as StatusMessage
from loco_kiosk.media.frames import FrameTiming
from loco_kiosk.media.shared_wall import SharedWall
from loco_kiosk.media.shared_writer import PictureWriter
from tests.vr.monado import Monado
from tests.vr.thin_wall import ThinWall
from vr.errors import FeedEndedError, OpenXrError
from vr.feed.feed import Feed
from vr.headset import Headset
from vr.openxr.runtime import Runtime
from vr.patience import Status
from vr.settings import VrSettings

pytestmark = pytest.mark.monado
WITHIN_S = 15.0
ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Rig:
    """A headset in a thread of its own, and the other end of its feed."""

    settings: VrSettings = field(default_factory=VrSettings)
    walls: list[ThinWall] = field(default_factory=list)
    said: list[tuple[float, FromVr]] = field(default_factory=list)
    result: tuple[Status, str] | None = None
    error: Exception | None = None

    def start(self) -> None:
        self.ends = FeedEnds.open()
        assert self.ends.far is not None
        self.far = self.ends.far
        self.feed = Feed(self.ends.near, self.ends.memory)
        self._stop = threading.Event()
        self._loop = threading.Thread(target=self._run, name="headset")
        self._listener = threading.Thread(target=self._listen, name="feed")
        self._loop.start()
        self._listener.start()

    def tell(self, message: ToVr) -> None:
        self.far.sendall(to_line(message))

    def statuses(self, since_s: float = 0.0) -> list[str]:
        return [message.state for at_s, message in self.said if at_s >= since_s and isinstance(message, StatusMessage)]

    def sentence(self, state: Status) -> str:
        found = [m.sentence for _, m in self.said if isinstance(m, StatusMessage) and m.state == state.value]
        return found[-1]

    def until(self, condition: Callable[[], bool], what: str, within_s: float = WITHIN_S) -> float:
        started_s = time.monotonic()
        while not condition():
            assert time.monotonic() - started_s < within_s, f"{what} did not come: {self.said[-5:]} {self.error!r}"
            time.sleep(0.005)
        return time.monotonic() - started_s

    def until_said(self, status: Status, since_s: float = 0.0, within_s: float = WITHIN_S) -> float:
        return self.until(lambda: status.value in self.statuses(since_s), status.value, within_s)

    def ended(self) -> tuple[Status, str]:
        self._loop.join(WITHIN_S)
        assert not self._loop.is_alive()
        if self.error is not None:
            raise self.error
        assert self.result is not None
        return self.result

    def stop(self) -> None:
        self._stop.set()
        self._loop.join(WITHIN_S)
        self.feed.close()
        self._listener.join(WITHIN_S)
        self.ends.handed_over()

    def _run(self) -> None:
        try:
            self.result = Headset(self.settings, self.feed, self._make_wall, self._stop.is_set).run()
        except LocoError as error:
            self.error = error

    def _make_wall(self, runtime: Runtime) -> ThinWall:
        self.walls.append(ThinWall(runtime, self.feed))
        return self.walls[-1]

    def _listen(self) -> None:
        with self.far.makefile("rb") as lines:
            for line in lines:
                message = from_vr_from_line(line)
                if message is not None:
                    self.said.append((time.monotonic(), message))


@contextmanager
def running(settings: VrSettings | None = None) -> Iterator[Rig]:
    rig = Rig(settings or VrSettings())
    rig.start()
    try:
        yield rig
    finally:
        rig.stop()


def test_a_worn_headset_is_reported_with_its_figures(monado_null: Monado) -> None:
    with running() as rig:
        rig.until_said(Status.WORN)
        assert rig.statuses()[0] == "starting"
        figures = [m.figures for _, m in rig.said if isinstance(m, Statistics)]
        rig.until(
            lambda: any(m.figures.get("frames", 0) > 5 for _, m in rig.said if isinstance(m, Statistics)), "figures"
        )
        assert all("uploads" in each for each in figures)


def test_a_killed_runtime_is_told_within_a_second_and_the_wall_returns_with_it(monado_null: Monado) -> None:
    with running() as rig:
        rig.until_said(Status.WORN)
        monado_null.kill()
        killed_s = time.monotonic()
        assert rig.until_said(Status.LOST, killed_s, within_s=1.0) < 1.0
        first = next(m for _, m in rig.said if isinstance(m, StatusMessage) and m.state == "lost")
        assert "returns by itself" in first.sentence
        rig.until(lambda: rig.walls[0].closed, "the wall's end")
        monado_null.start()
        started_s = time.monotonic()
        rig.until_said(Status.WORN, started_s)
        assert len(rig.walls) == 2


def test_what_is_held_is_let_go_when_another_program_comes_to_the_front(monado_null: Monado) -> None:
    with running() as rig:
        rig.until_said(Status.WORN)
        command = [sys.executable, "-m", "tests.vr.other_program"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, cwd=ROOT) as other:
            rig.until_said(Status.TAKEN_OFF)
            assert "something else" in rig.sentence(Status.TAKEN_OFF)
            rig.until(lambda: rig.walls[0].rested == 1, "the rest")
            other.communicate()
        rig.until(lambda: rig.statuses()[-1] == "worn", "the wall")
        assert len(rig.walls) == 1


def test_told_to_stop_it_ends_in_order(monado_null: Monado) -> None:
    with running() as rig:
        rig.until_said(Status.WORN)
        rig._stop.set()
        assert rig.ended() == (Status.STOPPED, "")
        assert rig.walls[0].closed


def test_the_wearer_can_leave(monado_null: Monado) -> None:
    with running() as rig:
        rig.until_said(Status.WORN)
        rig.walls[0].wants_out = True
        status, sentence = rig.ended()
        assert status is Status.LEFT
        assert sentence


def test_the_end_of_the_feed_ends_the_headset_with_its_reason(monado_null: Monado) -> None:
    with running() as rig:
        rig.until_said(Status.WORN)
        rig.tell(Stop("The kiosk closes."))
        with pytest.raises(FeedEndedError, match="The kiosk closes"):
            rig.ended()
        assert rig.walls[0].closed


def test_a_refused_call_in_a_session_is_survived_by_a_new_session(monado_null: Monado) -> None:
    with running() as rig:
        rig.until_said(Status.WORN)
        rig.walls[0].failure = OpenXrError("The OpenXR runtime refused a call: LIMIT_REACHED.")
        rig.until(lambda: len(rig.walls) == 2, "a second session")
        rig.until(lambda: rig.statuses()[-1] == "worn", "the wall")
        assert "LIMIT_REACHED" in rig.sentence(Status.LOST)


def test_while_it_is_lost_it_can_still_be_stopped(monado_null: Monado) -> None:
    with running() as rig:
        rig.until_said(Status.WORN)
        monado_null.kill()
        rig.until_said(Status.LOST)
        rig._stop.set()
        assert rig.ended()[0] is Status.STOPPED


def test_without_the_service_it_says_what_to_start_and_ends(monado_null: Monado) -> None:
    monado_null.stop()
    with running() as rig:
        status, sentence = rig.ended()
        assert status is Status.SERVICE_DOWN
        assert "Start it" in sentence
        assert not rig.walls


def test_pictures_of_the_feed_are_seen_in_the_headset(monado: Monado) -> None:
    with running() as rig:
        view = ScreenView(place=4, tenancy=1, slot=4, id="instance-4", name="Machine 5", state=TileState.LIVE)
        rig.tell(Roster((view,)))
        rig.until_said(Status.WORN)
        red = np.zeros((480, 640, 3), np.uint8)
        red[..., 0] = 255
        frame = av.VideoFrame.from_ndarray(red, format="rgb24").reformat(format="yuv420p")
        now_us = time.monotonic_ns() // 1000
        PictureWriter(SharedWall(rig.ends.memory)).write(4, 1, frame, FrameTiming(0, now_us, now_us, now_us))

        def seen() -> bool:
            picture = monado.picture().astype(int)
            return bool(((picture[..., 0] > 180) & (picture[..., 2] < 80)).sum() > 2000)

        rig.until(seen, "the picture")
