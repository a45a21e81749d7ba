"""A port on a connection: a QEMU with ``-netdev stream``, a port agent, or another switch."""

import asyncio
import logging
import time
from collections.abc import Callable

from backend.contract.lan import PortKind
from backend.lan.connection import Connection
from backend.lan.errors import FramingError
from backend.lan.frame import Mac
from backend.lan.port import Port

log = logging.getLogger(__name__)

Receive = Callable[[Port, bytes, float], None]


class StreamPort(Port):
    """Outlives its connections; at most one at a time, and the newest wins."""

    def __init__(
        self,
        number: int,
        name: str,
        receive: Receive,
        *,
        kind: PortKind = PortKind.STREAM,
        own: frozenset[Mac] = frozenset(),
        max_macs: int = 1,
    ) -> None:
        """``receive`` gets port, frame and monotonic time."""
        super().__init__(number, name, kind, own=own, max_macs=max_macs)
        self._receive = receive
        self._connection: Connection | None = None
        self.on_disconnected: Callable[[], None] = _nothing
        """Told when nothing is connected any more."""

    async def serve(self, connection: Connection) -> None:
        """Carry frames until the connection ends, which it also does when another takes its place."""
        if self._connection is not None:
            self._connection.abort()
        self._connection = connection
        connection.on_frame = self._take
        if self.set_connected(True):
            log.info("port %d (%s): connected with %s", self.number, self.name, connection.peer)
        reason = "The connection ended; it comes back by itself."
        try:
            error = await asyncio.shield(connection.ended)
            if isinstance(error, FramingError):
                self.drops["framing"] += 1
                reason = str(error)
        finally:
            connection.abort()
            if self._connection is connection:
                self._connection = None
                self.set_connected(False, reason)
                self.on_disconnected()
                log.info("port %d (%s): %s", self.number, self.name, reason)

    def send(self, frame: bytes) -> bool:
        """See :meth:`Port.send`."""
        connection = self._connection
        if connection is None:
            self.drops["down"] += 1
            return False
        if connection.send(frame):
            return True
        self.drops["full"] += 1
        return False

    def _take(self, frame: bytes) -> None:
        self._receive(self, frame, time.monotonic())


def _nothing() -> None:
    """What happens at the end of a connection, unless somebody says otherwise."""
