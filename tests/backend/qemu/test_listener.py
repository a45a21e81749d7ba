"""A listener against a peer that speaks like QEMU, and peers that do not."""

import os
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from backend.qemu.dbus_wire import FieldCode, Kind, string_body
from backend.qemu.display_listener import LISTENER, UNIX_MAP
from tests.backend.qemu.listener_peer import ListeningDisplay, Peer, running_display, wait_for


@pytest.fixture
def display() -> Iterator[ListeningDisplay]:
    with running_display() as display:
        yield display


def test_qemu_learns_that_pictures_can_be_shared(display: ListeningDisplay) -> None:
    display.peer.authenticate()
    properties = "org.freedesktop.DBus.Properties"
    display.peer.call("GetAll", string_body(LISTENER), interface=properties, flags=0)
    kind, fields, body = display.peer.answer()
    assert kind == Kind.RETURN
    assert fields[FieldCode.SIGNATURE] == "a{sv}"
    assert UNIX_MAP.encode() in body
    display.peer.call("GetAll", string_body(UNIX_MAP), interface=properties, flags=0)
    assert display.peer.answer()[2] == bytes(8)


def test_an_unknown_method_is_refused_and_the_listener_goes_on(display: ListeningDisplay) -> None:
    display.peer.authenticate()
    display.peer.call("ScanoutDMABUF", b"", flags=0)
    assert display.peer.answer()[0] == Kind.ERROR
    display.peer.call("Disable", b"")
    display.wait()


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda peer: peer.socket.sendall(b"GET / HTTP/1.1\r\n\r\n"), "expected b'OK'"),
        (lambda peer: peer.socket.sendall(b"x" * 2000), "expected b'OK'"),
        (lambda peer: peer.socket.close(), "closed the D-Bus connection|connection broke"),
    ],
)
def test_a_peer_that_is_not_qemu_ends_the_listener_with_a_reason(
    display: ListeningDisplay, act: Callable[[Peer], None], words: str
) -> None:
    act(display.peer)
    assert display.ended.wait(5)
    assert any(word in str(display.error) for word in words.split("|"))


@hypothesis_settings(max_examples=60)
@given(st.binary(min_size=1, max_size=100))
def test_garbage_ends_it_and_leaves_no_descriptor_behind(garbage: bytes) -> None:
    with running_display() as display:
        before = len(os.listdir("/proc/self/fd"))
        display.peer.authenticate()
        display.peer.socket.sendall(garbage)
        display.peer.socket.close()
        assert display.ended.wait(5)
        assert wait_for(lambda: len(os.listdir("/proc/self/fd")) == before - 2)
