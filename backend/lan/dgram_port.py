"""A port to a QEMU of this machine: ``-netdev dgram`` over two unix sockets, one datagram a frame.

Neither end holds a connection, so either may restart: QEMU sends to a path, and so does the switch. Frames come in on a
socket of their own, since a connected datagram socket takes in nothing from a QEMU that was started anew.
"""

import asyncio
import contextlib
import logging
import os
import socket
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

from backend.contract.lan import PortKind
from backend.contract.lan_wiring import GUEST_SOCKET, SWITCH_SOCKET
from backend.lan.errors import ListenError
from backend.lan.frame import Mac
from backend.lan.port import Port

log = logging.getLogger(__name__)

BATCH = 32
"""Frames taken from one port before others have their turn."""
_ROOM_BYTES = 2048
"""Longer datagrams are cut to this, which is too long for a frame: they are counted and dropped."""
_ABSENT = "QEMU has not opened its end: the guest is not started, or has no card on this LAN."

Receive = Callable[[Port, bytes, float], None]


class DgramPort(Port):
    """Threading: one event loop only."""

    def __init__(
        self,
        number: int,
        name: str,
        *,
        run: Path,
        own: frozenset[Mac] = frozenset(),
        max_macs: int = 1,
        queue_frames: int = 256,
    ) -> None:
        """``run`` is the run directory of the guest, where :meth:`open` binds one socket and QEMU the other."""
        super().__init__(number, name, PortKind.DGRAM, own=own, max_macs=max_macs)
        self._here = run / SWITCH_SOCKET
        self._there = os.fspath(run / GUEST_SOCKET)
        self._inode = 0
        self._in: socket.socket | None = None
        self._out: socket.socket | None = None
        self._queue: deque[bytes] = deque()
        self._queue_frames = queue_frames
        self._receive: Receive = _nobody
        self._at_once = 1
        self.on_connected: Callable[[], None] = _nothing
        """Told when QEMU's end appears."""

    def open(self, receive: Receive) -> None:
        """Take in frames from now on; ``receive`` gets port, frame and monotonic time.

        Raises:
            ListenError: the socket cannot be made.
        """
        self._receive = receive
        self._in = bound(self._here)
        asyncio.get_running_loop().add_reader(self._in, self._readable)
        self.check()

    def close(self) -> None:
        """Give up both sockets."""
        if self._in is not None:
            asyncio.get_running_loop().remove_reader(self._in)
            self._in.close()
            self._in = None
            self._here.unlink(missing_ok=True)
        self._disconnect("The switch stops.")

    def check(self) -> None:
        """Look whether QEMU's end is there, and still the same; wanted about twice a second."""
        try:
            inode = os.stat(self._there).st_ino
        except OSError:
            inode = 0
        if self._out is not None and (inode != self._inode or not self._alive()):
            self._disconnect(_ABSENT)
        if self._out is None and inode:
            self._connect(inode)

    def send(self, frame: bytes) -> bool:
        """See :meth:`Port.send`."""
        out = self._out
        if out is None:
            self.drops["down"] += 1
            return False
        if self._queue:
            return self._enqueue(frame)
        try:
            out.send(frame)
        except BlockingIOError:
            asyncio.get_running_loop().add_writer(out, self._writable)
            return self._enqueue(frame)
        except OSError:
            return self._send_to_new(frame)
        return True

    def _readable(self) -> None:
        """Take in up to :data:`BATCH` frames; where they come one by one, save the look for a second."""
        assert self._in is not None
        now_s = time.monotonic()
        read, receive = self._in.recv, self._receive
        if self._out is None:
            self.check()
        try:
            for _ in range(self._at_once):
                receive(self, read(_ROOM_BYTES), now_s)
        except BlockingIOError:
            self._at_once = max(1, self._at_once // 2)
        else:
            self._at_once = min(BATCH, self._at_once * 2)

    def _writable(self) -> None:
        out = self._out
        assert out is not None
        try:
            while self._queue:
                out.send(self._queue[0])
                self._queue.popleft()
        except BlockingIOError:
            return
        except OSError:
            self._disconnect(_ABSENT)
            return
        asyncio.get_running_loop().remove_writer(out)

    def _enqueue(self, frame: bytes) -> bool:
        if len(self._queue) >= self._queue_frames:
            self.drops["full"] += 1
            return False
        self._queue.append(frame)
        return True

    def _send_to_new(self, frame: bytes) -> bool:
        """The old QEMU is gone; there may be a new one already."""
        self._disconnect(_ABSENT)
        self.check()
        if self._out is not None:
            with contextlib.suppress(OSError):
                self._out.send(frame)
                return True
        self.drops["down"] += 1
        return False

    def _connect(self, inode: int) -> None:
        out = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        out.setblocking(False)
        try:
            out.connect(self._there)
        except OSError:
            out.close()
            return
        self._out, self._inode = out, inode
        if self.set_connected(True):
            log.info("port %d (%s): QEMU is there", self.number, self.name)
            self.on_connected()

    def _disconnect(self, reason: str) -> None:
        if self._out is not None:
            asyncio.get_running_loop().remove_writer(self._out)
            self._out.close()
            self._out = None
        self.drops["down"] += len(self._queue)
        self._queue.clear()
        if self.set_connected(False, reason):
            log.info("port %d (%s): %s", self.number, self.name, reason)

    def _alive(self) -> bool:
        """Whether somebody still reads the path: a QEMU that was killed leaves it behind."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as probe:
            return probe.connect_ex(self._there) == 0


def bound(path: Path) -> socket.socket:
    """A datagram socket at ``path``, in place of one that a killed switch left.

    Raises:
        ListenError: the path is too long, or its directory is missing or closed to us.
    """
    receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    receiver.setblocking(False)
    try:
        path.unlink(missing_ok=True)
        receiver.bind(os.fspath(path))
    except OSError as error:
        receiver.close()
        reason = error.strerror or str(error)
        raise ListenError(
            f"Cannot open the socket {path}: {reason}. Its directory must be there, its path have at most 107 bytes."
        ) from error
    return receiver


def _nobody(_port: Port, _frame: bytes, _now_s: float) -> None:
    """Takes frames before :meth:`DgramPort.open`."""


def _nothing() -> None:
    """What happens when QEMU appears, unless somebody says otherwise."""
