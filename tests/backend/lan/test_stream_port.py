import asyncio
import socket

from backend.contract.lan import PortState
from backend.contract.tasks import TaskScope
from backend.lan.connection import Connection
from backend.lan.framing import length_of
from backend.lan.stream_port import StreamPort
from tests.backend.lan.wires import frame, until


async def plug(tasks: TaskScope, port: StreamPort, queue_bytes: int = 100_000) -> socket.socket:
    """Connect the port; returns the other end."""
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    _, connection = await asyncio.get_running_loop().create_connection(
        lambda: Connection(queue_bytes=queue_bytes), sock=ours
    )
    tasks.spawn(port.serve(connection), "port")
    await until(lambda: port.connected, "the connection")
    return theirs


async def test_frames_go_both_ways_and_the_end_is_noticed() -> None:
    heard: list[bytes] = []
    port, tasks = StreamPort(1, "instance-0", lambda _port, data, _now_s: heard.append(data)), TaskScope("test")
    assert not port.send(frame(2, 1))
    assert port.drops == {"down": 1}
    with await plug(tasks, port) as other:
        loop = asyncio.get_running_loop()
        await loop.sock_sendall(other, length_of(60) + frame(1))
        await until(lambda: heard == [frame(1)], "the frame")
        assert port.send(frame(2, 1))
        assert await loop.sock_recv(other, 1000) == length_of(60) + frame(2, 1)
    await until(lambda: port.state is PortState.DOWN, "the end of the connection")
    await tasks.close()


async def test_the_newest_connection_wins() -> None:
    port, tasks = StreamPort(1, "instance-0", lambda *_: None), TaskScope("test")
    loop = asyncio.get_running_loop()
    with await plug(tasks, port) as old, await plug(tasks, port) as new:
        async with asyncio.timeout(5):
            assert await loop.sock_recv(old, 10) == b""
        assert port.send(frame(2, 1))
        assert await loop.sock_recv(new, 1000) == length_of(60) + frame(2, 1)
        assert port.state is PortState.UP
    await tasks.close()


async def test_a_slow_reader_loses_its_own_frames() -> None:
    port, tasks = StreamPort(1, "instance-0", lambda *_: None), TaskScope("test")
    with await plug(tasks, port, queue_bytes=3000):
        taken = [port.send(bytes(1500)) for _ in range(10)]
        assert taken == [True] + [False] * 9
        assert port.drops == {"full": 9}
    await tasks.close()


async def test_the_end_of_a_link_is_told() -> None:
    port, tasks = StreamPort(1, "lan@attic", lambda *_: None), TaskScope("test")
    ended: list[bool] = []
    port.on_disconnected = lambda: ended.append(True)
    with await plug(tasks, port):
        assert not ended
    await until(lambda: ended, "the end")
    await tasks.close()


async def test_a_stream_that_is_out_of_step_is_closed_and_counted() -> None:
    port, tasks = StreamPort(1, "instance-0", lambda *_: None), TaskScope("test")
    with await plug(tasks, port) as other:
        await asyncio.get_running_loop().sock_sendall(other, b"\xff" * 8)
        await until(lambda: port.state is PortState.DOWN, "the end of the connection")
    assert port.drops == {"framing": 1}
    assert "no stream of Ethernet frames" in port.reason
    await tasks.close()
