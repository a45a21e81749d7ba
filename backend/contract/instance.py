"""One emulator of the wall, as the backend tells it to viewers."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

from backend.contract.errors import SettingsError, WireError
from backend.contract.reading import integer, number, sequence_of_strings, string


class InstanceState(enum.StrEnum):
    """What a viewer can expect of an instance now."""

    PENDING = "pending"
    """It is wanted, but has no place to run or no address yet."""
    BOOTING = "booting"
    """It exists and will serve a picture."""
    READY = "ready"
    """Its streamer serves a live picture."""
    DEGRADED = "degraded"
    """Its streamer answers, but the picture is dead or the guest is in trouble."""
    TERMINATING = "terminating"
    """It is being stopped on purpose; its picture may go on for a moment."""
    LOST = "lost"
    """It is there, but nothing answers; its slot and its last-seen time are kept."""
    GONE = "gone"
    """Its source no longer has it; its slot and its last-seen time are kept."""


class RecoverLevel(enum.StrEnum):
    """How hard to recover an instance."""

    RESET = "reset"
    """Back to the snapshot of the started guest, or a hardware reset."""
    RESTART = "restart"
    """A new QEMU process."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """An emulator with its streamer. Immutable; a change is a new value.

    ``slot`` counts from 0 and is the ordinal; people see ``slot + 1``. ``since`` and ``last_seen`` are Unix seconds:
    the start of ``state``, and the last moment at which the instance was known to exist.
    """

    id: str
    slot: int
    name: str
    state: InstanceState
    reason: str = ""
    """Why the state is not ``ready``, and what happens next: a sentence for a person."""
    addresses: tuple[str, ...] = ()
    port: int = 0
    """TCP port of the streamer's HTTP server; 0 while unknown."""
    zone: str = ""
    node: str = ""
    description: str = ""
    """A few words for people, where somebody wrote them."""
    health: int = 100
    """0 (dead) to 100 (all well)."""
    since: float = 0.0
    last_seen: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """The JSON object of the HTTP API and the event stream."""
        return {name: getattr(self, name) for name in _FIELDS} | {"addresses": list(self.addresses)}

    @classmethod
    def from_json(cls, data: object) -> Self:
        """Read what :meth:`to_json` wrote; unknown fields are ignored.

        Raises:
            WireError: a field is missing or of the wrong type.
        """
        if not isinstance(data, Mapping):
            raise WireError("An instance must be a JSON object.")
        try:
            state = InstanceState(string(data, "state"))
        except ValueError as error:
            raise WireError(f"Unknown instance state {data['state']!r}.") from error
        return cls(
            id=string(data, "id"),
            slot=integer(data, "slot"),
            name=string(data, "name"),
            state=state,
            reason=string(data, "reason", ""),
            addresses=sequence_of_strings(data, "addresses"),
            port=integer(data, "port", 0),
            zone=string(data, "zone", ""),
            node=string(data, "node", ""),
            description=string(data, "description", ""),
            health=integer(data, "health", 100),
            since=number(data, "since", 0.0),
            last_seen=number(data, "last_seen", 0.0),
        )


_FIELDS = tuple(field.name for field in fields(Instance))


def slot_of(instance_id: str) -> int:
    """Ordinal in an id such as ``instance-3``.

    Raises:
        WireError: the id does not end in a dash and a number.
    """
    _, dash, ordinal = instance_id.rpartition("-")
    if not dash or not ordinal.isascii() or not ordinal.isdigit():
        raise WireError(f"Instance id {instance_id!r} does not end in '-' and a number, as in 'instance-3'.")
    return int(ordinal)


def instance_id(wanted: str, host: str) -> str:
    """``wanted``, or for ``auto`` the id by the number that ends the host's name, as pods of a StatefulSet have it.

    Raises:
        SettingsError: there is no number.
    """
    try:
        ordinal = slot_of(host if wanted == "auto" else wanted)
    except WireError as error:
        what = f"the host name {host!r} has none" if wanted == "auto" else f"{wanted!r} has none"
        raise SettingsError(f"'instance' must end in '-' and a number, as in 'instance-3', and {what}.") from error
    return f"instance-{ordinal}" if wanted == "auto" else wanted
