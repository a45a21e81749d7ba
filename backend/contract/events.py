"""Messages of ``/api/events``: one snapshot, then changes, each with the revision that it leads to.

Revisions count up by one. A client that sees a gap closes the socket and takes the snapshot of a new one.
"""

import enum
from dataclasses import dataclass
from typing import Any, assert_never

from backend.contract.errors import WireError
from backend.contract.instance import Instance
from backend.contract.reading import integer, json_object, number, string
from backend.contract.version import PROTOCOL_VERSION, require_version


class DiscoveryState(enum.StrEnum):
    """How far the list of instances can be trusted."""

    INIT = "init"
    """Nothing has been asked yet."""
    SYNCING = "syncing"
    """The first complete list is on its way."""
    LIVE = "live"
    """Every change is seen as it happens."""
    STALE = "stale"
    """The source cannot be read now; the last list is served, and may be wrong."""
    LOST = "lost"
    """Stale for so long that somebody should look."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything known at ``revision``; replaces what the client knew.

    ``age_s`` is how long ago the discovery source last confirmed it; ``mode`` names that source.
    """

    revision: int
    instances: tuple[Instance, ...]
    mode: str
    synced: bool
    """False until the source's first complete list: empty is not the same as not known yet."""
    age_s: float
    focus: str | None
    state: DiscoveryState = DiscoveryState.LIVE
    reason: str = ""
    """Why the state is not ``live``: a sentence for a person."""


@dataclass(frozen=True, slots=True)
class Added:
    """An instance came."""

    revision: int
    instance: Instance


@dataclass(frozen=True, slots=True)
class Updated:
    """An instance changed."""

    revision: int
    instance: Instance


@dataclass(frozen=True, slots=True)
class Removed:
    """An instance went; its slot is free."""

    revision: int
    id: str


@dataclass(frozen=True, slots=True)
class FocusChanged:
    """The shared focus moved. Carries no revision: focus is not part of the roster."""

    id: str | None


@dataclass(frozen=True, slots=True)
class Freshness:
    """Sent every few seconds, so that a client can tell a quiet roster from a dead backend."""

    revision: int
    synced: bool
    age_s: float
    state: DiscoveryState = DiscoveryState.LIVE
    reason: str = ""


Event = Snapshot | Added | Updated | Removed | FocusChanged | Freshness


def event_to_json(event: Event) -> dict[str, Any]:
    """One WebSocket text message, before ``json.dumps``."""
    match event:
        case Snapshot():
            return {
                "type": "instances/snapshot",
                "version": PROTOCOL_VERSION,
                "revision": event.revision,
                "instances": [instance.to_json() for instance in event.instances],
                "mode": event.mode,
                "synced": event.synced,
                "age_s": event.age_s,
                "focus": event.focus,
                "state": event.state.value,
                "reason": event.reason,
            }
        case Added():
            return {"type": "instances/added", "revision": event.revision, "instance": event.instance.to_json()}
        case Updated():
            return {"type": "instances/updated", "revision": event.revision, "instance": event.instance.to_json()}
        case Removed():
            return {"type": "instances/removed", "revision": event.revision, "id": event.id}
        case FocusChanged():
            return {"type": "focus/changed", "id": event.id}
        case Freshness():
            return {
                "type": "instances/freshness",
                "revision": event.revision,
                "synced": event.synced,
                "age_s": event.age_s,
                "state": event.state.value,
                "reason": event.reason,
            }
        case _:
            assert_never(event)


def event_from_json(text: str | bytes) -> Event | None:
    """Read one message; None for a tag that this version does not know.

    Raises:
        WireError: the message does not fit its tag.
        VersionError: the snapshot is of another protocol version.
    """
    data = json_object(text, "A backend event")
    match string(data, "type"):
        case "instances/snapshot":
            require_version(data.get("version"), "backend")
            instances = data.get("instances")
            if not isinstance(instances, list):
                raise WireError("'instances' must be an array.")
            return Snapshot(
                integer(data, "revision"),
                tuple(Instance.from_json(item) for item in instances),
                string(data, "mode"),
                data.get("synced") is True,
                number(data, "age_s"),
                _optional_id(data, "focus"),
                _state(data),
                string(data, "reason", ""),
            )
        case "instances/added":
            return Added(integer(data, "revision"), Instance.from_json(data.get("instance")))
        case "instances/updated":
            return Updated(integer(data, "revision"), Instance.from_json(data.get("instance")))
        case "instances/removed":
            return Removed(integer(data, "revision"), string(data, "id"))
        case "focus/changed":
            return FocusChanged(_optional_id(data, "id"))
        case "instances/freshness":
            return Freshness(
                integer(data, "revision"),
                data.get("synced") is True,
                number(data, "age_s"),
                _state(data),
                string(data, "reason", ""),
            )
        case _:
            return None


def _state(data: dict[str, Any]) -> DiscoveryState:
    try:
        return DiscoveryState(string(data, "state"))
    except ValueError as error:
        raise WireError(f"Unknown discovery state {data['state']!r}.") from error


def _optional_id(data: dict[str, Any], name: str) -> str | None:
    return None if data.get(name) is None else string(data, name)
