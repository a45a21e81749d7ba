"""The body of ``/api/instances/live``, made of parts that are serialised once."""

from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from backend.contract.instance import Instance, InstanceState


@dataclass(frozen=True, slots=True)
class Roster:
    """All instances of one revision, by slot, with their JSON."""

    revision: int
    instances: tuple[Instance, ...]
    array: bytes
    """JSON array of the instances."""
    ready: int

    @classmethod
    def of(cls, revision: int, rows: Sequence[tuple[Instance, bytes]]) -> "Roster":
        """From instances with what :func:`instance_json` made of each."""
        instances = tuple(instance for instance, _ in rows)
        ready = sum(instance.state is InstanceState.READY for instance in instances)
        return cls(revision, instances, b"[" + b",".join([text for _, text in rows]) + b"]", ready)

    def document(self, *, mode: str, synced: bool, age_s: float, state: str, reason: str) -> bytes:
        """The whole body; what is not of the revision is told anew each time."""
        total = len(self.instances)
        rest = {
            "mode": mode,
            "summary": {"total": total, "ready": self.ready, "not_ready": total - self.ready},
            "revision": self.revision,
            "synced": synced,
            "age_s": age_s,
            "state": state,
            "reason": reason,
        }
        return b'{"instances":' + self.array + b"," + orjson.dumps(rest)[1:]


def instance_json(instance: Instance) -> bytes:
    """One instance as compact JSON."""
    return orjson.dumps(instance.to_json())
