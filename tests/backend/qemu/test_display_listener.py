"""The display listener against a peer that speaks like QEMU, and one that sends nonsense."""

import os
import struct
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from backend.qemu.dbus_wire import Kind
from backend.qemu.display_listener import UNIX_MAP
from tests.backend.qemu.listener_peer import ListeningDisplay, running_display, wait_for

X8R8G8B8 = 0x2002_0888


@pytest.fixture
def display() -> Iterator[ListeningDisplay]:
    with running_display() as display:
        yield display


def scanout(width: int, height: int, value: int) -> bytes:
    data = bytes([value]) * (width * height * 4)
    return struct.pack("<IIIII", width, height, width * 4, X8R8G8B8, len(data)) + data


def test_copies_fill_the_screen(display: ListeningDisplay) -> None:
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


def test_a_shared_picture_is_mapped_acknowledged_and_copied(display: ListeningDisplay) -> None:
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


def test_the_hardware_cursor_is_shown(display: ListeningDisplay) -> None:
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
def test_nonsense_ends_the_listener_with_a_reason(
    display: ListeningDisplay, member: str, body: bytes, words: str
) -> None:
    display.peer.authenticate()
    display.peer.call(member, body)
    assert display.ended.wait(5)
    assert words in str(display.error)


@hypothesis_settings(max_examples=60)
@given(
    st.sampled_from(["Scanout", "Update", "ScanoutMap", "UpdateMap", "MouseSet", "CursorDefine"]),
    st.binary(max_size=80),
)
def test_any_body_is_taken_or_ends_the_listener(member: str, body: bytes) -> None:
    with running_display() as display:
        display.peer.authenticate()
        display.peer.call(member, body)
        assert wait_for(lambda: display.changed.is_set() or display.ended.is_set())


def test_descriptors_of_refused_messages_are_closed(display: ListeningDisplay) -> None:
    display.peer.authenticate()
    fd = os.memfd_create("too short")
    before = len(os.listdir("/proc/self/fd"))
    display.peer.call(
        "ScanoutMap", struct.pack("<IIIIII", 0, 0, 8, 8, 32, X8R8G8B8), interface=UNIX_MAP, flags=0, fd=fd
    )
    assert display.ended.wait(5)
    os.close(fd)
    assert wait_for(lambda: len(os.listdir("/proc/self/fd")) < before)
