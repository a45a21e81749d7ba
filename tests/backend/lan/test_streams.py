import asyncio
import os
import socket
from pathlib import Path

import pytest

from backend.contract.tasks import TaskScope
from backend.lan.addresses import Address
from backend.lan.errors import ListenError
from backend.lan.framing import length_of
from backend.lan.stream_port import StreamPort
from backend.lan.streams import connect, dial, listen, take_in
from tests.backend.lan.wires import frame, until


async def test_a_qemu_that_listens_is_dialled_again_whenever_it_comes_back(runs: Path) -> None:
    heard: list[bytes] = []
    port, tasks = StreamPort(1, "instance-0", lambda _port, data, _now_s: heard.append(data)), TaskScope("test")
    address = Address(path=str(runs / "qemu.sock"))
    tasks.spawn(dial(port, address, queue_frames=16), "dial")
    loop = asyncio.get_running_loop()
    for start in range(3):
        with socket.socket(socket.AF_UNIX) as listener:
            listener.setblocking(False)
            listener.bind(address.path)
            listener.listen()
            async with asyncio.timeout(5):
                guest, _ = await loop.sock_accept(listener)
            with guest:
                await loop.sock_sendall(guest, length_of(60) + frame(1))
                await until(lambda: len(heard) > start, "the frame")  # noqa: B023 - used at once
        os.unlink(address.path)
    await tasks.close()
    assert not port.connected


async def test_a_qemu_that_dials_is_taken_in_again_and_again(runs: Path) -> None:
    port, tasks = StreamPort(1, "instance-0", lambda *_: None), TaskScope("test")
    address = Address(path=str(runs / "switch.sock"))
    server = await listen(address, "accept", take_in(tasks, port), queue_frames=16)
    for _ in range(2):
        connection = await connect(address, queue_frames=16)
        await until(lambda: port.connected, "the connection")
        connection.abort()
        await until(lambda: not port.connected, "its end")
    server.close()
    await tasks.close()


async def test_tcp_serves_as_well() -> None:
    port, tasks = StreamPort(1, "instance-0", lambda *_: None), TaskScope("test")
    server = await listen(Address("127.0.0.1", 0), "accept", take_in(tasks, port), queue_frames=16)
    host, number = server.sockets[0].getsockname()
    connection = await connect(Address(host, number), queue_frames=16)
    frames: asyncio.Queue[bytes] = asyncio.Queue()
    connection.on_frame = frames.put_nowait
    await until(lambda: port.send(frame(2, 1)), "the connection")
    assert await frames.get() == frame(2, 1)
    connection.abort()
    server.close()
    await tasks.close()


async def test_an_address_that_cannot_be_listened_on_is_told(runs: Path) -> None:
    port, tasks = StreamPort(1, "instance-0", lambda *_: None), TaskScope("test")
    with pytest.raises(ListenError, match="'accept'"):
        await listen(Address(path=str(runs / "no" / "where")), "accept", take_in(tasks, port), queue_frames=16)
