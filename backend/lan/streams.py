"""QEMUs with ``-netdev stream``: the switch connects to those that listen, and takes in those that connect."""

import asyncio
import functools
from collections.abc import Callable

from backend.contract.retry import Backoff, forever
from backend.contract.tasks import TaskScope
from backend.lan.addresses import Address, listening_socket
from backend.lan.connection import Connection
from backend.lan.stream_port import StreamPort

BACKOFF = Backoff(initial_s=0.1, maximum_s=1.0)
"""Guests shall talk again within two seconds, whichever end restarted."""
FRAME_BYTES = 1600
"""What a waiting frame takes, for bounds that people count in frames."""

Accepted = Callable[[Connection], None]


async def connect(address: Address, *, queue_frames: int) -> Connection:
    """Connect once.

    Raises:
        OSError: nobody listens there, or it cannot be reached.
    """
    loop = asyncio.get_running_loop()
    make = functools.partial(Connection, queue_bytes=queue_frames * FRAME_BYTES)
    if address.path:
        _, connection = await loop.create_unix_connection(make, address.path)
    else:
        async with asyncio.timeout(5.0):
            _, connection = await loop.create_connection(make, address.host, address.port)
    return connection


async def dial(port: StreamPort, address: Address, *, queue_frames: int) -> None:
    """Keep ``port`` connected with what listens at ``address``, until cancelled."""

    async def attempt(healthy: Callable[[], None]) -> None:
        connection = await connect(address, queue_frames=queue_frames)
        healthy()
        await port.serve(connection)

    name = f"port {port.number} ({port.name}) to {address}"
    await forever(name, attempt, failures=(OSError, TimeoutError), backoff=BACKOFF)


async def listen(address: Address, setting: str, accepted: Accepted, *, queue_frames: int) -> asyncio.Server:
    """Take in connections at ``address``.

    Raises:
        ListenError: it cannot be used.
    """
    listener = listening_socket(address, setting)
    make = functools.partial(Connection, queue_bytes=queue_frames * FRAME_BYTES, on_open=accepted)
    loop = asyncio.get_running_loop()
    if address.path:
        return await loop.create_unix_server(make, sock=listener)
    return await loop.create_server(make, sock=listener)


def take_in(tasks: TaskScope, port: StreamPort) -> Accepted:
    """For :func:`listen` where each connection is ``port``."""

    def accepted(connection: Connection) -> None:
        tasks.spawn(port.serve(connection), f"port {port.number}")

    return accepted
