"""Errors of the receive path.

MediaError          base
├── PayloadError    an RTP packet or payload that cannot be read
├── PeerError       the WebRTC connection cannot be made or broke
└── ScalerError     a picture cannot be converted for the headset
"""

from backend.contract.errors import LocoError


class MediaError(LocoError):
    """Base of the errors of this package."""


class PayloadError(MediaError):
    """An RTP packet or its payload is malformed, or of a kind that is not supported."""


class PeerError(MediaError):
    """The WebRTC connection cannot be made, or broke; the text says why."""


class ScalerError(MediaError):
    """A picture cannot be converted into the shared memory of the headset's wall."""
