"""Errors of the local cluster.

LocalClusterError       it cannot start; the text says what to do
├── MemoryShortError    not enough free memory for so many guests
└── ChildExitedError    a streamer or the switch ended by itself
"""

from backend.contract.errors import LocoError


class LocalClusterError(LocoError):
    """The cluster cannot start."""


class MemoryShortError(LocalClusterError):
    """Not enough free memory."""


class ChildExitedError(LocalClusterError):
    """A streamer or the switch ended by itself."""
