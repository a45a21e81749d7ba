import asyncio
import os
import signal
import socket
from pathlib import Path

import pytest

from backend.local.nursery import KILLED, Nursery
from tests.backend.fake_streamer import until


def alive(pid: int) -> bool:
    """Whether a process runs; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


async def greeting(listener: socket.socket) -> bytes:
    async with asyncio.timeout(20):
        reader, writer = await asyncio.open_connection(*listener.getsockname())
        try:
            return await reader.read(5)
        finally:
            writer.close()


@pytest.fixture
def listener() -> socket.socket:
    return socket.create_server(("127.0.0.1", 0))


@pytest.mark.parametrize(
    ("arguments", "status"), [(["exit", "0"], 0), (["exit", "3"], 3), (["leave"], 4), (["raise"], 1)]
)
async def test_the_status_of_a_child_is_told(
    nursery: Nursery, listener: socket.socket, arguments: list[str], status: int
) -> None:
    with listener:
        child = await nursery.start(arguments, listener.fileno())
        async with asyncio.timeout(20):
            assert await child.wait() == status


async def test_a_child_serves_on_the_socket_that_it_was_given(nursery: Nursery, listener: socket.socket) -> None:
    with listener:
        child = await nursery.start(["greet", "{}"], listener.fileno())
        assert await greeting(listener) == b"hello"
        assert await child.wait() == 0


async def test_signals_reach_one_child_alone(nursery: Nursery, listener: socket.socket) -> None:
    with listener:
        one = await nursery.start(["sleep"], listener.fileno())
        two = await nursery.start(["sleep"], listener.fileno())
        one.send_signal(signal.SIGTERM)
        async with asyncio.timeout(20):
            assert await one.wait() == -signal.SIGTERM
        one.send_signal(signal.SIGTERM)
        assert alive(two.pid)


async def test_children_die_with_the_nursery_which_then_starts_anew(nursery: Nursery, listener: socket.socket) -> None:
    with listener:
        child = await nursery.start(["sleep"], listener.fileno())
        os.kill(parent(child.pid), signal.SIGKILL)
        async with asyncio.timeout(20):
            assert await child.wait() == KILLED
        await until(lambda: not alive(child.pid))
        again = await nursery.start(["exit", "5"], listener.fileno())
        async with asyncio.timeout(20):
            assert await again.wait() == 5


async def test_closing_leaves_nothing(nursery: Nursery, listener: socket.socket) -> None:
    with listener:
        child = await nursery.start(["stubborn", "{}"], listener.fileno())
        assert await greeting(listener) == b"deaf"
        await nursery.close()
        await until(lambda: not alive(child.pid))


async def test_a_module_that_does_not_exist_is_a_failure_and_no_hang(
    environment: dict[str, str], listener: socket.socket
) -> None:
    nursery = Nursery("no_such_module", environment)
    with listener:
        async with asyncio.timeout(20):
            with pytest.raises(OSError, match="died"):
                await nursery.start(["sleep"], listener.fileno())
        await nursery.close()
