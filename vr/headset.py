"""The program's life with the headset: wait for it, run the wall in it, survive its loss, leave in order."""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, cast

from backend.contract import garbage
from vr import exit_guard
from vr.errors import FeedEndedError, RuntimeLostError, VrError
from vr.feed.feed import Feed
from vr.graphics.choice import Wish as GraphicsWish
from vr.openxr import phase
from vr.openxr.connecting import connect
from vr.openxr.instance import in_words
from vr.openxr.layer_path import Wish
from vr.openxr.phase import Phase
from vr.openxr.runtime import News, Runtime
from vr.openxr.session import FrameTime
from vr.patience import EXIT_CODES, Patience, Status
from vr.scene.layer import Layer
from vr.settings import VrSettings

log = logging.getLogger(__name__)

_POLL_S = 0.02
"""Between looks at runtime and feed while no frames are wanted: a person sees no delay, the processor no load."""
_FIGURES_S = 1.0
_EXIT_S = 1.0
"""For the runtime to lead a session through its last phases."""
_CONNECT_S = 30.0
"""To connect: a runtime starts its service in that call, which takes some seconds; one that hangs never returns."""
_SILENT = "The OpenXR runtime does not answer. Restart it, and then VR."
_LEFT = "You left the wall. Start it again from the kiosk."


class Wall(Protocol):
    """What is shown and done in one session; ``vr.wall`` has the real one."""

    @property
    def wants_out(self) -> bool:
        """Whether the wearer chose to leave."""

    def frame(self, frame: FrameTime, news: News) -> Sequence[Layer]:
        """Work of one frame that somebody sees: uploads, hands, sound; returns what to show, back to front."""

    def meanwhile(self) -> bool:
        """One small piece of the next frame's work before it comes; whether there was one."""

    def rest(self) -> None:
        """Nobody looks any more: let go of everything that is held."""

    def figures(self) -> Mapping[str, float]:
        """Figures since the last call, to be reported once a second."""

    def close(self) -> None:
        """Give canvases and sound back; the session ends."""


class Headset:
    """Runs the wall until the wearer, the feed or a signal ends it. Threading: the frame loop is the main thread."""

    def __init__(
        self, settings: VrSettings, feed: Feed, make_wall: Callable[[Runtime], Wall], stopping: Callable[[], bool]
    ) -> None:
        self._settings = settings
        self._feed = feed
        self._make_wall = make_wall
        self._stopping = stopping
        self._patience = Patience(settings.headset_wait_s, time.monotonic())
        self._said: tuple[Status, str] | None = None
        self._worn_before = False
        self._figures_due_s = 0.0

    def run(self) -> tuple[Status, str]:
        """Until the end; returns how it came, and the sentence about it.

        Raises:
            FeedEndedError: the pictures have ended.
        """
        self._say(Status.STARTING, "Looking for the headset.")
        while True:
            try:
                return self._attempt()
            except FeedEndedError:
                raise
            except VrError as error:
                verdict = self._patience.judge(error, time.monotonic())
                if verdict.again_s is None:
                    self._say(verdict.status, str(error))
                    return verdict.status, str(error)
                self._say(verdict.status, str(error))
                if not self._rest(verdict.again_s):
                    return Status.STOPPED, ""

    def _attempt(self) -> tuple[Status, str]:
        with exit_guard.bounded(EXIT_CODES[Status.LOST], _CONNECT_S, _SILENT):
            runtime = connect(cast(GraphicsWish, self._settings.graphics), Wish(self._settings.path))
        end = Status.LOST
        try:
            end, sentence = self._live(runtime)
            return end, sentence
        finally:
            with exit_guard.bounded(EXIT_CODES[end]):
                runtime.close()

    def _live(self, runtime: Runtime) -> tuple[Status, str]:
        """One session, from its start to its end."""
        runtime.passthrough.switch(self._settings.passthrough)
        wall = self._make_wall(runtime)
        garbage.settle()
        try:
            with in_words():
                return self._serve(runtime, wall)
        except RuntimeLostError as error:
            # Before anything is closed, which may take its time.
            self._say(Status.LOST, str(error))
            raise
        finally:
            with exit_guard.bounded(EXIT_CODES[Status.LOST]), in_words():
                wall.close()

    def _serve(self, runtime: Runtime, wall: Wall) -> tuple[Status, str]:
        seen = True
        while True:
            self._feed.poll()
            news = runtime.poll()
            self._follow(news)
            if news.phase is Phase.EXITING:
                return Status.LEFT, phase.SENTENCES[Phase.EXITING]
            if wall.wants_out or self._stopping():
                self._exit(runtime)
                return (Status.LEFT, _LEFT) if wall.wants_out else (Status.STOPPED, "")
            seen_before, seen = seen, self._frame(runtime, wall, news)
            if seen_before and not seen:
                wall.rest()
            self._report(runtime, wall)

    def _frame(self, runtime: Runtime, wall: Wall, news: News) -> bool:
        """One frame, or a moment without one; whether anybody saw it."""
        frame = runtime.wait_frame(wall.meanwhile)
        if frame is None:
            time.sleep(_POLL_S)
            return False
        layers = wall.frame(frame, news) if frame.should_render else []
        runtime.end_frame(frame, layers)
        return frame.should_render

    def _follow(self, news: News) -> None:
        if phase.runs(news.phase):
            self._patience.works()
        if phase.shows(news.phase) and news.worn:
            self._worn_before = True
            self._say(Status.WORN, phase.SENTENCES[news.phase])
        elif news.phase is not Phase.EXITING:
            status = Status.TAKEN_OFF if self._worn_before else Status.WAITING
            self._say(status, phase.SENTENCES[Phase.IDLE if phase.shows(news.phase) else news.phase])

    def _say(self, status: Status, sentence: str) -> None:
        if self._said != (status, sentence):
            self._said = (status, sentence)
            log.info("%s: %s", status.value, sentence)
            self._feed.report_status(status.value, sentence)

    def _report(self, runtime: Runtime, wall: Wall) -> None:
        now_s = time.monotonic()
        if now_s >= self._figures_due_s:
            self._figures_due_s = now_s + _FIGURES_S
            self._feed.report_statistics({**runtime.meter.read(), **wall.figures()})

    def _rest(self, seconds: float) -> bool:
        """Wait while listening to the feed; False where the program shall end."""
        until_s = time.monotonic() + seconds
        while time.monotonic() < until_s:
            if self._stopping():
                return False
            self._feed.poll()
            time.sleep(_POLL_S)
        return True

    def _exit(self, runtime: Runtime) -> None:
        """Let the runtime end the session as it likes: SteamVR takes a sudden end for a crash."""
        if not runtime.request_exit():
            return
        until_s = time.monotonic() + _EXIT_S
        while time.monotonic() < until_s and runtime.poll().phase is not Phase.EXITING:
            frame = runtime.wait_frame()
            if frame is None:
                time.sleep(_POLL_S)
            else:
                runtime.end_frame(frame, [])
