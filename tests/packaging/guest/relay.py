"""An Ethernet for the tests of guests: it joins QEMU's datagram netdevs, and can lose, double and reorder frames."""

import contextlib
import heapq
import itertools
import random
import selectors
import socket
import threading
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from tests.packaging.guest.yard_protocol import Message, decode

FRAME_MAX: Final = 2048


@dataclass(frozen=True, slots=True)
class Cable:
    """Between one guest and the relay: where either has its socket, and the address of the guest's card."""

    guest: Path
    relay: Path
    mac: str

    @property
    def address(self) -> bytes:
        """The address as it stands in frames."""
        return bytes.fromhex(self.mac.replace(":", ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What happens to frames, as shares of one; a frame that is late arrives within `late_s` seconds."""

    lost: float = 0.0
    doubled: float = 0.0
    late: float = 0.0
    late_s: float = 0.5


class Relay:
    """Hands every frame to the port that its address was seen at, or to all others. Runs in a thread of its own."""

    def __init__(self, directory: Path, *, seed: int = 1) -> None:
        self.trouble = Trouble()
        self.cut: frozenset[Cable] = frozenset()
        """Cables that nothing passes now."""
        self.happened: Counter[str] = Counter()
        self._directory = directory
        self._random = random.Random(seed)
        self._ports: dict[Cable, socket.socket] = {}
        self._places: dict[bytes, Cable] = {}
        self._seen: list[Message] = []
        self._late: list[tuple[float, int, Cable, bytes]] = []
        self._order = itertools.count()
        self._selector = selectors.DefaultSelector()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="relay")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()
        for port in self._ports.values():
            port.close()
        self._selector.close()

    def cable(self, number: int) -> Cable:
        """A new port."""
        cable = Cable(self._directory / f"g{number}", self._directory / f"s{number}", f"02:4c:4f:43:4f:{number:02x}")
        self.plug(cable)
        return cable

    def plug(self, cable: Cable) -> None:
        """Makes the relay's end of a cable."""
        port = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        port.bind(str(cable.relay))
        self._ports = {**self._ports, cable: port}
        self._selector.register(port, selectors.EVENT_READ, cable)

    def unplug(self, cable: Cable) -> None:
        """Takes the relay's end of a cable away, as if its program had ended."""
        port = self._ports[cable]
        self._ports = {other: end for other, end in self._ports.items() if other != cable}
        self._selector.unregister(port)
        port.close()
        cable.relay.unlink()

    def messages(self) -> list[Message]:
        """Everything of the yards' protocol that was sent so far, before any trouble."""
        return self._seen.copy()

    def _run(self) -> None:
        while not self._stop.is_set():
            for key, _events in self._selector.select(0.01):
                with contextlib.suppress(OSError):  # it may just have been unplugged
                    self._take(key.data, key.fileobj.recv(FRAME_MAX))  # type: ignore[union-attr]
            while self._late and self._late[0][0] <= time.monotonic():
                _due, _order, cable, frame = heapq.heappop(self._late)
                self._deliver(cable, frame)

    def _take(self, source: Cable, frame: bytes) -> None:
        with contextlib.suppress(ValueError):
            self._seen.append(decode(frame))
        self._places.setdefault(frame[6:12], source)  # a forged sender must not take another's place
        known = self._places.get(frame[:6])
        for cable in (known,) if known else tuple(self._ports):
            if cable != source and not {cable, source} & self.cut:
                self._forward(cable, frame)

    def _forward(self, cable: Cable, frame: bytes) -> None:
        if self._random.random() < self.trouble.lost:
            self.happened["lost"] += 1
            return
        copies = 1
        if self._random.random() < self.trouble.doubled:
            self.happened["doubled"] += 1
            copies = 2
        for _copy in range(copies):
            if self._random.random() < self.trouble.late:
                self.happened["late"] += 1
                due = time.monotonic() + self._random.random() * self.trouble.late_s
                heapq.heappush(self._late, (due, next(self._order), cable, frame))
            else:
                self._deliver(cable, frame)

    def _deliver(self, cable: Cable, frame: bytes) -> None:
        try:
            self._ports[cable].sendto(frame, str(cable.guest))
        except (OSError, KeyError):
            self.happened["nobody there"] += 1
