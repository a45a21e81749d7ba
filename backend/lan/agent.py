"""``loco-lan port``: stands beside one emulator and carries its frames to a switch elsewhere.

QEMU's end is the pair of sockets of :mod:`backend.lan.dgram_port`, which needs no reconnecting. The other end is TCP,
which this program opens again by itself: switch, emulator and agent each restart without the others.
"""

from collections.abc import Callable

from backend.contract.instance import slot_of
from backend.contract.retry import forever
from backend.lan.addresses import Address
from backend.lan.connection import Connection
from backend.lan.dgram_port import DgramPort
from backend.lan.errors import HandshakeError
from backend.lan.handshake import Dialogue, Wish, introduce
from backend.lan.port import Port
from backend.lan.settings import PortSettings
from backend.lan.streams import BACKOFF, connect


class Agent:
    """One guest's way to its switch. A bounded number of frames waits, each way; more are dropped and counted."""

    def __init__(self, settings: PortSettings, instance: str, switch: Address) -> None:
        self._settings = settings
        self._instance = instance
        self._switch = switch
        self._connection: Connection | None = None
        self.port = DgramPort(
            slot_of(instance) + 1, instance, run=settings.directory, queue_frames=settings.queue_frames
        )

    @property
    def is_connected(self) -> bool:
        """Whether the switch has taken it in."""
        return self._connection is not None

    def open(self) -> None:
        """Take in QEMU's frames from now on.

        Raises:
            ListenError: the socket cannot be made.
        """
        self.port.open(self._from_guest)

    async def run(self) -> None:
        """Keep the switch connected, until cancelled."""
        failures = (OSError, TimeoutError, HandshakeError)
        await forever(f"switch {self._switch}", self._attempt, failures=failures, backoff=BACKOFF)

    def close(self) -> None:
        """Give up the sockets."""
        self.port.close()

    async def _attempt(self, healthy: Callable[[], None]) -> None:
        connection = await connect(self._switch, queue_frames=self._settings.queue_frames)
        try:
            wish = Wish(kind="port", name=self._instance)
            await introduce(Dialogue(connection), wish, token=self._settings.token)
            connection.on_frame = self._from_switch
            self._connection = connection
            healthy()
            await connection.ended
        finally:
            self._connection = None
            connection.abort()

    def _from_guest(self, port: Port, frame: bytes, _now_s: float) -> None:
        connection = self._connection
        if connection is None:
            port.drops["no_switch"] += 1
        elif connection.send(frame):
            port.frames_in += 1
            port.bytes_in += len(frame)
        else:
            port.drops["full"] += 1

    def _from_switch(self, frame: bytes) -> None:
        port = self.port
        if port.send(frame):
            port.frames_out += 1
            port.bytes_out += len(frame)
