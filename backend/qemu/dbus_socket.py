"""A blocking D-Bus peer-to-peer connection for a listener thread: authentication, messages, passed descriptors."""

import array
import contextlib
import functools
import itertools
import os
import socket
from collections import deque
from types import TracebackType
from typing import Self

from backend.qemu.dbus_wire import FIXED_BYTES, FieldCode, Kind, Message, encode, read_fields, read_fixed
from backend.qemu.errors import DisplayError

AUTHENTICATION_S = 5.0
"""QEMU answers within milliseconds, but its start may be slow on a loaded machine."""
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
    """One listener socket. QEMU calls, this side answers.

    Each read takes all that is there: a system call, for which the thread lets go of the interpreter, costs more than
    the bytes. Threading: belongs to one thread; only :meth:`interrupt` may be called from elsewhere.
    """

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self._serials = itertools.count(1)
        self._buffer = bytearray(_BUFFER_BYTES)
        self._start = self._end = 0
        self._fds: deque[int] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._socket.close()
        while self._fds:
            os.close(self._fds.popleft())

    def interrupt(self) -> None:
        """End a :meth:`receive` that waits; it then raises."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def authenticate(self) -> None:
        """Log in as this user. QEMU is the server on every socket, listeners included.

        Raises:
            DisplayError: the peer is not a D-Bus server, or does not answer in :data:`AUTHENTICATION_S`.
        """
        self._socket.settimeout(AUTHENTICATION_S)
        try:
            for request, expected in authentication_lines():
                self._socket.sendall(request)
                line = self._read_line()
                if not line.startswith(expected):
                    raise DisplayError(f"D-Bus authentication: expected {expected!r}, got {line[:80]!r}.")
            self._socket.sendall(b"BEGIN\r\n")
            self._socket.settimeout(None)
        except OSError as error:
            raise DisplayError(f"D-Bus authentication failed: {error}.") from error

    def _read_line(self) -> bytes:
        line = b""
        while not line.endswith(b"\r\n"):
            byte = self._socket.recv(1)  # one at a time: a message may follow the line directly
            if not byte or len(line) > _MAX_LINE:
                raise DisplayError(f"D-Bus authentication broke off after {line[:80]!r}.")
            line += byte
        return line

    def receive(self) -> Message:
        """Wait for the next message. Its body lies in a buffer that the next call overwrites; its fds are the caller's.

        Raises:
            DisplayError: the peer closed the socket or sent what is not D-Bus.
        """
        if self._start == self._end:
            self._start = self._end = 0
        try:
            fixed = read_fixed(bytes(self._next(FIXED_BYTES)))
            body_at = FIXED_BYTES + fixed.padded_fields_bytes
            whole = self._next(body_at + fixed.body_bytes)
        except OSError as error:
            raise DisplayError(f"The D-Bus connection broke: {error}.") from error
        fields = _fields_of(bytes(whole[FIXED_BYTES : FIXED_BYTES + fixed.fields_bytes]))
        self._start += len(whole)
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
            self._socket.sendall(data)
        except OSError as error:
            raise DisplayError(f"The D-Bus connection broke: {error}.") from error

    def _next(self, length: int) -> memoryview:
        """The next ``length`` bytes, which are not taken out yet."""
        if self._start + length > len(self._buffer):
            self._make_room(length)
        while self._end - self._start < length:
            self._fill()
        return memoryview(self._buffer)[self._start : self._start + length]

    def _make_room(self, length: int) -> None:
        kept = bytes(memoryview(self._buffer)[self._start : self._end])
        if length > len(self._buffer):
            self._buffer = bytearray(length)
        self._buffer[: len(kept)] = kept
        self._start, self._end = 0, len(kept)

    def _fill(self) -> None:
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
