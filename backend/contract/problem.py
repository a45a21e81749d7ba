"""Problem details for HTTP errors (RFC 9457)."""

from dataclasses import dataclass
from typing import Any

from backend.contract.reading import integer, json_object, string

CONTENT_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong, for a person: ``title`` names the kind, ``detail`` says what to do about this one."""

    status: int
    title: str
    detail: str
    correlation_id: str

    def to_json(self) -> dict[str, Any]:
        """The problem document; its type is ``about:blank``, so the title goes with the status."""
        return {
            "type": "about:blank",
            "status": self.status,
            "title": self.title,
            "detail": self.detail,
            "correlation_id": self.correlation_id,
        }

    @classmethod
    def from_json(cls, text: str | bytes) -> "Problem":
        """Read a problem document.

        Raises:
            WireError: the text is none.
        """
        data = json_object(text, "A problem document")
        return cls(
            integer(data, "status"),
            string(data, "title", ""),
            string(data, "detail", ""),
            string(data, "correlation_id", ""),
        )
