"""Which place of the shared memory each shown machine has. Pure."""

from collections.abc import Sequence

from loco_kiosk.media.shared_wall import PLACES


class Places:
    """Keeps a machine's place as long as it can, so that a page which comes back shows its pictures at once.

    A place has one tenant at a time; each new tenancy gets a number, by which the other side tells its pictures from
    those of the tenant before.
    """

    def __init__(self) -> None:
        self.shown: tuple[str, ...] = ()
        """The machines that are shown and have a place."""
        self._places: dict[str, int] = {}
        self._tenancies: dict[str, int] = {}
        self._count = 0

    def show(self, ids: Sequence[str]) -> tuple[str, ...]:
        """Show these machines, as many as there are places; returns those that were not shown before."""
        wanted = tuple(dict.fromkeys(ids))[:PLACES]
        new = tuple(identity for identity in wanted if identity not in self.shown)
        for identity in wanted:
            if identity not in self._places:
                self._settle(identity, wanted)
            self._places[identity] = self._places.pop(identity)  # the longest unshown comes first
        self.shown = wanted
        return new

    def place(self, identity: str) -> int | None:
        """The place of a machine that is shown."""
        return self._places[identity] if identity in self.shown else None

    def tenancy(self, identity: str) -> int:
        """The number of its tenancy; 0 for one without a place."""
        return self._tenancies.get(identity, 0)

    def _settle(self, identity: str, wanted: Sequence[str]) -> None:
        free = set(range(PLACES)) - set(self._places.values())
        if free:
            place = min(free)
        else:
            leaving = next(tenant for tenant in self._places if tenant not in wanted)
            place = self._places.pop(leaving)
            del self._tenancies[leaving]
        self._count += 1
        self._places[identity], self._tenancies[identity] = place, self._count
