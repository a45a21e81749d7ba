"""What a streamer says of its guest: ``GET /status``, ``/status/events`` and the ``guest/state`` control message."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Self

from backend.contract.errors import WireError
from backend.contract.reading import integer, mapping, number, string
from backend.contract.version import PROTOCOL_VERSION, require_version


class GuestState(enum.StrEnum):
    """State of the emulated PC, as its streamer sees it."""

    BOOTING = "booting"
    """QEMU is there, or is being started; no picture yet."""
    RUNNING = "running"
    HUNG = "hung"
    """The virtual CPU runs or stands, but the guest no longer answers: its picture is dead, not still."""
    PAUSED = "paused"
    RESTARTING = "restarting"
    """QEMU went away; its supervisor starts it again."""


@dataclass(frozen=True, slots=True)
class GuestReport:
    """State of the guest with its reason, a sentence that also says what happens next."""

    state: GuestState
    reason: str = ""

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        return {"state": self.state.value, "reason": self.reason}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what :meth:`to_json` wrote.

        Raises:
            WireError: unknown state or missing field.
        """
        try:
            return cls(GuestState(string(data, "state")), string(data, "reason", ""))
        except ValueError as error:
            raise WireError(f"Unknown guest state {data.get('state')!r}.") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamerStatus:
    """Health of one streamer; ages in seconds, -1 where there was none yet."""

    instance: str
    guest: GuestReport
    viewers: int = 0
    controller: str = ""
    """Name of the viewer that holds keyboard and mouse; empty when nobody does."""
    picture_age_s: float = -1.0
    """Since the guest last changed its picture."""
    fps: float = 0.0
    audio_dbfs: float = -120.0
    uptime_s: float = 0.0
    encode_ms: float = -1.0
    """Mean time to encode a picture in the last second; -1 where none was encoded."""
    drops: Mapping[str, int] = field(default_factory=dict)
    """What was dropped or asked for again in the last second, by cause: what viewers missed, and failed encoding."""

    def to_json(self) -> dict[str, Any]:
        """The status document."""
        plain = {name: getattr(self, name) for name in _FIELDS}
        return plain | {"guest": self.guest.to_json(), "drops": dict(self.drops), "version": PROTOCOL_VERSION}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what :meth:`to_json` wrote.

        Raises:
            WireError: a field is missing or of the wrong type.
            VersionError: the streamer is of another protocol version.
        """
        require_version(data.get("version"), "streamer")
        drops = mapping(data, "drops", {})
        return cls(
            instance=string(data, "instance"),
            guest=GuestReport.from_json(mapping(data, "guest")),
            viewers=integer(data, "viewers", 0),
            controller=string(data, "controller", ""),
            picture_age_s=number(data, "picture_age_s", -1.0),
            fps=number(data, "fps", 0.0),
            audio_dbfs=number(data, "audio_dbfs", -120.0),
            uptime_s=number(data, "uptime_s", 0.0),
            encode_ms=number(data, "encode_ms", -1.0),
            drops={cause: integer(drops, cause) for cause in drops},
        )


_FIELDS = tuple(field.name for field in fields(StreamerStatus))
