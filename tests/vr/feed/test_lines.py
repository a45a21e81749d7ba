"""Lines over a socket that nobody waits for."""

import socket
from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loco_kiosk.client.vr_messages import MAX_LINE_BYTES
from vr.feed.lines import LineSocket


@pytest.fixture
def pair() -> Iterator[tuple[LineSocket, socket.socket, Counter[str]]]:
    near, far = socket.socketpair()
    drops: Counter[str] = Counter()
    lines = LineSocket(near, drops)
    yield lines, far, drops
    lines.close()
    far.close()


Pair = tuple[LineSocket, socket.socket, Counter[str]]


def test_nothing_to_read_takes_no_time_and_is_no_end(pair: Pair) -> None:
    lines, _, _ = pair
    assert lines.receive() == []
    assert not lines.ended


@given(st.lists(st.binary(max_size=40).map(lambda line: line.replace(b"\n", b"")), max_size=8), st.data())
def test_lines_come_whole_however_they_are_cut(texts: list[bytes], data: st.DataObject) -> None:
    near, far = socket.socketpair()
    with near, far:
        lines = LineSocket(near, Counter())
        stream, got = b"".join(text + b"\n" for text in texts), []
        while stream:
            cut = data.draw(st.integers(1, len(stream)))
            far.sendall(stream[:cut])
            stream = stream[cut:]
            got += lines.receive()
        assert got == texts


def test_a_line_too_long_is_dropped_and_the_next_one_read(pair: Pair) -> None:
    lines, far, drops = pair
    got: list[bytes] = []
    for piece in [b"x" * 50_000] * (3 * MAX_LINE_BYTES // 50_000) + [b"xx\nnext\n"]:
        far.sendall(piece)
        got += lines.receive()
    assert got == [b"next"]
    assert drops["long line"] == 1


def test_what_cannot_be_sent_waits_and_then_is_dropped(pair: Pair) -> None:
    lines, far, drops = pair
    line = b"x" * 1000 + b"\n"
    for _ in range(2000):
        lines.send(line)
    assert drops["line not sent"] > 0
    assert not lines.ended
    received = bytearray()
    far.settimeout(1.0)
    while len(received) < (2000 - drops["line not sent"]) * len(line):
        received += far.recv(1 << 20)
        lines.flush()
    assert received == line * (2000 - drops["line not sent"])


def test_the_last_lines_before_the_end_are_read(pair: Pair) -> None:
    lines, far, drops = pair
    far.sendall(b"one\ntwo\nhalf")
    far.close()
    assert lines.receive() == [b"one", b"two"]
    lines.receive()
    assert lines.ended
    lines.send(b"three\n")
    assert drops["line not sent"] == 1


def test_an_end_while_sending_is_noticed(pair: Pair) -> None:
    lines, far, _ = pair
    far.close()
    lines.send(b"one\n")
    assert lines.ended
