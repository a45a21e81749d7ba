"""Errors of discovery.

DiscoveryError
├── InstancesFileError   the static file cannot be used
└── StreamerSilentError  a streamer ended or refused its status stream
"""

from backend.contract.errors import LocoError


class DiscoveryError(LocoError):
    """Base of this package's errors."""


class InstancesFileError(DiscoveryError):
    """The file of instances cannot be used; the text says what to write."""


class StreamerSilentError(DiscoveryError):
    """A streamer answered, but does not tell its status."""
