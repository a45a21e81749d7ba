"""A listener's socket: messages in pieces, descriptors, and peers that break off."""

import os
import select
import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import replace

import pytest

from backend.qemu.dbus_socket import DbusSocket
from backend.qemu.dbus_wire import FieldCode, Kind, Message, encode
from backend.qemu.errors import DisplayError
from tests.backend.qemu.listener_peer import Peer

CALL: dict[FieldCode, str | int] = {FieldCode.MEMBER: "Update"}


class Pair:
    """Both ends of one connection, logged in unless said otherwise."""

    def __init__(self, *, logged_in: bool = True) -> None:
        ours, theirs = socket.socketpair()
        self.ours, self.peer = DbusSocket(ours), Peer(theirs)
        self._arrived: deque[Message] = deque()
        if logged_in:
            self.log_in()

    def log_in(self) -> None:
        """Both sides."""
        server = threading.Thread(target=self.peer.authenticate)
        server.start()
        self.ours.log_in()
        while server.is_alive():
            self.look()
            server.join(0.001)

    def look(self, timeout_s: float = 0.0) -> None:
        """Read what is there."""
        if select.select([self.ours], [], [], timeout_s)[0]:
            self._arrived.extend(copied(message) for message in self.ours.read())

    def receive(self) -> Message:
        """The next message."""
        deadline = time.monotonic() + 5
        while not self._arrived:
            assert time.monotonic() < deadline, "no message"
            self.look(0.1)
        return self._arrived.popleft()


def copied(message: Message) -> Message:
    """With a body of its own, which the next read leaves alone."""
    return replace(message, body=memoryview(bytes(message.body)))


@pytest.fixture
def pair() -> Iterator[Pair]:
    pair = Pair()
    yield pair
    pair.ours.close()
    pair.peer.socket.close()


def test_it_logs_in_as_this_user_and_takes_what_follows_at_once() -> None:
    pair = Pair(logged_in=False)
    pair.ours.log_in()
    for start, answer in ((b"\0AUTH EXTERNAL ", b"OK 0123\r\n"), (b"NEGOTIATE_UNIX_FD", b"AGREE_UNIX_FD\r\n")):
        assert pair.peer.socket.recv(200).startswith(start)
        follows = b"" if start.startswith(b"\0") else encode(Kind.CALL, 7, CALL)
        pair.peer.socket.sendall(answer + follows)
        pair.look(5)
    assert pair.peer.socket.recv(7) == b"BEGIN\r\n"
    assert pair.receive().serial == 7
    pair.ours.close()
    pair.peer.socket.close()


def test_nothing_to_read_is_no_error(pair: Pair) -> None:
    assert list(pair.ours.read()) == []


def test_a_message_in_pieces_arrives_whole(pair: Pair) -> None:
    data = encode(Kind.CALL, 7, CALL, bytes(range(200)))

    def send_slowly() -> None:
        for byte in data:
            pair.peer.socket.sendall(bytes((byte,)))

    sender = threading.Thread(target=send_slowly)
    sender.start()
    message = pair.receive()
    sender.join(5)
    assert (message.member, message.serial, bytes(message.body)) == ("Update", 7, bytes(range(200)))


def test_a_message_longer_than_the_buffer_makes_it_larger(pair: Pair) -> None:
    body = os.urandom(100_000)
    sender = threading.Thread(target=pair.peer.socket.sendall, args=(encode(Kind.CALL, 1, CALL, body),))
    sender.start()
    assert bytes(pair.receive().body) == body
    sender.join(5)


def test_messages_that_arrive_together_are_told_apart(pair: Pair) -> None:
    bodies = [os.urandom(size) for size in (3, 40_000, 0, 30_000, 70_000, 8)]
    data = b"".join(encode(Kind.CALL, serial, CALL, body) for serial, body in enumerate(bodies, 1))
    sender = threading.Thread(target=pair.peer.socket.sendall, args=(data,))
    sender.start()
    received = []
    for _ in bodies:
        message = pair.receive()
        received.append((message.serial, bytes(message.body)))
    sender.join(5)
    assert received == list(enumerate(bodies, 1))


def test_a_descriptor_travels_with_its_message(pair: Pair) -> None:
    fd = os.memfd_create("picture")
    os.write(fd, b"pixels")
    pair.peer.socket.sendall(encode(Kind.CALL, 1, CALL))
    socket.send_fds(pair.peer.socket, [encode(Kind.CALL, 2, CALL | {FieldCode.UNIX_FDS: 1})], [fd])
    os.close(fd)
    assert pair.receive().fds == []
    (received,) = pair.receive().fds
    assert os.pread(received, 6, 0) == b"pixels"
    assert not os.get_inheritable(received)
    os.close(received)


def receive_all(pair: Pair, count: int) -> None:
    for _ in range(count):
        assert pair.receive().fds == []


def test_descriptors_that_no_message_announces_end_it_and_are_closed(pair: Pair) -> None:
    ours, theirs = os.pipe()
    for _ in range(5):
        socket.send_fds(pair.peer.socket, [encode(Kind.CALL, 1, CALL)], [theirs])
    os.close(theirs)
    with pytest.raises(DisplayError, match="descriptors that none"):
        receive_all(pair, 5)
    pair.ours.close()
    with os.fdopen(ours, "rb") as pipe:
        assert pipe.read() == b"", "nobody holds its other end any more"


def test_answers_name_the_call_that_they_answer(pair: Pair) -> None:
    pair.peer.socket.sendall(encode(Kind.CALL, 41, CALL))
    message = pair.receive()
    pair.ours.reply(message, struct.pack("<I", 5), "u")
    kind, fields, body = pair.peer.answer()
    assert (kind, fields[FieldCode.REPLY_SERIAL], fields[FieldCode.SIGNATURE], body[0]) == (Kind.RETURN, 41, "u", 5)
    pair.ours.refuse(message)
    kind, fields, _ = pair.peer.answer()
    assert kind == Kind.ERROR
    assert str(fields[FieldCode.ERROR_NAME]).endswith("UnknownMethod")


@pytest.mark.parametrize("length", [0, 5, 20, 40])
def test_a_peer_that_breaks_off_is_an_error_with_words(pair: Pair, length: int) -> None:
    pair.peer.socket.sendall(encode(Kind.CALL, 1, CALL, bytes(50))[:length])
    pair.peer.socket.close()
    with pytest.raises(DisplayError, match="closed the D-Bus connection"):
        pair.receive()


def test_an_answer_to_nobody_is_an_error_with_words(pair: Pair) -> None:
    pair.peer.socket.sendall(encode(Kind.CALL, 1, CALL))
    message = pair.receive()
    pair.peer.socket.close()
    with pytest.raises(DisplayError, match="connection broke"):
        pair.ours.reply(message)
