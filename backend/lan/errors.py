"""Errors of the switch.

LanError
├── FramingError    bytes of a stream are no frames
├── HandshakeError  the other end of a connection is refused, or refuses us
└── ListenError     an address or a socket cannot be used
"""

from backend.contract.errors import LocoError


class LanError(LocoError):
    """Base of this package's errors."""


class FramingError(LanError):
    """The bytes of a stream cannot be frames with their length; the connection must be closed."""


class HandshakeError(LanError):
    """A connection is refused; the text says why and reaches both ends' logs."""


class ListenError(LanError):
    """An address or a socket cannot be used; the text says what to do."""
