"""What the UI shows of the backend. Apart from the client itself, which takes a fifth of a second to import."""

import time
from dataclasses import dataclass, field

from backend.contract.events import DiscoveryState
from backend.contract.instance import Instance


@dataclass(frozen=True, slots=True)
class BackendView:
    """Everything that the UI shows of the backend."""

    url: str
    connected: bool
    reason: str
    """Why it is not connected; empty when it is."""
    mode: str
    synced: bool
    age_s: float
    """How long ago the source of the roster was last known to be right, at :attr:`taken_s`."""
    revision: int
    state: DiscoveryState = DiscoveryState.INIT
    """How far the roster can be trusted: the backend's own word, or less while it does not answer."""
    doubt: str = ""
    """Why the roster cannot be trusted; empty where it can."""
    instances: tuple[Instance, ...] = ()
    """By slot."""
    taken_s: float = field(default_factory=time.monotonic)
    """Monotonic time of this view."""

    def age_at(self, now_s: float) -> float:
        """Age of the roster at a monotonic time, in seconds."""
        return self.age_s + max(0.0, now_s - self.taken_s)
