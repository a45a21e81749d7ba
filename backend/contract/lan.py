"""What the guests' Ethernet switch tells of itself: ``GET /api/lan`` of ``loco-lan`` and, passed on, of the backend."""

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Self, TypeVar

from backend.contract.errors import WireError
from backend.contract.reading import integer, mapping, number, sequence_of_strings, string
from backend.contract.version import PROTOCOL_VERSION, require_version

Choice = TypeVar("Choice", bound=enum.StrEnum)
Item = TypeVar("Item")


class PortKind(enum.StrEnum):
    """How a port reaches what hangs on it."""

    DGRAM = "dgram"
    """A QEMU of this machine, one datagram a frame over unix sockets."""
    STREAM = "stream"
    """A QEMU or a port agent, frames with their length over a unix socket or TCP."""
    LINK = "link"
    """The switch of another site, over TLS."""


class PortState(enum.StrEnum):
    """What a port does now."""

    UP = "up"
    """It is connected."""
    DOWN = "down"
    """Nothing is connected; it is waited for, or dialled again and again."""
    BLOCKED = "blocked"
    """It is connected, but what comes from it is dropped for a while: the reason says why."""


class Layer2(enum.StrEnum):
    """Whether two ports can send each other frames."""

    PROVEN = "proven"
    """Both have lately sent frames that the other took, addressed to it alone."""
    EXPECTED = "expected"
    """Both speak and take frames, but have not lately spoken with each other."""
    SILENT = "silent"
    """One of them has not been heard for a while."""
    DOWN = "down"
    """One of them is not connected, or blocked."""


