"""What the registry keeps of one instance."""

from backend.contract.instance import Instance
from backend.contract.status import StreamerStatus
from backend.discovery.condition import Condition
from backend.discovery.live import instance_json
from backend.discovery.source import Sighting


class Entry:
    """All that is known of an instance, and what readers are told of it."""

    __slots__ = ("_json", "_shown", "condition", "heard", "ready_s", "sighting", "status", "vanished_s")

    def __init__(self, sighting: Sighting, shown: Instance, *, ready_s: float) -> None:
        self.sighting = sighting
        self.condition: Condition | None = None
        """What its streamer or its silence says; None before it was asked."""
        self.status: StreamerStatus | None = None
        """What its streamer said last; None while nobody speaks for it."""
        self.vanished_s: float | None = None
        """Monotonic time at which the source had it no longer."""
        self.heard = shown.last_seen
        """Unix time of the last word of its streamer."""
        self.ready_s = ready_s
        """Monotonic time at which the source began to call it ready."""
        self._shown = shown
        self._json: bytes | None = None

    @property
    def instance(self) -> Instance:
        """What readers are told."""
        return self._shown

    @property
    def json(self) -> bytes:
        """The same as JSON, made when it is first asked for."""
        if self._json is None:
            self._json = instance_json(self._shown)
        return self._json

    @property
    def vanished(self) -> bool:
        """Whether the source has it no longer."""
        return self.vanished_s is not None

    def show(self, instance: Instance) -> None:
        """Tell readers this from now on."""
        self._shown, self._json = instance, None

    def replaced_by(self, sighting: Sighting) -> bool:
        """Whether another streamer is behind the new sighting: what is known of the old one says nothing of it."""
        old = self.sighting
        return (old.incarnation, old.addresses, old.port) != (sighting.incarnation, sighting.addresses, sighting.port)

    def vanish(self, now_s: float) -> None:
        """The source has it no longer."""
        self.vanished_s = now_s
        self.condition = self.status = None


def shown(sighting: Sighting, condition: Condition, *, since: float, last_seen: float) -> Instance:
    """What readers are told of a sighting in a condition; times are Unix seconds."""
    return Instance(
        id=sighting.id,
        slot=sighting.slot,
        name=sighting.name,
        description=sighting.description,
        state=condition.state,
        reason=condition.reason,
        addresses=sighting.addresses,
        port=sighting.port,
        zone=sighting.zone,
        node=sighting.node,
        health=condition.health,
        since=since,
        last_seen=last_seen,
    )
