"""Errors of the streamer.

LocoError
└── StreamerError
    ├── OfferError         an SDP offer cannot be read (HTTP 400)
    ├── UnsupportedError   it can be read, but not served (HTTP 422)
    └── BusyError          too many viewers (HTTP 503)
"""

from backend.contract.errors import LocoError


class StreamerError(LocoError):
    """Base of the streamer's errors."""


class OfferError(StreamerError):
    """The SDP or trickle fragment is malformed."""


class UnsupportedError(StreamerError):
    """The request is well formed, but this streamer cannot do what it asks for."""


class BusyError(StreamerError):
    """The streamer serves as many viewers as it may."""