class DirectPlay(enum.StrEnum):
    """What a guest answered on the ports of DirectPlay, TCP 47624 and 2300 to 2400."""

    OPEN = "open"
    """A game listens."""
    CLOSED = "closed"
    """The guest answers, and nobody listens."""
    SILENT = "silent"
    """It has an IP address, but does not answer."""
    UNKNOWN = "unknown"
    """It has no IP address that the switch knows, or was not asked yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PortStatus:
    """One port. Counters begin with the switch; ages are in seconds, -1 for never."""

    number: int
    """Of the whole switch: instance N has N + 1; links count from 10001, guests with other names from 20001."""
    name: str
    """Id of the instance, or the name that the operator gave."""
    kind: PortKind
    state: PortState
    reason: str = ""
    """Why it is not up, a sentence."""
    since: float = 0.0
    """Unix seconds at which ``state`` began."""
    macs: tuple[str, ...] = ()
    """Heard lately behind this port."""
    addresses: tuple[str, ...] = ()
    """IPv4 addresses heard lately behind this port."""
    heard_age_s: float = -1.0
    """Since its last frame."""
    frames_in: int = 0
    """From the guest, accepted."""
    frames_out: int = 0
    """To the guest, taken."""
    bytes_in: int = 0
    bytes_out: int = 0
    drops: Mapping[str, int] = field(default_factory=dict)
    """Frames from or to this port that were dropped, by cause; ``docs/lan.md`` explains the causes."""
    broadcasts: Mapping[str, int] = field(default_factory=dict)
    """Broadcasts and multicasts from this port, by protocol."""
    directplay: DirectPlay = DirectPlay.UNKNOWN
    directplay_ports: tuple[int, ...] = ()
    """TCP ports of DirectPlay that are open."""

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        values = _shallow(self)
        return values | {name: list(values[name]) for name in ("macs", "addresses", "directplay_ports")}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what :meth:`to_json` wrote.

        Raises:
            WireError: a field is missing or of the wrong type.
        """
        return cls(
            number=integer(data, "number"),
            name=string(data, "name"),
            kind=_choice(PortKind, data, "kind"),
            state=_choice(PortState, data, "state"),
            reason=string(data, "reason", ""),
            since=number(data, "since", 0.0),
            macs=sequence_of_strings(data, "macs"),
            addresses=sequence_of_strings(data, "addresses"),
            heard_age_s=number(data, "heard_age_s", -1.0),
            frames_in=integer(data, "frames_in", 0),
            frames_out=integer(data, "frames_out", 0),
            bytes_in=integer(data, "bytes_in", 0),
            bytes_out=integer(data, "bytes_out", 0),
            drops=_counts(data, "drops"),
            broadcasts=_counts(data, "broadcasts"),
            directplay=_choice(DirectPlay, data, "directplay", DirectPlay.UNKNOWN),
            directplay_ports=_integers(data, "directplay_ports"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PairReach:
    """Whether the guests of two ports reach each other; each pair of a room stands once, lower number first."""

    a: int
    b: int
    """Port numbers."""
    layer2: Layer2
    frames_ab: int = 0
    """Frames of ``a`` that ``b`` took, broadcasts included."""
    frames_ba: int = 0
    directplay: DirectPlay = DirectPlay.UNKNOWN
    """``open`` where both guests have a game that listens; else the lesser answer of the two."""

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        return _shallow(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what :meth:`to_json` wrote.

        Raises:
            WireError: a field is missing or of the wrong type.
        """
        return cls(
            a=integer(data, "a"),
            b=integer(data, "b"),
            layer2=_choice(Layer2, data, "layer2"),
            frames_ab=integer(data, "frames_ab", 0),
            frames_ba=integer(data, "frames_ba", 0),
            directplay=_choice(DirectPlay, data, "directplay", DirectPlay.UNKNOWN),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomStatus:
    """One LAN of the switch; guests in different rooms never hear each other."""

    name: str
    ports: tuple[PortStatus, ...] = ()
    """By number."""
    pairs: tuple[PairReach, ...] = ()
    """The reachability matrix."""
    network: str = ""
    """IPv4 network in which the switch gives guests addresses, such as 192.168.98.0/24; empty where it does not."""

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        ports = [port.to_json() for port in self.ports]
        return _shallow(self) | {"ports": ports, "pairs": [pair.to_json() for pair in self.pairs]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what :meth:`to_json` wrote.

        Raises:
            WireError: a field is missing or of the wrong type.
        """
        return cls(
            name=string(data, "name"),
            ports=_items(data, "ports", PortStatus.from_json),
            pairs=_items(data, "pairs", PairReach.from_json),
            network=string(data, "network", ""),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LanStatus:
    """The whole switch."""

    site: str = ""
    """Name of this site among those that are linked; empty where it is alone."""
    uptime_s: float = 0.0
    rooms: tuple[RoomStatus, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The document."""
        return _shallow(self) | {"version": PROTOCOL_VERSION, "rooms": [room.to_json() for room in self.rooms]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what :meth:`to_json` wrote; unknown fields are ignored.

        Raises:
            WireError: a field is missing or of the wrong type.
            VersionError: the switch is of another protocol version.
        """
        require_version(data.get("version"), "guest LAN")
        return cls(
            site=string(data, "site", ""),
            uptime_s=number(data, "uptime_s", 0.0),
            rooms=_items(data, "rooms", RoomStatus.from_json),
        )


def _shallow(value: Any) -> dict[str, Any]:  # noqa: ANN401 - any of the classes above
    return {each.name: getattr(value, each.name) for each in fields(value)}


def _choice(kind: type[Choice], data: Mapping[str, Any], name: str, default: str | None = None) -> Choice:
    text = string(data, name) if default is None else string(data, name, default)
    try:
        return kind(text)
    except ValueError as error:
        raise WireError(f"'{name}' must be one of {', '.join(kind)}, not {text!r:.60}.") from error


def _counts(data: Mapping[str, Any], name: str) -> dict[str, int]:
    counts = mapping(data, name, {})
    return {cause: integer(counts, cause) for cause in counts}


def _integers(data: Mapping[str, Any], name: str) -> tuple[int, ...]:
    values = data.get(name, ())
    if not isinstance(values, list | tuple) or not all(type(value) is int for value in values):
        raise WireError(f"'{name}' must be an array of whole numbers.")
    return tuple(values)


def _items(data: Mapping[str, Any], name: str, read: Callable[[Mapping[str, Any]], Item]) -> tuple[Item, ...]:
    values = data.get(name, ())
    if not isinstance(values, list | tuple) or not all(isinstance(value, Mapping) for value in values):
        raise WireError(f"'{name}' must be an array of objects.")
    return tuple(read(value) for value in values)
