"""Listeners against a peer that speaks like QEMU, and peers that do not."""

import contextlib
import os
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from backend.qemu.audio_listener import AudioListener
from backend.qemu.dbus_wire import FIXED_BYTES, NO_REPLY, FieldCode, Kind, encode, read_fields, read_fixed, string_body
from backend.qemu.display_listener import LISTENER, UNIX_MAP, DisplayListener
from backend.qemu.screen import Screen
from backend.qemu.sound import Sound

X8R8G8B8 = 0x2002_0888


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


class Display:
    """A display listener with its peer."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        self.peer = Peer(theirs)
        self.screen = Screen()
        self.changed = threading.Event()
        self.ended = threading.Event()
        self.error: Exception | None = None
        self.listener = DisplayListener(self.screen, ours, self.changed.set, self._end)
        self.listener.start()

    def _end(self, error: Exception) -> None:
        self.error = error
        self.ended.set()

    def wait(self) -> None:
        """Until the listener has handled a call."""
        assert self.changed.wait(5)
        self.changed.clear()


@pytest.fixture
def display() -> Iterator[Display]:
    with running_display() as display:
        yield display


@contextlib.contextmanager
def running_display() -> Iterator[Display]:
    display = Display()
    yield display
    display.listener.close()
    display.peer.socket.close()


def scanout(width: int, height: int, value: int) -> bytes:
    data = bytes([value]) * (width * height * 4)
    return struct.pack("<IIIII", width, height, width * 4, X8R8G8B8, len(data)) + data


def test_copies_fill_the_screen(display: Display) -> None:
    display.peer.authenticate()
    display.peer.call("Scanout", scanout(8, 4, 1))
    display.wait()
    update = struct.pack("<iiiiIII", 2, 1, 3, 2, 12, X8R8G8B8, 24) + b"\7" * 24
    display.peer.call("Update", update)
    display.wait()
    damage = display.screen.take()
    assert damage is not None
    assert damage.pixels[1, 2].tolist() == [7, 7, 7, 7]
    assert damage.pixels[0, 0, 0] == 1


def test_a_shared_picture_is_mapped_acknowledged_and_copied(display: Display) -> None:
    display.peer.authenticate()
    fd = os.memfd_create("picture")
    os.write(fd, bytes(4096) + b"\5" * (16 * 8 * 4))
    display.peer.call(
        "ScanoutMap", struct.pack("<IIIIII", 0, 4096, 16, 8, 64, X8R8G8B8), interface=UNIX_MAP, flags=0, fd=fd
    )
    assert display.peer.answer()[0] == Kind.RETURN
    display.wait()
    damage = display.screen.take()
    assert damage is not None
    assert damage.pixels.shape == (8, 16, 4)
    assert damage.pixels.min() == 5
    os.pwrite(fd, b"\6" * 64, 4096 + 2 * 64)
    display.peer.call("UpdateMap", struct.pack("<iiii", 0, 2, 16, 1), interface=UNIX_MAP)
    display.wait()
    os.close(fd)
    damage = display.screen.take()
    assert damage is not None
    assert (damage.top, damage.bottom) == (2, 3)


def test_the_hardware_cursor_is_shown(display: Display) -> None:
    display.peer.authenticate()
    display.peer.call("Scanout", scanout(8, 8, 0))
    display.wait()
    display.peer.call("CursorDefine", struct.pack("<iiiiI", 2, 2, 1, 1, 16) + b"\xff" * 16)
    display.wait()
    display.peer.call("MouseSet", struct.pack("<iii", 4, 5, 1))
    display.wait()
    damage = display.screen.take()
    assert damage is not None
    assert np.argwhere(damage.pixels[..., 0] == 255).tolist() == [[4, 3], [4, 4], [5, 3], [5, 4]]


def test_qemu_learns_that_pictures_can_be_shared(display: Display) -> None:
    display.peer.authenticate()
    properties = "org.freedesktop.DBus.Properties"
    display.peer.call("GetAll", string_body(LISTENER), interface=properties, flags=0)
    kind, fields, body = display.peer.answer()
    assert kind == Kind.RETURN
    assert fields[FieldCode.SIGNATURE] == "a{sv}"
    assert UNIX_MAP.encode() in body
    display.peer.call("GetAll", string_body(UNIX_MAP), interface=properties, flags=0)
    assert display.peer.answer()[2] == bytes(8)


def test_an_unknown_method_is_refused_and_the_listener_goes_on(display: Display) -> None:
    display.peer.authenticate()
    display.peer.call("ScanoutDMABUF", b"", flags=0)
    assert display.peer.answer()[0] == Kind.ERROR
    display.peer.call("Scanout", scanout(8, 4, 1))
    display.wait()


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda peer: peer.socket.sendall(b"GET / HTTP/1.1\r\n\r\n"), "expected b'OK'"),
        (lambda peer: peer.socket.sendall(b"x" * 2000), "broke off"),
        (lambda peer: peer.socket.close(), "broke off|authentication failed"),
    ],
)
def test_a_peer_that_is_not_qemu_ends_the_listener_with_a_reason(
    display: Display, act: Callable[[Peer], None], words: str
) -> None:
    act(display.peer)
    assert display.ended.wait(5)
    assert any(word in str(display.error) for word in words.split("|"))


@pytest.mark.parametrize(
    ("member", "body", "words"),
    [
        ("Scanout", b"", "carries only 0 bytes"),
        ("Scanout", struct.pack("<IIIII", 8, 4, 32, X8R8G8B8, 128), "announces 128 bytes"),
        ("Scanout", struct.pack("<IIIII", 8, 4, 32, X8R8G8B8, 4) + bytes(4), "does not fit"),
        ("Scanout", struct.pack("<IIIII", 8, 4, 16, X8R8G8B8, 128) + bytes(128), "does not fit"),
        ("Scanout", struct.pack("<IIIII", 60_000, 60_000, 1, X8R8G8B8, 4) + bytes(4), "60000 x 60000"),
        ("Scanout", struct.pack("<IIIII", 8, 4, 32, 0x1234, 128) + bytes(128), "format 0x00001234"),
        ("Update", struct.pack("<iiiiIII", -1, 0, 1, 1, 4, X8R8G8B8, 4) + bytes(4), "at -1, 0"),
        ("Update", struct.pack("<iiiiIII", 8000, 8000, 1, 1, 4, X8R8G8B8, 4) + bytes(4), "at 8000, 8000"),
        ("UpdateMap", struct.pack("<iiii", 0, 0, 1, 1), "has not sent"),
        ("ScanoutMap", struct.pack("<IIIIII", 0, 0, 8, 8, 32, X8R8G8B8), "no descriptor"),
        ("CursorDefine", struct.pack("<iiiiI", 9999, 9999, 0, 0, 4) + bytes(4), "cursor of 9999"),
    ],
)
def test_nonsense_ends_the_listener_with_a_reason(display: Display, member: str, body: bytes, words: str) -> None:
    display.peer.authenticate()
    display.peer.call(member, body)
    assert display.ended.wait(5)
    assert words in str(display.error)


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(["Scanout", "Update", "ScanoutMap", "UpdateMap", "MouseSet", "CursorDefine"]),
    st.binary(max_size=80),
)
def test_any_body_is_taken_or_ends_the_listener(member: str, body: bytes) -> None:
    with running_display() as display:
        display.peer.authenticate()
        display.peer.call(member, body)
        assert wait_for(lambda: display.changed.is_set() or display.ended.is_set())


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(min_size=1, max_size=100))
def test_garbage_never_leaves_a_thread_behind(garbage: bytes) -> None:
    before = threading.active_count()
    with running_display() as display:
        display.peer.authenticate()
        display.peer.socket.sendall(garbage)
        display.peer.socket.close()
        assert display.ended.wait(5)
    assert wait_for(lambda: threading.active_count() <= before)


def test_descriptors_of_refused_messages_are_closed(display: Display) -> None:
    display.peer.authenticate()
    fd = os.memfd_create("too short")
    before = len(os.listdir("/proc/self/fd"))
    display.peer.call(
        "ScanoutMap", struct.pack("<IIIIII", 0, 0, 8, 8, 32, X8R8G8B8), interface=UNIX_MAP, flags=0, fd=fd
    )
    assert display.ended.wait(5)
    os.close(fd)
    assert wait_for(lambda: len(os.listdir("/proc/self/fd")) < before)


def wait_for(condition: Callable[[], bool], seconds: float = 5.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.001)
    return False


@pytest.mark.parametrize(("rate_hz", "dropped"), [(48_000, {}), (44_100, {"format": 480})])
def test_sound_of_the_right_format_is_kept_and_other_is_counted(rate_hz: int, dropped: dict[str, int]) -> None:
    ours, theirs = socket.socketpair()
    peer, sound, heard, ended = Peer(theirs), Sound(), threading.Event(), threading.Event()
    listener = AudioListener(sound, ours, heard.set, lambda _: ended.set())
    listener.start()
    peer.authenticate()
    init = struct.pack("<QB3xIIIB3xIII", 1, 16, 1, 0, rate_hz, 2, 4, rate_hz * 4, 0)
    interface = "org.qemu.Display1.AudioOutListener"
    peer.call("Init", init, interface=interface, flags=0)
    assert peer.answer()[0] == Kind.RETURN
    peer.call("SetEnabled", struct.pack("<QI", 1, 1), interface=interface, flags=0)
    assert peer.answer()[0] == Kind.RETURN
    peer.call("Write", struct.pack("<QI", 1, 1920) + b"\1\0" * 960, interface=interface, flags=0)
    assert peer.answer()[0] == Kind.RETURN
    taken = sound.take()
    assert sound.drops == dropped
    assert (taken is None) == bool(dropped)
    peer.socket.close()
    assert ended.wait(5)
    listener.close()
