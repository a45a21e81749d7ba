"""STUN and TURN servers that a viewer may use: ``GET /api/ice``, in the form that ``RTCIceServer`` has in browsers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from backend.contract.errors import WireError
from backend.contract.reading import json_object, number, sequence_of_strings, string


@dataclass(frozen=True, slots=True)
class IceServer:
    """One server under one or more URLs (RFC 7064, RFC 7065); name and credential are empty where none are needed."""

    urls: tuple[str, ...]
    username: str = ""
    credential: str = ""

    def __repr__(self) -> str:
        """Without the credential: a representation ends up in logs."""
        return f"IceServer({', '.join(self.urls)})"

    def to_json(self) -> dict[str, Any]:
        """As a JSON object; a browser wants no empty name."""
        named = {"username": self.username, "credential": self.credential} if self.username else {}
        return {"urls": list(self.urls), **named}

    @classmethod
    def from_json(cls, data: object) -> Self:
        """Read what :meth:`to_json` wrote.

        Raises:
            WireError: a field is missing or of the wrong type.
        """
        if not isinstance(data, Mapping):
            raise WireError("An ICE server must be a JSON object.")
        return cls(sequence_of_strings(data, "urls"), string(data, "username", ""), string(data, "credential", ""))


@dataclass(frozen=True, slots=True)
class IceServers:
    """All servers; no new session may begin with them after ``ttl_s`` seconds. Running sessions are not cut off."""

    servers: tuple[IceServer, ...]
    ttl_s: float

    def to_json(self) -> dict[str, Any]:
        """The body of ``/api/ice``."""
        return {"servers": [server.to_json() for server in self.servers], "ttl_s": self.ttl_s}

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Read the body of ``/api/ice``.

        Raises:
            WireError: it does not fit.
        """
        data = json_object(text, "The list of ICE servers")
        servers = data.get("servers")
        if not isinstance(servers, list):
            raise WireError("'servers' must be an array.")
        return cls(tuple(IceServer.from_json(server) for server in servers), number(data, "ttl_s"))
