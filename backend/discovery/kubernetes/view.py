"""What can be said of the emulators now, from the copies of the API's resources and how far each can be trusted."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, Protocol, TypeVar

from backend.contract.instance import InstanceState
from backend.discovery.kubernetes.facts import Endpoint, Pod, read_endpoints, read_pod, read_slice
from backend.discovery.kubernetes.merge import Memo, Observed, merge
from backend.discovery.kubernetes.metadata import Metadata, read_metadata
from backend.discovery.kubernetes.reflector import Phase

log = logging.getLogger(__name__)

FIRST_LIST_S = 3.0
"""For so long the first list of one resource waits for that of the other, lest readiness flickers at the start."""
LASTING_S = 2.0
"""After so long it is worth a line in the log that only one of the two can be read."""
_BAD_OBJECT = (KeyError, TypeError, ValueError, AttributeError, IndexError)
Fact = TypeVar("Fact")
Json = Mapping[str, Any]


class Copy(Protocol):
    """The part of a reflector that is read here."""

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
        self._now_s = now_s
        self._began_s = now_s()
        self._seen_ready: set[str] = set()
        self._decides = self._told = "both"
        self._decides_since_s = 0.0
        self._memo = Memo()
        self._metadata = Metadata()
        self._pods: _Reading[Pod | None] = _Reading(lambda item: read_pod(item, port_name), None)
        none: tuple[Endpoint, ...] = ()
        self._slices = _Reading(lambda item: tuple(read_slice(item, port_name)), none)
        self._endpoints = _Reading(lambda item: tuple(read_endpoints(item, port_name)), none)

    def look(self) -> Sight:
        """Everything as it is now."""
        copies, listing = self.copies, self.copies.listing
        trusted = [copy for copy in (copies.pods, listing) if copy.phase is Phase.LIVE]
        if not trusted or self._other_is_coming(trusted):
            return Sight(usable=False, reason=self._why_not())
        pods_known = copies.pods in trusted
        self._say_who_decides(pods=pods_known, endpoints=listing in trusted)
        endpoints = self._read_listing() if listing in trusted else None
        pods = [pod for pod in self._pods.of(copies.pods.objects) if pod is not None]
        instances = merge(endpoints, pods, seen_ready=self._seen_ready, pods_known=pods_known, memo=self._memo)
        self._remember(instances)
        self.malformed = self._pods.malformed + self._slices.malformed + self._endpoints.malformed
        return Sight(
            instances={ordinal: self._with_zone(each) for ordinal, each in instances.items()},
            usable=True,
            confirmed_s=min(copy.confirmed_s for copy in trusted),
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

    def _other_is_coming(self, trusted: list[Copy]) -> bool:
        if len(trusted) == 2 or self._now_s() - self._began_s > FIRST_LIST_S:
            return False
        other = self.copies.listing if self.copies.pods in trusted else self.copies.pods
        return other.confirmed_s == 0 and not other.denied

    def _why_not(self) -> str:
        copies = self.copies
        if copies.pods.denied and copies.listing.denied:
            return (
                "The cluster lets this backend read neither pods nor endpoints: give its service account a Role that "
                f"allows get, list and watch of pods and endpointslices. ({copies.pods.reason})"
            )
        return copies.pods.reason or copies.listing.reason

    def _say_who_decides(self, *, pods: bool, endpoints: bool) -> None:
        """Once for each change that lasts: when a server goes away, one of two watches is the first to notice."""
        decides = "both" if pods and endpoints else "pods" if pods else "endpoints"
        if decides != self._decides:
            self._decides, self._decides_since_s = decides, self._now_s()
        if decides == self._told or self._now_s() - self._decides_since_s < LASTING_S:
            return
        self._told = decides
        if decides == "both":
            log.info("pods and endpoints can both be read again")
        else:
            blind = self.copies.listing if decides == "pods" else self.copies.pods
            log.warning("the %s alone tell of the emulators: %s", decides, blind.reason)

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
