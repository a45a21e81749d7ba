"""How far a copy can be trusted."""

import asyncio
import enum
import time
from collections.abc import Callable


class Phase(enum.StrEnum):
    """How far a copy can be trusted."""

    INIT = "init"
    SYNCING = "syncing"
    """There was no complete list yet; a reason tells why it takes long."""
    LIVE = "live"
    STALE = "stale"
    """The last known state, which nobody confirms."""


class Trust:
    """Weighs proofs and doubts. Threading: one event loop, which must run when there are doubts."""

    def __init__(self, on_change: Callable[[], None]) -> None:
        """``on_change`` is told of every other phase, reason and refusal."""
        self.phase = Phase.INIT
        self.reason = ""
        self.confirmed_s = 0.0
        self.denied = False
        self._on_change = on_change
        self._doubt = ""
        self._timer: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """The first list is on its way."""
        if self.phase is Phase.INIT:
            self._become(Phase.SYNCING, "")

    def confirm(self) -> None:
        """There is proof that the copy is the truth, and it is being kept so."""
        self.confirmed_s = time.monotonic()
        self.close()
        self._become(Phase.LIVE, "")

    def seen(self) -> None:
        """The copy was the truth just now, but it is not being kept so."""
        self.confirmed_s = time.monotonic()

    def doubt(self, reason: str, after_s: float = 0.0) -> None:
        """Without proof within ``after_s`` from the first doubt, the copy is stale; ``reason`` is a sentence."""
        self._doubt = reason
        if self.phase is not Phase.LIVE or after_s == 0:
            self._give_up()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(after_s, self._give_up)

    def unwatched(self, within_s: float) -> None:
        """No watch is open; one must prove itself in time. Keeps the reason of an earlier doubt."""
        if self.phase is Phase.LIVE and self._timer is None:
            self.doubt("The watch of the API server is not open yet.", within_s)

    def deny(self, *, denied: bool) -> None:
        """Whether the resource is refused for good."""
        if denied != self.denied:
            self.denied = denied
            self._on_change()

    def close(self) -> None:
        """Forget doubts that wait."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _give_up(self) -> None:
        self.close()
        self._become(Phase.STALE if self.confirmed_s else Phase.SYNCING, self._doubt)

    def _become(self, phase: Phase, reason: str) -> None:
        if (phase, reason) != (self.phase, self.reason):
            self.phase, self.reason = phase, reason
            self._on_change()
