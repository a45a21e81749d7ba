"""Which of the copies of the API's resources can be believed now. No I/O."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from backend.discovery.kubernetes.reflector import Phase

log = logging.getLogger(__name__)

Json = Mapping[str, Any]
FIRST_LIST_S = 3.0
"""For so long the first list of one resource waits for that of the other, lest readiness flickers at the start."""
REUNION_S = 0.5
"""The same after an outage, when both come back a few milliseconds apart."""
LASTING_S = 2.0
"""So long after it was last confirmed a copy is still used beside one that is live: when a server goes away, one of two
watches is always the first to notice."""


class Copy(Protocol):
    """The part of a reflector that is read."""

    @property
    def objects(self) -> Mapping[str, Json]:
        """By UID; a changed object is another object."""

    @property
    def phase(self) -> Phase:
        """How far the objects can be trusted."""

    @property
    def reason(self) -> str:
        """Why they cannot."""

    @property
    def confirmed_s(self) -> float:
        """Monotonic time of the last proof that they are the truth; 0 before the first list."""

    @property
    def denied(self) -> bool:
        """The resource is forbidden or absent."""


@dataclass(slots=True)
class Copies:
    """What is watched."""

    pods: Copy
    slices: Copy
    endpoints: Copy
    """Watched only where slices are denied."""
    metadata: Copy | None = None

    @property
    def listing(self) -> Copy:
        """Who lists the service's endpoints."""
        return self.endpoints if self.slices.denied else self.slices


@dataclass(frozen=True, slots=True)
class Belief:
    """What to use; at least one of the two is live."""

    pods: bool
    endpoints: bool
    confirmed_s: float
    """Monotonic time at which the older of those that are live was sure."""


class Witnesses:
    """Decides whom to believe, and tells the log of what lasts."""

    def __init__(self, copies: Copies, now_s: Callable[[], float]) -> None:
        self._copies = copies
        self._now_s = now_s
        self._speaking_since_s: float | None = None
        self._live_s = {"pods": 0.0, "endpoints": 0.0}
        self._told = "both"

    def ask(self) -> Belief | None:
        """Whom to believe now; None for nobody."""
        now_s = self._now_s()
        witnesses = {"pods": self._copies.pods, "endpoints": self._copies.listing}
        live = {name: copy for name, copy in witnesses.items() if copy.phase is Phase.LIVE}
        if not live:
            self._speaking_since_s = None
            return None
        if self._speaking_since_s is None:
            self._speaking_since_s = now_s
            self._live_s = dict.fromkeys(witnesses, now_s - LASTING_S)
        self._live_s.update(dict.fromkeys(live, now_s))
        unheard = [copy for name, copy in witnesses.items() if self._live_s[name] < self._speaking_since_s]
        if unheard and self._is_coming(unheard[0], now_s - self._speaking_since_s):
            return None
        used = {name: now_s - self._live_s[name] < LASTING_S for name in witnesses}
        self._tell("both" if all(used.values()) else next(name for name, use in used.items() if use))
        return Belief(used["pods"], used["endpoints"], min(copy.confirmed_s for copy in live.values()))

    def why_silent(self) -> str:
        """Why nobody can be believed: a sentence, empty while the first list is on its way."""
        pods, listing = self._copies.pods, self._copies.listing
        if pods.denied and listing.denied:
            return (
                "The cluster lets this backend read neither pods nor endpoints: give its service account a Role that "
                f"allows get, list and watch of pods and endpointslices. ({pods.reason})"
            )
        return pods.reason or listing.reason

    def _is_coming(self, unheard: Copy, alone_s: float) -> bool:
        return not unheard.denied and alone_s < (REUNION_S if unheard.confirmed_s else FIRST_LIST_S)

    def _tell(self, who: str) -> None:
        if who == self._told:
            return
        self._told = who
        if who == "both":
            log.info("pods and endpoints can both be read again")
        else:
            other = self._copies.listing if who == "pods" else self._copies.pods
            log.warning("the %s alone tell of the emulators: %s", who, other.reason)
