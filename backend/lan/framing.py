"""Frames in a byte stream: four octets of length, big-endian, then the frame, as ``-netdev stream`` has it. Pure.

Source: QEMU's ``net/stream.c`` and ``net/net.c`` (``net_fill_rstate``); the length does not count itself.
"""

import struct

from backend.lan.errors import FramingError

LONGEST_BYTES = 4096 + 65536
"""QEMU's ``NET_BUFSIZE``: it sends nothing longer, so a longer length means that the stream is out of step."""

_LENGTH = struct.Struct("!I")
length_of = _LENGTH.pack
"""The four octets before a frame of so many octets."""


class Deframer:
    """Cuts one stream into frames. Holds at most one incomplete frame."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[bytes]:
        """The frames that are complete with ``data``, empty ones too.

        Raises:
            FramingError: a length that no sender writes.
        """
        if self._rest:
            data = self._rest + data
        frames = []
        at, end = 0, len(data)
        while end - at >= 4:
            begin = at + 4
            (length,) = _LENGTH.unpack_from(data, at)
            if length > LONGEST_BYTES:
                raise FramingError(f"A frame of {length} bytes was announced: this is no stream of Ethernet frames.")
            if begin + length > end:
                break
            at = begin + length
            frames.append(data[begin:at])
        self._rest = data[at:]
        return frames
