"""One XrSession from its making to its end: its phase, and the frames between."""

import ctypes
import logging
from collections.abc import Sequence
from dataclasses import dataclass

import xr

from vr.errors import RuntimeLostError
from vr.openxr import phase
from vr.openxr.instance import System, in_words
from vr.openxr.phase import Phase, Step
from vr.openxr.waiting import FrameWaiter, Meanwhile

log = logging.getLogger(__name__)

_STEREO = xr.ViewConfigurationType.PRIMARY_STEREO


@dataclass(frozen=True, slots=True)
class FrameTime:
    """A frame that has begun."""

    display: int
    """When it will be seen: an XrTime in nanoseconds, for locating things."""
    period_s: float
    """Until the next one."""
    should_render: bool
    """Whether anybody sees it; if not, it is ended without layers."""
    waited_s: float
    """When the wait for it was over, by time.perf_counter()."""


class Session:
    """The session's state and its frames. Runs in the thread of the frame loop."""

    def __init__(self, instance: xr.Instance, system: System, graphics_binding: ctypes.Structure) -> None:
        info = xr.SessionCreateInfo(system_id=system.id, next=graphics_binding)
        with in_words():
            self.handle = xr.create_session(instance, info)
        self.phase = Phase.IDLE
        self._waiter = FrameWaiter(self.handle)
        self._running = False

    def state_changed(self, state: int) -> None:
        """Follow the runtime's word and do what it asks for.

        Raises:
            RuntimeLostError: the session is lost.
        """
        change = phase.follow(self.phase, state, self._running)
        if change.phase is not self.phase:
            log.info("session: %s", change.phase.value)
        self.phase = change.phase
        if change.step is Step.BEGIN:
            self._begin()
        elif change.step is Step.END:
            self._end()
        if change.phase is Phase.LOST:
            raise RuntimeLostError(phase.SENTENCES[Phase.LOST])

    def wait_frame(self, meanwhile: Meanwhile) -> FrameTime | None:
        """Do what there is to do until the runtime wants the next frame, and begin it; None while it wants none."""
        if not self._running:
            return None
        with in_words():
            state, waited_s = self._waiter.wait(meanwhile)
            try:
                xr.begin_frame(self.handle)
            except xr.FrameDiscarded:
                log.debug("the runtime dropped the frame before")
        return FrameTime(
            display=state.predicted_display_time,
            period_s=state.predicted_display_period / 1e9,
            should_render=bool(state.should_render),
            waited_s=waited_s,
        )

    def end_frame(self, frame: FrameTime, layers: Sequence[ctypes.Structure], blend: xr.EnvironmentBlendMode) -> None:
        """Show ``layers``, back to front; a frame that has begun must be ended whatever happened in it."""
        pointers = [ctypes.pointer(layer) for layer in layers]
        info = xr.FrameEndInfo(display_time=frame.display, environment_blend_mode=blend, layers=pointers)
        with in_words():
            xr.end_frame(self.handle, info)

    def request_exit(self) -> bool:
        """Ask the runtime to lead the session to its end, by STOPPING to EXITING; False where none has begun."""
        if self._running:
            with in_words():
                xr.request_exit_session(self.handle)
        return self._running

    def close(self) -> None:
        """End it."""
        self._waiter.close()
        xr.destroy_session(self.handle)

    def _begin(self) -> None:
        with in_words():
            xr.begin_session(self.handle, xr.SessionBeginInfo(primary_view_configuration_type=_STEREO))
        self._running = True

    def _end(self) -> None:
        self._running = False
        with in_words():
            xr.end_session(self.handle)
