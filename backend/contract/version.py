"""The version of the contract between viewer, backend and streamer."""

from backend.contract.errors import VersionError

PROTOCOL_VERSION = 1
"""Raised whenever a message changes its meaning; additions that an old peer may ignore keep it."""


def require_version(version: object, who: str) -> None:
    """Refuse a peer of another protocol version.

    Raises:
        VersionError: with words that say which side to update.
    """
    if version == PROTOCOL_VERSION:
        return
    newer = isinstance(version, int) and version > PROTOCOL_VERSION
    advice = "update this program" if newer else f"update the {who}"
    raise VersionError(f"The {who} speaks protocol {version!r}, this program speaks {PROTOCOL_VERSION}: {advice}.")
