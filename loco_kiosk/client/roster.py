"""What the backend last said, kept consistent by revisions. Pure."""

from backend.contract.events import Added, DiscoveryState, Event, FocusChanged, Freshness, Removed, Snapshot, Updated
from backend.contract.instance import Instance
from loco_kiosk.client.errors import BackendError


class Roster:
    """Instances by id."""

    def __init__(self) -> None:
        self.instances: dict[str, Instance] = {}
        self.revision = -1
        self.mode = ""
        self.synced = False
        self.age_s = 0.0
        """Of the data at the backend, when it last spoke."""
        self.state = DiscoveryState.INIT
        """How far the backend trusts its source."""
        self.reason = ""
        """Why it does not; empty where it does."""
        self.focus: str | None = None
        self._unconfirmed: set[str] = set()

    def apply(self, event: Event) -> None:
        """Take one event.

        Raises:
            BackendError: a revision is missing; a new snapshot is needed.
        """
        match event:
            case Snapshot():
                self._replace({instance.id: instance for instance in event.instances}, complete=event.synced)
                self.revision, self.mode, self.focus = event.revision, event.mode, event.focus
                self._trust(event)
            case Added() | Updated():
                self._advance(event.revision)
                self.instances[event.instance.id] = event.instance
                self._unconfirmed.discard(event.instance.id)
            case Removed():
                self._advance(event.revision)
                self.instances.pop(event.id, None)
            case FocusChanged():
                self.focus = event.id
            case Freshness():
                if event.revision != self.revision:
                    raise _gap(self.revision, event.revision)
                self._trust(event)

    def _replace(self, told: dict[str, Instance], *, complete: bool) -> None:
        """A backend that has just started knows little yet: what it does not name is kept until it knows all."""
        self._unconfirmed = set() if complete else self.instances.keys() - told.keys()
        kept = {name: self.instances[name] for name in self.instances if name in self._unconfirmed}
        self.instances = kept | told

    def _trust(self, event: Snapshot | Freshness) -> None:
        self.synced, self.age_s = event.synced, event.age_s
        self.state, self.reason = event.state, event.reason
        if event.synced:
            for name in self._unconfirmed:
                self.instances.pop(name, None)
            self._unconfirmed = set()

    def _advance(self, revision: int) -> None:
        if revision != self.revision + 1:
            raise _gap(self.revision, revision)
        self.revision = revision


def _gap(known: int, told: int) -> BackendError:
    return BackendError(f"An event of the backend is missing (revision {told} after {known}); taking a new snapshot.")
