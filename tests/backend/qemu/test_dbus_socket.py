"""A listener's socket: messages in pieces, descriptors, and peers that break off."""

import os
import socket
import struct
import threading
from collections.abc import Iterator

import pytest

from backend.qemu.dbus_socket import DbusSocket
from backend.qemu.dbus_wire import FieldCode, Kind, encode
from backend.qemu.errors import DisplayError
from tests.backend.qemu.listener_peer import Peer

CALL: dict[FieldCode, str | int] = {FieldCode.MEMBER: "Update"}


class Pair:
    """Both ends of one connection."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        self.ours, self.peer = DbusSocket(ours), Peer(theirs)


@pytest.fixture
def pair() -> Iterator[Pair]:
    pair = Pair()
    with pair.ours, pair.peer.socket:
        yield pair


def test_it_logs_in_as_this_user(pair: Pair) -> None:
    server = threading.Thread(target=pair.peer.authenticate)
    server.start()
    pair.ours.authenticate()
    server.join(5)
    assert not server.is_alive()


def test_a_message_in_pieces_arrives_whole(pair: Pair) -> None:
    data = encode(Kind.CALL, 7, CALL, bytes(range(200)))

    def send_slowly() -> None:
        for byte in data:
            pair.peer.socket.sendall(bytes((byte,)))

    sender = threading.Thread(target=send_slowly)
    sender.start()
    message = pair.ours.receive()
    sender.join(5)
    assert (message.member, message.serial, bytes(message.body)) == ("Update", 7, bytes(range(200)))


def test_a_message_longer_than_the_buffer_makes_it_larger(pair: Pair) -> None:
    body = os.urandom(100_000)
    sender = threading.Thread(target=pair.peer.socket.sendall, args=(encode(Kind.CALL, 1, CALL, body),))
    sender.start()
    assert bytes(pair.ours.receive().body) == body
    sender.join(5)


def test_messages_that_arrive_together_are_told_apart(pair: Pair) -> None:
    bodies = [os.urandom(size) for size in (3, 40_000, 0, 30_000, 70_000, 8)]
    data = b"".join(encode(Kind.CALL, serial, CALL, body) for serial, body in enumerate(bodies, 1))
    sender = threading.Thread(target=pair.peer.socket.sendall, args=(data,))
    sender.start()
    received = []
    for _ in bodies:
        message = pair.ours.receive()
        received.append((message.serial, bytes(message.body)))
    sender.join(5)
    assert received == list(enumerate(bodies, 1))


def test_a_descriptor_travels_with_its_message(pair: Pair) -> None:
    fd = os.memfd_create("picture")
    os.write(fd, b"pixels")
    pair.peer.socket.sendall(encode(Kind.CALL, 1, CALL))
    socket.send_fds(pair.peer.socket, [encode(Kind.CALL, 2, CALL | {FieldCode.UNIX_FDS: 1})], [fd])
    os.close(fd)
    assert pair.ours.receive().fds == []
    (received,) = pair.ours.receive().fds
    assert os.pread(received, 6, 0) == b"pixels"
    assert not os.get_inheritable(received)
    os.close(received)


def test_descriptors_that_no_message_announces_end_it_and_are_closed(pair: Pair) -> None:
    ours, theirs = os.pipe()
    for _ in range(5):
        socket.send_fds(pair.peer.socket, [encode(Kind.CALL, 1, CALL)], [theirs])
    os.close(theirs)
    with pair.ours:
        for _ in range(4):
            assert pair.ours.receive().fds == []
        with pytest.raises(DisplayError, match="descriptors that none"):
            pair.ours.receive()
    with os.fdopen(ours, "rb") as pipe:
        assert pipe.read() == b"", "nobody holds its other end any more"


def test_answers_name_the_call_that_they_answer(pair: Pair) -> None:
    pair.peer.socket.sendall(encode(Kind.CALL, 41, CALL))
    message = pair.ours.receive()
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
        pair.ours.receive()


def test_an_answer_to_nobody_is_an_error_with_words(pair: Pair) -> None:
    pair.peer.socket.sendall(encode(Kind.CALL, 1, CALL))
    message = pair.ours.receive()
    pair.peer.socket.close()
    with pytest.raises(DisplayError, match="connection broke"):
        pair.ours.reply(message)


def test_a_receive_that_waits_can_be_ended_from_another_thread(pair: Pair) -> None:
    errors: list[DisplayError] = []

    def wait() -> None:
        with pytest.raises(DisplayError) as caught:
            pair.ours.receive()
        errors.append(caught.value)

    waiter = threading.Thread(target=wait)
    waiter.start()
    pair.ours.interrupt()
    waiter.join(5)
    assert len(errors) == 1
