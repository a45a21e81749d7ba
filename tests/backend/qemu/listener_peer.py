"""QEMU's end of a listener socket, for the tests of listeners, which run in an event loop of their own here."""

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator

from backend.qemu.dbus_wire import FIXED_BYTES, NO_REPLY, FieldCode, Kind, encode, read_fields, read_fixed
from backend.qemu.display_listener import LISTENER, DisplayListener
from backend.qemu.listener import Listener
from backend.qemu.screen import Screen


class Peer:
    """QEMU's end of a listener socket."""

    def __init__(self, sock: socket.socket) -> None:
        self.socket = sock
        self.socket.settimeout(5)

    def authenticate(self) -> None:
        """Server side of SASL EXTERNAL."""
        for start, answer in ((b"\0AUTH EXTERNAL ", b"OK 0123\r\n"), (b"NEGOTIATE_UNIX_FD", b"AGREE_UNIX_FD\r\n")):
            assert self.socket.recv(200).startswith(start)
            self.socket.sendall(answer)
        assert self.socket.recv(7) == b"BEGIN\r\n"

    def call(self, member: str, body: bytes, *, interface: str = LISTENER, flags: int = NO_REPLY, fd: int = -1) -> None:
        """Call a method of the listener."""
        fields: dict[FieldCode, str | int] = {
            FieldCode.PATH: "/org/qemu/Display1/Listener",
            FieldCode.INTERFACE: interface,
            FieldCode.MEMBER: member,
        }
        if fd >= 0:
            fields[FieldCode.UNIX_FDS] = 1
        data = encode(Kind.CALL, 9, fields, body, flags)
        if fd < 0:
            self.socket.sendall(data)
        else:
            socket.send_fds(self.socket, [data], [fd])

    def answer(self) -> tuple[int, dict[int, str | int], bytes]:
        """Kind, fields and body of the next message."""
        fixed = read_fixed(self._read(FIXED_BYTES))
        fields = read_fields(self._read(fixed.padded_fields_bytes)[: fixed.fields_bytes])
        return fixed.kind, fields, self._read(fixed.body_bytes)

    def _read(self, length: int) -> bytes:
        data = b""
        while len(data) < length:
            part = self.socket.recv(length - len(data))
            assert part, "the listener closed its socket"
            data += part
        return data


class ListenerLoop:
    """An event loop in a thread, so that tests may wait for a socket while a listener serves its other end."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="listener's loop")
        self._thread.start()

    def call(self, function: Callable[[], None]) -> None:
        """Call it in the loop, and wait for that."""

        async def in_the_loop() -> None:
            function()

        asyncio.run_coroutine_threadsafe(in_the_loop(), self._loop).result(5)

    def stop(self) -> None:
        """End the loop and its thread."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()


@contextlib.contextmanager
def serving(listener: Listener) -> Iterator[None]:
    """Start a listener, and close it at the end."""
    loop = ListenerLoop()
    loop.call(listener.start)
    try:
        yield
    finally:
        loop.call(listener.close)
        loop.stop()


class ListeningDisplay:
    """A display listener with its peer."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        self.peer = Peer(theirs)
        self.screen = Screen()
        self.changed = threading.Event()
        self.ended = threading.Event()
        self.error: Exception | None = None
        self.listener = DisplayListener(self.screen, ours, self.changed.set, self._end)

    def _end(self, error: Exception) -> None:
        self.error = error
        self.ended.set()

    def wait(self) -> None:
        """Until the listener has handled a call."""
        assert self.changed.wait(5)
        self.changed.clear()


@contextlib.contextmanager
def running_display() -> Iterator[ListeningDisplay]:
    """One, closed at the end."""
    display = ListeningDisplay()
    with serving(display.listener):
        yield display
    display.peer.socket.close()


def wait_for(condition: Callable[[], bool], seconds: float = 5.0) -> bool:
    """Whether the condition came true in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.001)
    return False
