"""One connection that carries messages and frames with their length: unix stream, TCP or TLS."""

import asyncio
import contextlib
import socket
from collections.abc import Callable
from typing import cast

from backend.lan.errors import FramingError
from backend.lan.framing import Deframer, length_of

KEEPALIVE_IDLE_S, KEEPALIVE_EVERY_S, KEEPALIVE_COUNT = 3, 2, 2
"""A machine that vanished without a word is noticed after seven seconds."""
UNREAD_MS = 7000
"""The same for one that should take in what was sent."""


class Connection(asyncio.Protocol):
    """Calls ``on_frame`` for each frame. What is sent within one turn of the loop leaves in one piece."""

    def __init__(self, *, queue_bytes: int, on_open: Callable[["Connection"], None] | None = None) -> None:
        """``queue_bytes`` may wait for a slow peer; ``on_open`` is told when it can be used."""
        self.on_frame: Callable[[bytes], None] = _ignore
        self.ended: asyncio.Future[Exception | None] = asyncio.get_running_loop().create_future()
        """Done when the connection has ended, with the error if there was one."""
        self.queue_bytes = queue_bytes
        self._on_open = on_open
        self._transport: asyncio.Transport | None = None
        self._deframer = Deframer()
        self._pending: list[bytes] = []
        self._pending_bytes = 0

    @property
    def peer(self) -> str:
        """The other end, for logs."""
        name = None if self._transport is None else self._transport.get_extra_info("peername")
        return f"{name[0]}:{name[1]}" if isinstance(name, tuple) else (name or "a local program")

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Of :class:`asyncio.Protocol`."""
        self._transport = cast(asyncio.Transport, transport)
        tune(transport.get_extra_info("socket"))
        if self._on_open is not None:
            self._on_open(self)

    def data_received(self, data: bytes) -> None:
        """Of :class:`asyncio.Protocol`."""
        try:
            for frame in self._deframer.feed(data):
                self.on_frame(frame)
        except FramingError as error:
            self.close(error)

    def connection_lost(self, exc: Exception | None) -> None:
        """Of :class:`asyncio.Protocol`."""
        self._transport = None
        if not self.ended.done():
            self.ended.set_result(exc)

    def send(self, frame: bytes) -> bool:
        """Send a frame; False where too much waits already, or the connection has ended."""
        transport = self._transport
        if transport is None:
            return False
        if self._pending_bytes + transport.get_write_buffer_size() + len(frame) > self.queue_bytes:
            return False
        if not self._pending:
            asyncio.get_running_loop().call_soon(self._flush)
        self._pending += (length_of(len(frame)), frame)
        self._pending_bytes += 4 + len(frame)
        return True

    def close(self, error: Exception | None = None) -> None:
        """End it; what was sent still leaves, unless it ends because of an error of the peer."""
        if self._transport is None:
            return
        if isinstance(error, FramingError):
            self._transport.abort()
        else:
            self._flush()
            self._transport.close()
        if not self.ended.done():
            self.ended.set_result(error)

    def abort(self) -> None:
        """End it at once."""
        if self._transport is not None:
            self._transport.abort()

    def _flush(self) -> None:
        if self._pending and self._transport is not None:
            self._transport.write(b"".join(self._pending))
        self._pending.clear()
        self._pending_bytes = 0


def tune(sock: socket.socket | None) -> None:
    """Have the kernel send at once, and notice a dead peer; nothing on unix sockets, which need neither.

    asyncio sets ``TCP_NODELAY`` only where it made the socket by the protocol's number, which accepted ones lack.
    """
    if sock is None or sock.family not in (socket.AF_INET, socket.AF_INET6):
        return
    with contextlib.suppress(OSError):  # the peer may be gone already
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in (
            ("TCP_NODELAY", 1),
            ("TCP_KEEPIDLE", KEEPALIVE_IDLE_S),
            ("TCP_KEEPINTVL", KEEPALIVE_EVERY_S),
            ("TCP_KEEPCNT", KEEPALIVE_COUNT),
            ("TCP_USER_TIMEOUT", UNREAD_MS),
        ):
            if hasattr(socket, name):
                sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


def _ignore(_frame: bytes) -> None:
    """Frames before somebody wants them."""
