import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from backend.lan.connection import Connection
from backend.lan.framing import length_of


@asynccontextmanager
async def connected(queue_bytes: int = 100_000) -> AsyncIterator[tuple[Connection, socket.socket]]:
    """One on a socket whose other end the test holds."""
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    _, connection = await asyncio.get_running_loop().create_connection(
        lambda: Connection(queue_bytes=queue_bytes), sock=ours
    )
    try:
        yield connection, theirs
    finally:
        connection.abort()
        theirs.close()
        await connection.ended


async def test_frames_come_whole_and_leave_with_their_length() -> None:
    async with connected() as (connection, other):
        frames: asyncio.Queue[bytes] = asyncio.Queue()
        connection.on_frame = frames.put_nowait
        loop = asyncio.get_running_loop()
        await loop.sock_sendall(other, length_of(3) + b"abc" + length_of(2) + b"d")
        assert await frames.get() == b"abc"
        await loop.sock_sendall(other, b"e")
        assert await frames.get() == b"de"
        assert connection.send(b"one")
        assert connection.send(b"two")
        assert await loop.sock_recv(other, 100) == length_of(3) + b"one" + length_of(3) + b"two"


async def test_a_peer_that_does_not_read_costs_no_more_than_its_bound() -> None:
    async with connected(queue_bytes=300_000) as (connection, other):
        taken = 0
        while connection.send(bytes(1500)) or taken == 0:
            taken += 1
            await asyncio.sleep(0)
        assert taken < 2000
        assert not connection.send(bytes(1500))
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(5):
            while not connection.send(bytes(1500)):
                await loop.sock_recv(other, 100_000)


async def test_a_stream_that_is_out_of_step_is_closed_and_the_reason_told() -> None:
    async with connected() as (connection, other):
        await asyncio.get_running_loop().sock_sendall(other, b"GET / HTTP/1.1\r\n")
        async with asyncio.timeout(5):
            error = await asyncio.shield(connection.ended)
        assert error is not None
        assert "no stream of Ethernet frames" in str(error)


async def test_what_was_sent_still_leaves_when_it_is_closed() -> None:
    async with connected() as (connection, other):
        connection.send(b"goodbye")
        connection.close()
        loop = asyncio.get_running_loop()
        assert await loop.sock_recv(other, 100) == length_of(7) + b"goodbye"
        assert await loop.sock_recv(other, 100) == b""
        assert not connection.send(b"more")


async def test_the_kernel_sends_at_once_and_watches_a_distant_peer() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        socket.create_connection(listener.getsockname()) as dialled,
    ):
        accepted, _ = listener.accept()
        _, connection = await asyncio.get_running_loop().create_connection(
            lambda: Connection(queue_bytes=1000), sock=accepted
        )
        assert accepted.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) > 0
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1
        assert connection.peer == f"127.0.0.1:{dialled.getsockname()[1]}"
        connection.abort()
        await connection.ended
