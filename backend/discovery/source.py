"""What a discovery source tells: the seam between the registry and Kubernetes, a file or the local cluster."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

from backend.contract.instance import InstanceState
from backend.contract.status import GuestReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """An instance as its source sees it."""

    id: str
    slot: int
    name: str
    description: str = ""
    """For people; never used to find anything."""
    addresses: tuple[str, ...] = ()
    """Where the streamer's HTTP server is, the preferred one first; empty while unknown."""
    port: int = 0
    zone: str = ""
    node: str = ""
    guest: GuestReport | None = None
    """What the source itself knows of the guest; None where only the streamer knows."""
    state: InstanceState | None = None
    """What the source says of its life; None where the source knows nothing of it."""
    reason: str = ""
    """Why ``state`` is not ready: a sentence for a person."""
    incarnation: str = ""
    """Differs between an instance and the one that replaced it under the same id: the UID of its pod."""


@dataclass(frozen=True, slots=True)
class Synced:
    """``ids`` is the complete list just now. What is missing from it has vanished, and keeps its slot."""

    ids: frozenset[str]
    age_s: float = 0.0
    """How long ago the source was last sure of it."""


@dataclass(frozen=True, slots=True)
class Upsert:
    """An instance came or changed."""

    sighting: Sighting
    received_s: float | None = None
    """Monotonic time at which the bytes that say so arrived; None where nothing arrived."""


@dataclass(frozen=True, slots=True)
class Remove:
    """An instance is no longer wanted; its slot becomes free."""

    id: str


@dataclass(frozen=True, slots=True)
class Unavailable:
    """The source cannot be read. What is known stays, and grows old, until the next :class:`Synced`."""

    reason: str


SourceEvent = Synced | Upsert | Remove | Unavailable


class InstanceSource(Protocol):
    """Tells which instances exist. Iterated once, by one task."""

    @property
    def mode(self) -> str:
        """Its name for people and for the API: ``static``, ``local``, ``kubernetes``."""

    def watch(self) -> AsyncIterator[SourceEvent]:
        """Every change, for ever; repeats :class:`Synced` to confirm what has not changed."""

    async def refresh(self) -> None:
        """Look now; returns when the consumer of :meth:`watch` has what was found."""
