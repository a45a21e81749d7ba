"""Errors of the local cluster.

LocalClusterError       it cannot start; the text says what to do
├── MemoryShortError    not enough free memory for so many guests
└── StreamerExitedError a streamer process ended by itself
"""

from backend.contract.errors import LocoError


class LocalClusterError(LocoError):
    """The cluster cannot start."""


class MemoryShortError(LocalClusterError):
    """Not enough free memory."""


class StreamerExitedError(LocalClusterError):
    """A streamer process ended by itself."""
