"""A listener's D-Bus peer-to-peer connection: authentication, messages, passed descriptors; it never waits."""

import array
import functools
import itertools
import os
import socket
from collections import deque
from collections.abc import Iterator

from backend.qemu.dbus_wire import FIXED_BYTES, FieldCode, Kind, Message, encode, read_fields, read_fixed
from backend.qemu.errors import DisplayError

MAX_FDS = 4
_MAX_LINE = 512
_BUFFER_BYTES = 64 * 1024
_ANCILLARY_BYTES = socket.CMSG_SPACE(MAX_FDS * array.array("i").itemsize)
_fields_of = functools.lru_cache(maxsize=32)(read_fields)
"""QEMU's calls of one method have the same header fields each time."""


def authentication_lines() -> tuple[tuple[bytes, bytes], ...]:
    """What a client says and how the answer must begin (D-Bus Specification, "Authentication Protocol", EXTERNAL)."""
    uid = str(os.getuid()).encode().hex().encode()
    return ((b"\0AUTH EXTERNAL " + uid + b"\r\n", b"OK"), (b"NEGOTIATE_UNIX_FD\r\n", b"AGREE_UNIX_FD"))


class DbusSocket:
    """One listener socket. QEMU calls, this side answers. Threading: one thread.

    Each read takes all that is there: a system call costs more than the bytes.
    """

    def __init__(self, sock: socket.socket) -> None:
        sock.setblocking(False)
        self._socket = sock
        self._serials = itertools.count(1)
        self._buffer = bytearray(_BUFFER_BYTES)
        self._start = self._end = 0
        self._wanted = 0
        """Length of the message that has begun to arrive, where it is known."""
        self._fds: deque[int] = deque()
        self._login = deque(authentication_lines())

    def fileno(self) -> int:
        """For the event loop, which tells when there is something to read."""
        return self._socket.fileno()

    def close(self) -> None:
        """Close the socket, and descriptors that nobody took."""
        self._socket.close()
        while self._fds:
            os.close(self._fds.popleft())

    def log_in(self) -> None:
        """Begin to log in as this user: QEMU is the server on listeners too. Raises as :meth:`reply`."""
        self._send(self._login[0][0])

    def read(self) -> Iterator[Message]:
        """The messages that have arrived. Bodies lie in a buffer that the next read overwrites; fds are the caller's.

        Raises:
            DisplayError: the peer closed the socket, sent what is not D-Bus, or does not let us in.
        """
        try:
            self._fill()
        except BlockingIOError:
            return
        except OSError as error:
            raise DisplayError(f"The D-Bus connection broke: {error}.") from error
        while self._login and (line := self._line()) is not None:
            self._take_line(line)
        while not self._login and (message := self._message()) is not None:
            yield message

    def _line(self) -> bytes | None:
        there = bytes(memoryview(self._buffer)[self._start : self._end])
        line, end, _ = there.partition(b"\r\n")
        if not end and len(there) < _MAX_LINE:
            return None
        self._start += len(line + end)
        return line

    def _take_line(self, line: bytes) -> None:
        _, expected = self._login.popleft()
        if not line.startswith(expected):
            raise DisplayError(f"D-Bus authentication: expected {expected!r}, got {line[:80]!r}.")
        self._send(self._login[0][0] if self._login else b"BEGIN\r\n")

    def _message(self) -> Message | None:
        """The next whole message, taken out of the buffer."""
        there = self._end - self._start
        if there < FIXED_BYTES:
            return None
        fixed = read_fixed(bytes(memoryview(self._buffer)[self._start : self._start + FIXED_BYTES]))
        body_at = FIXED_BYTES + fixed.padded_fields_bytes
        length = body_at + fixed.body_bytes
        if there < length:
            self._wanted = length
            return None
        whole = memoryview(self._buffer)[self._start : self._start + length]
        fields = _fields_of(bytes(whole[FIXED_BYTES : FIXED_BYTES + fixed.fields_bytes]))
        self._start += length
        self._wanted = 0
        promised = fields.get(FieldCode.UNIX_FDS, 0)
        count = min(len(self._fds), promised) if isinstance(promised, int) else 0
        fds = [self._fds.popleft() for _ in range(count)]
        return Message(fixed.kind, fixed.flags, fixed.serial, fields, whole[body_at:], fds)

    def reply(self, message: Message, body: bytes = b"", signature: str = "") -> None:
        """Answer a call.

        Raises:
            DisplayError: the peer is gone.
        """
        fields: dict[FieldCode, str | int] = {FieldCode.REPLY_SERIAL: message.serial}
        if signature:
            fields[FieldCode.SIGNATURE] = signature
        self._send(encode(Kind.RETURN, next(self._serials), fields, body))

    def refuse(self, message: Message) -> None:
        """Answer a call of a method that this side does not have; raises as :meth:`reply` does."""
        fields: dict[FieldCode, str | int] = {
            FieldCode.ERROR_NAME: "org.freedesktop.DBus.Error.UnknownMethod",
            FieldCode.REPLY_SERIAL: message.serial,
        }
        self._send(encode(Kind.ERROR, next(self._serials), fields))

    def _send(self, data: bytes) -> None:
        try:
            sent = self._socket.send(data)
        except OSError as error:
            raise DisplayError(f"The D-Bus connection broke: {error}.") from error
        if sent != len(data):
            raise DisplayError("QEMU does not read the answers to its D-Bus calls.")

    def _make_room(self) -> None:
        """Move what is left to the front, into a larger buffer where one message needs it."""
        kept = bytes(memoryview(self._buffer)[self._start : self._end])
        if self._wanted > len(self._buffer):
            self._buffer = bytearray(self._wanted)
        self._buffer[: len(kept)] = kept
        self._start, self._end, self._wanted = 0, len(kept), 0

    def _fill(self) -> None:
        if self._start == self._end:
            self._start = self._end = 0
        elif self._end == len(self._buffer) or self._start + self._wanted > len(self._buffer):
            self._make_room()
        free = memoryview(self._buffer)[self._end :]
        count, ancillary, _, _ = self._socket.recvmsg_into([free], _ANCILLARY_BYTES, socket.MSG_CMSG_CLOEXEC)
        for level, kind, payload in ancillary:
            if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                received = array.array("i")
                received.frombytes(payload[: len(payload) - len(payload) % received.itemsize])
                self._fds.extend(received)
        if len(self._fds) > MAX_FDS:
            raise DisplayError("QEMU sends descriptors that none of its D-Bus messages announces.")
        if not count:
            where = "" if self._start == self._end else " in the middle of a message"
            raise DisplayError(f"QEMU closed the D-Bus connection{where}.")
        self._end += count
