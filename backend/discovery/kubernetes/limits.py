"""Times and sizes of list and watch, measured on a real control plane."""

from dataclasses import dataclass, field

from backend.contract.retry import Backoff


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """All times in seconds."""

    connect_s: float = 1.5
    """For TCP and TLS. Linux repeats a lost SYN after 1 s: longer waits would notice a network's return later. A server
    under load may need more for TLS, so every third attempt in a row has three times this."""
    silence_s: float = 5.0
    """Longest pause inside the answer to a list."""
    list_s: float = 60.0
    page: int = 200
    """Objects of one page of a list: a page of pods is 2 MiB, and holds up the event loop for some 20 ms."""
    watch_s: float = 290.0
    """The server ends a watch after 0.8 to 1 of this, so that not all end together."""
    idle_s: float = 75.0
    """A bookmark comes every 60 s; longer silence is a dead watch."""
    probe_every_s: float = 2.0
    probe_s: float = 2.0
    """Longest wait for a probe. The first failed probe doubts nothing, the second makes the data stale: 6 s at most."""
    doubts: int = 2
    tear_down: int = 3
    """Failed probes in a row after which the watch is opened anew."""
    grace_s: float = 2.0
    """A watch that is back within this time was never stale: nothing flickers when a server ends its watches."""
    settle_s: float = 0.1
    """A watch that was answered with 200 may still end at once with 410: it counts as open after this."""
    short_s: float = 1.0
    """A watch that lived for less did not work, and the next one waits."""
    attempts: int = 3
    """Failed watches in a row after which a full list is tried instead: etcd may have gone back in time."""
    denied_s: float = 3.0
    """A 403 that lasts so long is meant: in the first second after its start, an API server denies everything."""
    denied_wait_s: float = 5.0
    relist_s: float = 300.0
    """Between two full lists that check the watch."""
    relist_settle_s: float = 5.0
    """What a full list has and the watch has not told so long after is drift."""
    backoff: Backoff = field(default_factory=lambda: Backoff(initial_s=0.1, maximum_s=0.4, jitter=0.3))
    """Short enough to be back within a second of the server's return."""
