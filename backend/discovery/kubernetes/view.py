"""What can be said of the emulators now, from the copies of the API's resources and how far each can be trusted."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from backend.contract.instance import InstanceState
from backend.discovery.kubernetes.facts import Endpoint, Pod, read_endpoints, read_pod, read_slice
from backend.discovery.kubernetes.merge import Memo, Observed, merge
from backend.discovery.kubernetes.metadata import Metadata, read_metadata
from backend.discovery.kubernetes.witness import Copies, Json, Witnesses

log = logging.getLogger(__name__)

_BAD_OBJECT = (KeyError, TypeError, ValueError, AttributeError, IndexError)
Fact = TypeVar("Fact")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What is seen at one moment."""

    instances: Mapping[int, Observed] = field(default_factory=dict)
    """By ordinal, to be used only if ``usable``; the same objects as before where nothing changed."""
    usable: bool
    reason: str = ""
    """Why not: a sentence; empty while the first list is on its way."""
    confirmed_s: float = 0.0
    metadata: Metadata = field(default_factory=Metadata)
    """The same object for as long as it says the same."""


class View:
    """Merges the copies; remembers what a single look cannot know. No I/O."""

    def __init__(self, copies: Copies, *, port_name: str, now_s: Callable[[], float]) -> None:
        self.copies = copies
        self.malformed = 0
        """Objects of the API that could not be read; each is left out until it changes."""
        self.zones: dict[str, str] = {}
        """Zone of each node that a slice has told of."""
        self._witnesses = Witnesses(copies, now_s)
        self._seen_ready: set[str] = set()
        self._memo = Memo()
        self._metadata = Metadata()
        self._pods: _Reading[Pod | None] = _Reading(lambda item: read_pod(item, port_name), None)
        none: tuple[Endpoint, ...] = ()
        self._slices = _Reading(lambda item: tuple(read_slice(item, port_name)), none)
        self._endpoints = _Reading(lambda item: tuple(read_endpoints(item, port_name)), none)

    def look(self) -> Sight:
        """Everything as it is now."""
        belief = self._witnesses.ask()
        if belief is None:
            return Sight(usable=False, reason=self._witnesses.why_silent())
        endpoints = self._read_listing() if belief.endpoints else None
        pods = [pod for pod in self._pods.of(self.copies.pods.objects) if pod is not None]
        instances = merge(endpoints, pods, seen_ready=self._seen_ready, pods_known=belief.pods, memo=self._memo)
        self._remember(instances)
        self.malformed = self._pods.malformed + self._slices.malformed + self._endpoints.malformed
        return Sight(
            instances={ordinal: self._with_zone(each) for ordinal, each in instances.items()},
            usable=True,
            confirmed_s=belief.confirmed_s,
            metadata=self._read_metadata(),
        )

    def _read_listing(self) -> list[Endpoint]:
        listing = self.copies.listing
        reading = self._slices if listing is self.copies.slices else self._endpoints
        ends = [end for ends in reading.of(listing.objects) for end in ends]
        self.zones.update((end.node, end.zone) for end in ends if end.zone)
        return ends

    def _read_metadata(self) -> Metadata:
        if self.copies.metadata is not None:
            metadata = read_metadata(self.copies.metadata.objects.values())
            self._metadata = self._metadata if metadata == self._metadata else metadata
        return self._metadata

    def _remember(self, instances: Mapping[int, Observed]) -> None:
        self._seen_ready &= {each.uid for each in instances.values()}
        self._seen_ready |= {each.uid for each in instances.values() if each.state is InstanceState.READY}

    def _with_zone(self, observed: Observed) -> Observed:
        zone = observed.zone or self.zones.get(observed.node, "")
        return observed if zone == observed.zone else replace(observed, zone=zone)


class _Reading(Generic[Fact]):
    """Reads each object once, for as long as it does not change."""

    def __init__(self, read: Callable[[Json], Fact], nothing: Fact) -> None:
        self.malformed = 0
        self._read = read
        self._nothing = nothing
        self._known: dict[str, tuple[Json, Fact]] = {}

    def of(self, objects: Mapping[str, Json]) -> list[Fact]:
        known = self._known
        self._known = {
            uid: known[uid] if uid in known and known[uid][0] is item else (item, self._one(uid, item))
            for uid, item in objects.items()
        }
        return [fact for _, fact in self._known.values()]

    def _one(self, uid: str, item: Json) -> Fact:
        try:
            return self._read(item)
        except _BAD_OBJECT as error:
            self.malformed += 1
            log.warning("an object of the cluster (%.40s) cannot be read and is left out: %r", uid, error)
            return self._nothing
