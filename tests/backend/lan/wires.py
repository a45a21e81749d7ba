"""Ports without a guest, and frames for them."""

import asyncio
import io
import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from scapy.utils import RawPcapNgReader

from backend.contract.lan import PortKind
from backend.contract.lan_wiring import GUEST_SOCKET, SWITCH_SOCKET, guest_mac
from backend.lan.frame import BROADCAST, Mac, mac_bytes
from backend.lan.port import Port

LOCO = b"\x88\xb5"


class Ear(Port):
    """Keeps what it is given; takes no more than ``room`` frames."""

    def __init__(
        self, number: int, *, kind: PortKind = PortKind.DGRAM, own: bool = False, max_macs: int = 1, room: int = 1000
    ) -> None:
        super().__init__(
            number,
            f"instance-{number - 1}",
            kind,
            own=frozenset([mac(number)]) if own else frozenset(),
            max_macs=max_macs,
        )
        self.heard: list[bytes] = []
        self.room = room
        self.set_connected(True)

    def send(self, frame: bytes) -> bool:
        if len(self.heard) >= self.room:
            self.drops["full"] += 1
            return False
        self.heard.append(frame)
        return True


def mac(number: int) -> Mac:
    """Of the instance behind the port of this number."""
    return mac_bytes(guest_mac(f"instance-{number - 1}"))


def frame(source: int | Mac, target: int | Mac = BROADCAST, payload: bytes = b"", kind: bytes = LOCO) -> bytes:
    """From one port's instance to another's."""
    ends = [end if isinstance(end, bytes) else mac(end) for end in (target, source)]
    return b"".join(ends) + kind + payload.ljust(46, b"\0")


class Guest:
    """What QEMU is to a datagram port: two paths and one socket."""

    def __init__(self, run: Path) -> None:
        self._run = run
        run.mkdir(exist_ok=True)
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.setblocking(False)
        (run / GUEST_SOCKET).unlink(missing_ok=True)
        self.socket.bind(str(run / GUEST_SOCKET))

    def say(self, data: bytes) -> None:
        """Send a frame, as QEMU does: to a path."""
        self.socket.sendto(data, str(self._run / SWITCH_SOCKET))

    async def hear(self, seconds: float = 5.0) -> bytes:
        """The next frame."""
        async with asyncio.timeout(seconds):
            return await asyncio.get_running_loop().sock_recv(self.socket, 2048)

    def heard(self) -> list[bytes]:
        """What has come until now."""
        frames = []
        while True:
            try:
                frames.append(self.socket.recv(2048))
            except BlockingIOError:
                return frames

    def die(self) -> None:
        """As a killed QEMU: the path stays."""
        self.socket.close()


async def until(condition: Callable[[], object], what: str, seconds: float = 10.0) -> None:
    """Wait for something that the loop brings about."""
    end_s = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end_s, f"not within {seconds} s: {what}"
        await asyncio.sleep(0.005)


def captured(data: bytes) -> list[tuple[bytes, Any]]:
    """The frames of a capture as scapy reads them, each with what the file says of it."""
    return list(RawPcapNgReader(cast(Any, io.BytesIO(data))))


@contextmanager
def short_directory() -> Iterator[Path]:
    """Unix sockets have short paths; those of pytest are long."""
    path = Path(tempfile.mkdtemp(prefix="loco-"))
    try:
        yield path
    finally:
        shutil.rmtree(path)
