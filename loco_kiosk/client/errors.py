"""Errors of the viewer.

ClientError          base
├── BackendError     the backend refused or cannot be reached
├── WhepError        a session was not set up
└── SessionError     a running session ended
"""

from backend.contract.errors import LocoError


class ClientError(LocoError):
    """Base of the errors of this package; the text is shown on a tile."""


class BackendError(ClientError):
    """The backend refused a request, cannot be reached, or is silent."""


class WhepError(ClientError):
    """A WebRTC session was refused or could not be set up."""


class SessionError(ClientError):
    """A running session ended."""
