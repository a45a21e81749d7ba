"""How far the list of instances can be trusted."""

from collections.abc import Callable

from backend.contract.events import DiscoveryState

QUIET_S = 7.0
"""Every source confirms its list each second or two; after so long without a word it cannot be trusted."""
LOST_AFTER_S = 60.0


class Standing:
    """The source's last words, and the state that follows from them and from the time since.

    Args:
        clock: monotonic seconds.
        lost_after_s: age at which the list counts as lost, not only as stale.
    """

    def __init__(self, clock: Callable[[], float], lost_after_s: float = LOST_AFTER_S) -> None:
        self.synced = False
        self.trouble = ""
        """Why the source cannot be read now; empty when it can."""
        self._clock = clock
        self._lost_after_s = lost_after_s
        self._started = False
        self._confirmed = clock()

    def start(self) -> None:
        """The source is being asked from now on."""
        self._started, self._confirmed = True, self._clock()

    def confirm(self, age_s: float) -> None:
        """The source gave a complete list that was right ``age_s`` ago."""
        self.synced, self.trouble = True, ""
        self._confirmed = self._clock() - age_s

    def fail(self, reason: str) -> None:
        """The source cannot be read."""
        self.trouble = reason

    @property
    def age_s(self) -> float:
        """Since the source last confirmed the list; before the first list, since it was first asked."""
        return max(0.0, round(self._clock() - self._confirmed, 3))

    @property
    def state(self) -> DiscoveryState:
        """The state just now."""
        age_s = self.age_s
        if age_s > self._lost_after_s:
            return DiscoveryState.LOST
        if not self.synced:
            return DiscoveryState.SYNCING if self._started else DiscoveryState.INIT
        return DiscoveryState.STALE if self.trouble or age_s > QUIET_S else DiscoveryState.LIVE

    @property
    def reason(self) -> str:
        """Why the state is not live: a sentence."""
        match self.state:
            case DiscoveryState.LIVE:
                return ""
            case DiscoveryState.INIT:
                return "Discovery has not started yet."
            case DiscoveryState.SYNCING:
                return self.trouble or "The first complete list is on its way."
            case _:
                return self.trouble or "The source of the list has gone quiet. What it told last is shown."
