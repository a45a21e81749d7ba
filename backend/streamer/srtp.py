"""SRTP protection of ready packets, without what pylibsrtp does besides for each of them.

Its own method makes a C integer and checks types for each packet, which costs as much as the cipher. Private names:
``pylibsrtp.Session._srtp``, ``_cdata``, ``_buffer`` and ``pylibsrtp._binding``, watched by ``test_srtp.py``.
"""

import pylibsrtp
from pylibsrtp._binding import ffi, lib  # type: ignore[import-not-found]  # compiled by cffi, without stubs

_LARGEST_DATAGRAM = 65_535
_TRAILER_BYTES = 144
"""The most that protection adds (SRTP_MAX_TRAILER_LEN of libsrtp)."""


class Protector:
    """Protects the RTP packets of one session. Threading: one thread, the one that uses the session."""

    def __init__(self, session: pylibsrtp.Session) -> None:
        take_long_packets(session)
        self._session = session
        self._length = ffi.new("int *")

    def __call__(self, packet: bytes) -> bytes:
        """The packet as it goes over the wire.

        Raises:
            pylibsrtp.Error: it is no RTP packet, or longer than any datagram.
        """
        session, length, size = self._session, self._length, len(packet)
        if size > _LARGEST_DATAGRAM - _TRAILER_BYTES:
            raise pylibsrtp.Error("a packet is longer than any datagram")
        length[0] = size
        session._buffer[0:size] = packet
        status = lib.srtp_protect(session._srtp[0], session._cdata, length)
        if status:
            raise pylibsrtp.Error(f"libsrtp refuses a packet with status {status}")
        return bytes(session._buffer[0 : length[0]])


def take_long_packets(session: pylibsrtp.Session) -> None:
    """pylibsrtp works in a buffer of 1500 bytes; give it one for every datagram that there can be."""
    if len(session._cdata) < _LARGEST_DATAGRAM:
        session._cdata = ffi.new("unsigned char[]", _LARGEST_DATAGRAM)
        session._buffer = ffi.buffer(session._cdata)
