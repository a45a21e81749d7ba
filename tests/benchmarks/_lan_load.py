"""Load for a switch from one thread: frames with the time of their sending inside, and what came of them."""

import contextlib
import random
import select
import socket
import struct
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from backend.contract.lan_wiring import guest_mac
from backend.lan.frame import mac_bytes
from tests.benchmarks._lan_switches import Plug

_STAMP = struct.Struct("!QI")
_TYPE = b"\x88\xb5"
SMALL_BYTES, FULL_BYTES = 128, 1514


@dataclass(slots=True)
class Outcome:
    """Of one run."""

    delays_ms: list[float] = field(default_factory=list)
    sent: int = 0
    received: int = 0
    octets: int = 0
    seconds: float = 0.0


class Load:
    """Guests on the plugs, all in this thread."""

    def __init__(self, plugs: Sequence[Plug]) -> None:
        self._macs = [mac_bytes(guest_mac(f"instance-{number}")) for number in range(len(plugs))]
        self._in = [plug[0] for plug in plugs]
        self._out = [plug[1] for plug in plugs]
        for sock in (*self._in, *self._out):
            sock.setblocking(False)
        self._random = random.Random(6)

    def introduce(self) -> None:
        """Everybody says something to all, until everybody has heard all others: addresses are learned."""
        hellos = [b"\xff" * 6 + mac + _TYPE + bytes(46) for mac in self._macs]
        heard: set[tuple[int, bytes]] = set()
        until_s = time.monotonic() + 20
        while len(heard) < len(self._macs) * (len(self._macs) - 1):
            if time.monotonic() > until_s:
                raise RuntimeError("the switch does not carry broadcasts to all")
            for out, hello in zip(self._out, hellos, strict=True):
                _try_send(out, hello)
            select.select(self._in, [], [], 0.1)
            for number, sock in enumerate(self._in):
                while frame := _try_receive(sock):
                    heard.add((number, frame[6:12]))
        self._drain()

    def paced(self, rate: float, seconds: float) -> Outcome:
        """Frames from everybody to everybody in turn of chance, so many a second."""
        outcome = Outcome()
        began_s = due_s = time.monotonic()
        while (now_s := time.monotonic()) < began_s + seconds:
            if now_s >= due_s:
                due_s = max(due_s + self._random.expovariate(rate), now_s - 0.01)
                source, target = self._random.sample(range(len(self._macs)), 2)
                outcome.sent += self._send(source, target, SMALL_BYTES)
            self._receive(outcome, max(0.0, due_s - time.monotonic()))
        self._receive(outcome, 0.2)
        outcome.seconds = time.monotonic() - began_s
        return outcome

    def flat_out(self, seconds: float) -> Outcome:
        """Full frames from each to the next, as fast as the switch takes them."""
        outcome = Outcome()
        count = len(self._macs)
        began_s = time.monotonic()
        while time.monotonic() < began_s + seconds:
            sent = sum(self._send(source, (source + 1) % count, FULL_BYTES) for source in range(count))
            outcome.sent += sent
            self._receive(outcome, 0.0 if sent else 0.001)
        outcome.seconds = time.monotonic() - began_s
        return outcome

    def silence(self, redial: Callable[[int], socket.socket], seconds: float = 30.0) -> float:
        """Each sends to the next every 20 ms until each has heard; returns the seconds from now to then."""
        began_s = time.monotonic()
        heard: set[int] = set()
        while len(heard) < len(self._in):
            if time.monotonic() > began_s + seconds:
                raise RuntimeError(f"only {len(heard)} guests hear anything {seconds:.0f} s after the restart")
            for number, out in enumerate(self._out):
                with contextlib.suppress(OSError):
                    new = redial(number)
                    out.close()
                    new.setblocking(False)
                    self._out[number] = new
                self._send(number, (number + 1) % len(self._in), SMALL_BYTES)
            for sock in select.select(self._in, [], [], 0.02)[0]:
                while _try_receive(sock):
                    heard.add(self._in.index(sock))
        return time.monotonic() - began_s

    def _send(self, source: int, target: int, size: int) -> int:
        head = self._macs[target] + self._macs[source] + _TYPE
        stamp = _STAMP.pack(time.monotonic_ns(), source)
        return _try_send(self._out[source], head + stamp + bytes(size - len(head) - len(stamp)))

    def _receive(self, outcome: Outcome, timeout_s: float) -> None:
        ready, _, _ = select.select(self._in, [], [], timeout_s)
        for sock in ready:
            while frame := _try_receive(sock):
                outcome.received += 1
                outcome.octets += len(frame)
                if len(frame) == SMALL_BYTES:
                    outcome.delays_ms.append((time.monotonic_ns() - _STAMP.unpack_from(frame, 14)[0]) / 1e6)

    def _drain(self) -> None:
        while select.select(self._in, [], [], 0.1)[0]:
            for sock in self._in:
                while _try_receive(sock):
                    pass


def _try_send(sock: socket.socket, frame: bytes) -> int:
    try:
        sock.send(frame)
    except OSError:  # full, or the switch is away
        return 0
    return 1


def _try_receive(sock: socket.socket) -> bytes:
    try:
        return sock.recv(2048)
    except BlockingIOError:
        return b""
