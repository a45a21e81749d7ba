"""Lines over a socket that is looked at once a frame: no call waits, and nothing grows without bound."""

import socket
from collections import Counter

from loco_kiosk.client.vr_messages import MAX_LINE_BYTES

_PIECE_BYTES = 64 * 1024
_MAX_PIECES = 16
"""A frame reads at most 1 MiB."""
_MAX_WAITING_BYTES = 256 * 1024


class LineSocket:
    """Owns a connected stream socket. Threading: one thread.

    Drops are counted in the counter given: ``long line`` received, ``line not sent`` because the other side does not
    read.
    """

    def __init__(self, connection: socket.socket, drops: Counter[str]) -> None:
        connection.setblocking(False)
        self.ended = False
        """The other side has hung up."""
        self._connection = connection
        self._drops = drops
        self._received = bytearray()
        self._skipping = False
        self._waiting = bytearray()

    def receive(self) -> list[bytes]:
        """The whole lines that have come."""
        for _ in range(_MAX_PIECES):
            piece = self._read()
            if not piece:
                break
            self._received += piece
        *lines, rest = bytes(self._received).split(b"\n") if b"\n" in self._received else (bytes(self._received),)
        self._received = bytearray(rest)
        if lines and self._skipping:
            self._skipping = False
            del lines[0]
        if len(rest) > MAX_LINE_BYTES:
            self._received.clear()
            self._drops["long line"] += not self._skipping
            self._skipping = True
        whole = [line for line in lines if len(line) <= MAX_LINE_BYTES]
        self._drops["long line"] += len(lines) - len(whole)
        return whole

    def send(self, line: bytes) -> None:
        """Send a line, now or at the next :meth:`flush`; without a reader it is dropped and counted."""
        if self.ended or len(self._waiting) + len(line) > _MAX_WAITING_BYTES:
            self._drops["line not sent"] += 1
            return
        self._waiting += line
        self.flush()

    def flush(self) -> None:
        """Send what waits, as far as it goes."""
        while self._waiting and not self.ended:
            try:
                sent = self._connection.send(self._waiting)
            except BlockingIOError:
                return
            except OSError:
                self.ended = True
                return
            del self._waiting[:sent]

    def close(self) -> None:
        """Hang up."""
        self.ended = True
        self._connection.close()

    def _read(self) -> bytes:
        try:
            piece = self._connection.recv(_PIECE_BYTES)
        except BlockingIOError:
            return b""
        except OSError:
            piece = b""
        self.ended = self.ended or not piece
        return piece
