"""The main D-Bus peer-to-peer connection to QEMU's display: calls from the event loop, answers matched by serial."""

import asyncio
import itertools
import secrets
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

from backend.qemu.dbus_socket import authentication_lines
from backend.qemu.dbus_wire import (
    FIXED_BYTES,
    NO_REPLY,
    FieldCode,
    Kind,
    Message,
    encode,
    read_fields,
    read_fixed,
)
from backend.qemu.errors import DisplayError

AUTHENTICATION_S = 5.0
"""QEMU answers within milliseconds, but its start may be slow on a loaded machine."""
ANSWER_S = 10.0
MAX_WAITING_BYTES = 64 * 1024
"""Unsent calls; about 500 inputs. A QEMU that takes none for so long does not take the next either."""


class Method(NamedTuple):
    """A method of an object of QEMU's, with the signature of its arguments."""

    path: str
    interface: str
    member: str
    signature: str


_REJECTED = (
    "QEMU refuses this process: it believes only one of its own user whose process number it can see. Run both as one "
    "user in one process namespace (shareProcessNamespace in a pod, --pid=container:NAME in podman)."
)


class DbusConnection:
    """Calls methods of QEMU's objects. Threading: event loop only."""

    def __init__(self, sock: socket.socket, on_signal: Callable[[Message], None]) -> None:
        self._socket = sock
        self._on_signal = on_signal
        self._serials = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Message]] = {}
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None
        # QEMU 7.2 crashes on calls without a sender, and knows its listeners by it: so each connection has its own.
        self._sender = f":1.{secrets.randbelow(1 << 31)}"

    async def open(self) -> None:
        """Authenticate; :meth:`serve` must run from then on.

        Raises:
            DisplayError: the peer is not QEMU's display.
        """
        self._socket.setblocking(False)
        self._reader, self._writer = await asyncio.open_connection(sock=self._socket)
        try:
            async with asyncio.timeout(AUTHENTICATION_S):
                for request, expected in authentication_lines():
                    self._writer.write(request)
                    line = await self._reader.readline()
                    if line.startswith(b"REJECTED"):
                        raise DisplayError(_REJECTED)
                    if not line.startswith(expected):
                        raise DisplayError(f"D-Bus authentication: expected {expected!r}, got {line[:80]!r}.")
            self._writer.write(b"BEGIN\r\n")
        except (OSError, ValueError, TimeoutError) as error:
            raise DisplayError(f"D-Bus authentication failed: {error or 'no answer'}.") from error

    async def serve(self) -> None:
        """Read answers and signals until the connection breaks.

        Raises:
            DisplayError: always, with the reason.
        """
        try:
            while True:
                self._dispatch(await self._receive())
        finally:
            for future in self._waiting.values():
                future.cancel()

    async def call(self, method: Method, body: bytes, fds: tuple[int, ...] = ()) -> Message:
        """Call a method and wait for its answer. Descriptors are passed, not closed.

        Raises:
            DisplayError: QEMU refused, or did not answer within :data:`ANSWER_S`.
        """
        serial = next(self._serials)
        answer: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self._waiting[serial] = answer
        try:
            self._transmit(self._message(serial, method, body, len(fds)), fds)
            async with asyncio.timeout(ANSWER_S):
                message = await answer
        except TimeoutError as error:
            raise DisplayError(f"QEMU did not answer {method.member} within {ANSWER_S:.0f} s.") from error
        finally:
            self._waiting.pop(serial, None)
        if message.kind == Kind.ERROR:
            name = message.fields.get(FieldCode.ERROR_NAME, "no reason")
            raise DisplayError(f"QEMU refused {method.member}: {name}.")
        return message

    def send(self, method: Method, body: bytes) -> bool:
        """Call a method without waiting for anything; False when the call cannot be sent now."""
        writer = self._writer
        if writer is None or writer.is_closing() or writer.transport.get_write_buffer_size() > MAX_WAITING_BYTES:
            return False
        writer.write(self._message(next(self._serials), method, body, 0, NO_REPLY))
        return True

    def close(self) -> None:
        """Close the socket."""
        if self._writer is None:
            self._socket.close()
        else:
            self._writer.close()

    def _message(self, serial: int, method: Method, body: bytes, descriptors: int, flags: int = 0) -> bytes:
        fields: dict[FieldCode, str | int] = {
            FieldCode.PATH: method.path,
            FieldCode.INTERFACE: method.interface,
            FieldCode.MEMBER: method.member,
            FieldCode.SENDER: self._sender,
        }
        if method.signature:
            fields[FieldCode.SIGNATURE] = method.signature
        if descriptors:
            fields[FieldCode.UNIX_FDS] = descriptors
        return encode(Kind.CALL, serial & 0xFFFF_FFFF, fields, body, flags)

    def _transmit(self, data: bytes, fds: tuple[int, ...]) -> None:
        if self._writer is None:
            raise DisplayError("The D-Bus connection is not open.")
        if not fds:
            self._writer.write(data)
            return
        # asyncio passes no descriptors. Listeners are registered before any other traffic, so nothing is overtaken.
        try:
            sent = socket.send_fds(self._socket, [data], fds)
        except OSError as error:
            raise DisplayError(f"The D-Bus connection broke: {error}.") from error
        if sent != len(data):
            raise DisplayError("QEMU does not read its D-Bus connection.")

    async def _receive(self) -> Message:
        reader = self._reader
        assert reader is not None, "serve() comes after open()"
        try:
            fixed = read_fixed(await reader.readexactly(FIXED_BYTES))
            head = await reader.readexactly(fixed.padded_fields_bytes)
            body = await reader.readexactly(fixed.body_bytes)
        except (OSError, asyncio.IncompleteReadError) as error:
            raise DisplayError("QEMU closed the D-Bus connection.") from error
        return Message(fixed.kind, fixed.flags, fixed.serial, read_fields(head[: fixed.fields_bytes]), body)

    def _dispatch(self, message: Message) -> None:
        if message.kind == Kind.SIGNAL:
            self._on_signal(message)
        elif message.reply_to in self._waiting and message.kind in (Kind.RETURN, Kind.ERROR):
            future = self._waiting[message.reply_to]
            with suppress(asyncio.InvalidStateError):
                future.set_result(message)
