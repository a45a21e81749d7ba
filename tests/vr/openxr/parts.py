"""The parts of a session on a real runtime, without graphics: what reads hands and places needs no frames."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import xr

from tests.vr.monado import until
from vr.openxr import events, instance
from vr.openxr.extensions import Extensions, select
from vr.openxr.phase import Phase
from vr.openxr.session import Session
from vr.openxr.spaces import Spaces

HEADLESS = ("XR_MND_headless", "XR_KHR_convert_timespec_time")
WITHIN_S = 5.0


class Parts:
    """An instance and its session."""

    def __init__(self, extensions: Extensions) -> None:
        self.extensions = extensions
        self.instance = instance.create(extensions)
        self._session = Session(self.instance, instance.find_system(self.instance), None)  # type: ignore[arg-type] # none
        self.session = self._session.handle
        self.spaces = Spaces(self.instance, self.session, extensions)
        self.came: list[events.Event] = []

    def poll(self) -> None:
        """Take the events."""
        for event in events.poll(self.instance):
            self.came.append(event)
            if isinstance(event, events.StateChanged):
                self._session.state_changed(event.state)

    def focus(self) -> None:
        """Come to the front; actions are to be attached before."""
        self.until(lambda: self._session.phase is Phase.FOCUSED, "focus")

    def until(self, condition: Callable[[], bool], what: str) -> None:
        """Wait for a condition, taking events meanwhile."""

        def holds() -> bool:
            self.poll()
            return condition()

        until(holds, WITHIN_S, lambda: f"no {what}, but {self.came}")

    def now(self) -> int:
        """As an XrTime."""
        seconds = time.monotonic()
        moment = xr.timespec(int(seconds), int(seconds % 1 * 1e9))
        return int(xr.convert_timespec_time_to_time_khr(self.instance, moment).value)


@contextmanager
def opened(without: tuple[str, ...] = ()) -> Iterator[Parts]:
    """A session with all extensions that the wall switches on, but for some."""
    offered = instance.offered_extensions() - set(without)
    parts = Parts(select(offered, HEADLESS))
    try:
        yield parts
    finally:
        xr.destroy_instance(parts.instance)
