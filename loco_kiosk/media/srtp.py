"""SRTP of packets as they arrive, without what pylibsrtp does besides for each of them.

Its own method makes a C integer and checks types for each packet, which costs as much as the cipher. Private names:
``pylibsrtp.Session._srtp``, ``_cdata``, ``_buffer`` and ``pylibsrtp._binding``, watched by ``test_srtp.py``.
"""

import pylibsrtp
from pylibsrtp._binding import ffi, lib  # type: ignore[import-not-found]  # compiled by cffi, without stubs

_LARGEST_DATAGRAM = 65_535


class Unprotector:
    """Opens the RTP packets of one session. Threading: one thread, the one that uses the session."""

    def __init__(self, session: pylibsrtp.Session) -> None:
        # Its own buffer has 1500 bytes; this one takes every datagram that there can be.
        session._cdata = ffi.new("unsigned char[]", _LARGEST_DATAGRAM)
        session._buffer = ffi.buffer(session._cdata)
        self._session = session
        self._length = ffi.new("int *")

    def __call__(self, packet: bytes) -> bytes:
        """The plain packet.

        Raises:
            pylibsrtp.Error: it is forged, replayed, or of another connection.
        """
        session, length, size = self._session, self._length, len(packet)
        length[0] = size
        session._buffer[0:size] = packet
        status = lib.srtp_unprotect(session._srtp[0], session._cdata, length)
        if status:
            raise pylibsrtp.Error(f"libsrtp refuses a packet with status {status}")
        return bytes(session._buffer[0 : length[0]])
