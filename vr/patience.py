"""What to do when the headset cannot be had, and how that is called. Pure.

At the start, what only a person can put right ends the program, with an exit code that says which; a headset may still
be connected or switched on, so it is waited for. Once the wall was in the headset, everything is tried again for ever.
"""

from dataclasses import dataclass
from enum import StrEnum

from backend.contract.retry import Backoff
from vr.errors import NoGraphicsError, NoHeadsetError, NoRuntimeError, ServiceDownError, VrError

# A runtime that restarts is back within seconds; asking it costs milliseconds.
_AGAIN = Backoff(initial_s=0.25, maximum_s=2.0, jitter=0.1)


class Status(StrEnum):
    """How the headset is, for the kiosk."""

    STARTING = "starting"
    WAITING = "waiting"
    WORN = "worn"
    TAKEN_OFF = "taken_off"
    LOST = "lost"
    LEFT = "left"
    STOPPED = "stopped"
    NO_RUNTIME = "no_runtime"
    SERVICE_DOWN = "service_down"
    NO_HEADSET = "no_headset"
    NO_GRAPHICS = "no_graphics"
    FAILED = "failed"


EXIT_CODES = {
    Status.LEFT: 0,
    Status.STOPPED: 0,
    Status.FAILED: 1,
    Status.NO_RUNTIME: 3,
    Status.SERVICE_DOWN: 4,
    Status.NO_HEADSET: 5,
    Status.NO_GRAPHICS: 6,
    Status.LOST: 7,
}
BAD_SETTINGS = 2

_STATUS_OF = (
    (NoRuntimeError, Status.NO_RUNTIME),
    (ServiceDownError, Status.SERVICE_DOWN),
    (NoHeadsetError, Status.NO_HEADSET),
    (NoGraphicsError, Status.NO_GRAPHICS),
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What follows from a failure."""

    status: Status
    again_s: float | None
    """Seconds until the next attempt; None: give up."""


class Patience:
    """Remembers what has been tried. ``headset_wait_s`` is how long a missing headset is waited for at the start."""

    def __init__(self, headset_wait_s: float, now_s: float) -> None:
        self._give_up_s = now_s + headset_wait_s
        self._failures = 0
        self._worked = False

    def works(self) -> None:
        """A session runs: whatever fails from now on is tried again for ever."""
        self._worked = True
        self._failures = 0

    def judge(self, error: VrError, now_s: float) -> Verdict:
        """What to do about a failure at ``now_s``, monotonic seconds."""
        self._failures += 1
        status = next((status for kind, status in _STATUS_OF if isinstance(error, kind)), Status.FAILED)
        again_s = _AGAIN.delay_s(self._failures)
        if self._worked:
            return Verdict(Status.LOST, again_s)
        if status is Status.NO_HEADSET and now_s < self._give_up_s:
            return Verdict(Status.WAITING, again_s)
        return Verdict(status, None)
